"""The levers that have a button on the page, with label and tooltip."""

from typing import Any, NamedTuple


class LeverButton(NamedTuple):
    """A lever without market and start: both follow from where and when the button is pressed."""

    label: str
    tooltip: str
    lever: dict[str, Any]


LEVER_BUTTONS = (
    LeverButton(
        "Deals for you",
        "30 % off for half of the consumers, for 4 weeks",
        {"kind": "deals_for_you", "weeks": 4, "discount": 0.3, "reach": 0.5},
    ),
    LeverButton(
        "More live streams",
        "30 % more of the consumers watch live streams, from now on",
        {"kind": "livestream_investment", "reach": 0.3},
    ),
    LeverButton(
        "Shop locally made",
        "trust, service and supply of local makers, for 26 weeks",
        {"kind": "shop_locally_made", "weeks": 26},
    ),
    LeverButton(
        "Advertise", "more people hear of the shop each week, for 12 weeks", {"kind": "advertising", "weeks": 12}
    ),
    LeverButton("Lay off staff", "worse service and slower growth, from now on", {"kind": "layoffs"}),
    LeverButton("Shut down", "the shop is closed for 8 weeks", {"kind": "shutdown", "weeks": 8}),
)
