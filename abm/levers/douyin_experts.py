"""``douyin_experts``: managers who built Douyin's shop bring its methods to another market.

Source: TikTok moved Douyin e-commerce managers to the US business in 2025 (press reports on the layoffs of that year);
how much of a practice survives the move: Kostova (1999), Academy of Management Review 24(2). All sizes are assumed.
"""

from typing import ClassVar, Literal

from abm.base.parameters import parameter
from abm.levers.base import WEEKS_A_YEAR, Capped, Sales, lever
from abm.markets.market import Market


@lever
class DouyinExperts(Capped):
    """Live streams grow with merchants, and merchants join faster, as far as the methods fit the market."""

    cost_item: ClassVar[str] = "staff"

    kind: Literal["douyin_experts"] = "douyin_experts"
    growth: float = parameter(
        0.3, ge=0, le=1, unit="share of consumers", source="assumed; profile asia against west",
        meaning="further share who watch once all merchants have joined, if the methods fit",
    )  # fmt: skip
    merchants: float = parameter(
        0.5, ge=0, le=100, unit="share of the rate", source="assumed",
        meaning="how much faster merchants join, if the methods fit",
    )  # fmt: skip
    mismatch: float = parameter(
        0.5, ge=0, le=1, unit="share", source="assumed; Kostova (1999) for the idea",
        meaning="part of the methods that does not fit the market",
    )  # fmt: skip
    experts: float = parameter(100.0, ge=0, le=1e6, unit="people", source="assumed", meaning="experts moved")
    wage: float = parameter(
        400_000.0, ge=0, le=1e7, unit="US$ per expert and year", source="assumed: senior staff abroad",
        meaning="what an expert costs in a year",
    )  # fmt: skip

    def change(self, market: Market) -> Market:
        """Return the market with the experts' methods."""
        fit = 1.0 - self.mismatch
        return market.replace(
            {
                "livestream.growth": min(1.0, market.livestream.growth + self.growth * fit),
                "supply.rate": min(1.0, market.supply.rate * (1.0 + self.merchants * fit)),
            }
        )

    def cost(self, market: Market, sales: Sales, age: int) -> float:
        """Return the experts' wages, US$."""
        return self.experts * self.wage / WEEKS_A_YEAR
