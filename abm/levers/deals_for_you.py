"""``deals_for_you``: an event. For a few weeks a share of consumers gets a price cut.

Source: TikTok Shop's "Deals For You Days" in the US, July 2025. Black Friday 2024 brought it US$ 100 m in a day,
against about 25 m on an average day of that year (observations.csv: tiktokshop_bf_sales, tiktokshop_gmv).
"""

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from abm.base.parameters import parameter
from abm.levers.base import Capped, Sales, lever
from abm.markets.market import Market


@lever
class DealsForYou(Capped):
    """A price cut beside the everyday price, for those whom it reaches; see ``stockpile`` for the dip afterwards."""

    cost_item: ClassVar[str] = "discounts"
    contradicts: ClassVar[Mapping[str, str]] = {
        "deals_for_you": "a consumer takes one deal at a time; make it one lever or use a subsidy"
    }

    kind: Literal["deals_for_you"] = "deals_for_you"
    discount: float = parameter(
        0.3, ge=0, le=1, unit="share of price", source="assumed; single offers advertise more",
        meaning="mean price cut, on top of the everyday price advantage",
    )  # fmt: skip
    reach: float = parameter(
        0.5, ge=0, le=1, unit="share of consumers", source="assumed",
        meaning="share of consumers who see the deals",
    )  # fmt: skip
    paid_share: float = parameter(
        1.0, ge=0, le=1, unit="share of the cut", source="assumed; sellers may pay the rest",
        meaning="share of the price cut that the platform pays",
    )  # fmt: skip

    def change(self, market: Market) -> Market:
        """Return the market with the deal."""
        return market.replace({"price.deal": self.discount, "price.deal_reach": self.reach})

    def cost(self, market: Market, sales: Sales, age: int) -> float:
        """Return the discounts given, US$."""
        return self.discount * self.paid_share * sales.deal_gmv_usd

    def expected_cost(self, market: Market, last: Sales, age: int) -> float:
        """Return the discounts of a week in which those reached buy as much as others did in the week before, US$."""
        return self.cost(market, Sales(last.gmv_usd, last.gmv_usd * self.reach), age)

    def cut(self, share: float) -> Self:
        """Return the deal with a smaller price cut."""
        return self.model_copy(update={"discount": self.discount * share})
