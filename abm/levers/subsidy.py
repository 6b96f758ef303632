"""``subsidy``: the platform pays part of every price, until its budget is used up.

Source: TikTok Shop lost about US$ 500 m in the US in 2023, mostly subsidies (observations.csv: tiktokshop_loss).
"""

from typing import ClassVar, Literal, Self

from abm.base.parameters import parameter
from abm.levers.base import Capped, Sales, lever
from abm.markets.market import Market


@lever
class Subsidy(Capped):
    """A price cut for everybody, on top of the everyday price advantage and of any deal; subsidies add up."""

    cost_item: ClassVar[str] = "discounts"

    kind: Literal["subsidy"] = "subsidy"
    discount: float = parameter(
        0.1, ge=0, le=1, unit="share of price", source="assumed",
        meaning="share of the price that the platform pays",
    )  # fmt: skip

    def change(self, market: Market) -> Market:
        """Return the market with the subsidy."""
        return market.replace({"price.subsidy": min(1.0, market.price.subsidy + self.discount)})

    def cost(self, market: Market, sales: Sales, age: int) -> float:
        """Return the subsidy paid, US$."""
        return self.discount * sales.gmv_usd

    def cut(self, share: float) -> Self:
        """Return a smaller subsidy."""
        return self.model_copy(update={"discount": self.discount * share})
