"""The levers that have a button, with the words for it."""

from typing import Any, NamedTuple


class Offer(NamedTuple):
    """A lever without market and start: it is pulled where and when the button is."""

    label: str
    meaning: str
    lever: dict[str, Any]


OFFERS = (
    Offer("Deals for you", "30 % off for half of the consumers, for 4 weeks",
          {"kind": "deals_for_you", "weeks": 4, "discount": 0.3, "reach": 0.5}),
    Offer("More live streams", "30 % more of the consumers watch live streams, from now on",
          {"kind": "livestream_investment", "reach": 0.3}),
    Offer("Shop locally made", "trust, service and supply of local makers, for 26 weeks",
          {"kind": "shop_locally_made", "weeks": 26}),
    Offer("Advertise", "more people hear of the shop each week, for 12 weeks", {"kind": "advertising", "weeks": 12}),
    Offer("Lay off staff", "worse service and slower growth, from now on", {"kind": "layoffs"}),
    Offer("Shut down", "the shop is closed for 8 weeks", {"kind": "shutdown", "weeks": 8}),
)  # fmt: skip
