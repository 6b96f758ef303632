"""``livestream_investment``: studios, hosts and paid reach bring live streams to more consumers.

Source: reach by country, observations.csv: live_shopper_share_ecdb (China 81 %, US 40 % in 2024).
"""

from typing import ClassVar, Literal, Self

from abm.base.parameters import parameter
from abm.levers.base import Capped, Sales, lever
from abm.markets.market import Market


@lever
class LivestreamInvestment(Capped):
    """More consumers watch, whatever the merchants do (L0 goes up)."""

    cost_item: ClassVar[str] = "live streams"

    kind: Literal["livestream_investment"] = "livestream_investment"
    reach: float = parameter(
        0.1, ge=0, le=1, unit="share of consumers", source="assumed",
        meaning="further share of consumers who watch live streams",
    )  # fmt: skip
    cost_per_viewer: float = parameter(
        0.25, ge=0, le=1e6, unit="US$ per further viewer and week",
        source="assumed: about 20 paid impressions at US$ 10 a thousand, and hosts",
        meaning="studios, hosts and reach bought",
    )  # fmt: skip

    def change(self, market: Market) -> Market:
        """Return the market with more watchers."""
        return market.replace({"livestream.reach": min(1.0, market.livestream.reach + self.reach)})

    def cost(self, market: Market, sales: Sales, age: int) -> float:
        """Return what the further viewers cost, US$."""
        return self.cost_per_viewer * self.reach * market.shoppers

    def cut(self, share: float) -> Self:
        """Return a smaller effort."""
        return self.model_copy(update={"reach": self.reach * share})
