"""``shop_locally_made``: a programme for makers from the market itself.

Source: TikTok Shop's "Shop Locally Made" in the US, 2025. Home bias: Shimp & Sharma (1987), Journal of Marketing
Research 24(3); size of origin effects, Verlegh & Steenkamp (1999), Journal of Economic Psychology 20(5): d = 0.39 on
quality and reliability, less on purchase. One d is about 1.8 in logit utility; local makers are taken to be a tenth of
the range, hence 0.39 x 1.8 / 10 = 0.07 in all, shared between taste and trust.
"""

from typing import ClassVar, Literal

from abm.base.parameters import bounds, parameter
from abm.levers.base import Capped, Sales, lever
from abm.markets.market import Market
from abm.mechanisms.preference import Preference

_MOST_LIKED = bounds(Preference.model_fields["mean"])[1] or 0.0


@lever
class ShopLocallyMade(Capped):
    """Known makers are trusted from the start, serve better, widen the range, and are liked for being local."""

    cost_item: ClassVar[str] = "programme"

    kind: Literal["shop_locally_made"] = "shop_locally_made"
    trust: float = parameter(
        0.01, ge=0, le=1, unit="level of trust", source="assumed; Verlegh & Steenkamp (1999) for the direction",
        meaning="trust lent to local makers, on top of a consumer's own (acts with trust.weight)",
    )  # fmt: skip
    service: float = parameter(
        0.002, ge=0, le=1, unit="chance", source="assumed: shorter ways, easier returns",
        meaning="how much more often a purchase is good (g goes up)",
    )  # fmt: skip
    merchants: float = parameter(
        0.1, ge=0, le=1, unit="share", source="assumed",
        meaning="how much less sales it takes for half of the merchants to join (K goes down)",
    )  # fmt: skip
    taste: float = parameter(
        0.05, ge=0, le=100, unit="utility", source="assumed; Verlegh & Steenkamp (1999) for the direction",
        meaning="liking for what is made at home",
    )  # fmt: skip
    weekly_cost: float = parameter(
        5_000_000.0, ge=0, le=1e12, unit="US$ per week", source="assumed: recruiting, checks, prominent place",
        meaning="what the programme costs",
    )  # fmt: skip

    def change(self, market: Market) -> Market:
        """Return the market with the programme."""
        bonus = self.taste + market.trust.weight * self.trust
        return market.replace(
            {
                "preference.mean": min(_MOST_LIKED, market.preference.mean + bonus),
                "trust.service_quality": min(1.0, market.trust.service_quality + self.service),
                "supply.half_saturation": market.supply.half_saturation * (1.0 - self.merchants),
            }
        )

    def cost(self, market: Market, sales: Sales, age: int) -> float:
        """Return the cost of the programme, US$."""
        return self.weekly_cost
