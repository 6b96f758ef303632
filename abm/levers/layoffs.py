"""``layoffs``: fewer staff look after orders and merchants.

Source: three rounds in the US in 2025, in April, on 21 May and on 2 July (observations.csv: tiktokshop_layoff_round);
more than 100 people left in the months before July (Business Insider, same series), what they had done is not known.
"""

from typing import ClassVar, Literal

from abm.base.parameters import parameter
from abm.levers.base import WEEKS_A_YEAR, Lever, Sales, lever
from abm.markets.market import Market


@lever
class Layoffs(Lever):
    """Service gets worse and merchants join more slowly, wages are saved; rounds add up."""

    cost_item: ClassVar[str] = "staff"

    kind: Literal["layoffs"] = "layoffs"
    jobs: float = parameter(
        50.0, ge=0, le=1e7, unit="jobs", source="derived: more than 100 in three rounds", meaning="jobs cut"
    )
    wage: float = parameter(
        250_000.0, ge=0, le=1e7, unit="US$ per job and year", source="assumed: US technology staff with overheads",
        meaning="what a job costs in a year",
    )  # fmt: skip
    service: float = parameter(
        0.005, ge=0, le=1, unit="chance", source="assumed",
        meaning="how much less often a purchase is good (g goes down)",
    )  # fmt: skip
    merchants: float = parameter(
        0.1, ge=0, le=1, unit="share of the rate", source="assumed",
        meaning="how much more slowly merchants join (nu goes down)",
    )  # fmt: skip

    def change(self, market: Market) -> Market:
        """Return the market with fewer staff."""
        return market.replace(
            {
                "trust.service_quality": max(0.0, market.trust.service_quality - self.service),
                "supply.rate": market.supply.rate * (1.0 - self.merchants),
            }
        )

    def cost(self, market: Market, sales: Sales, age: int) -> float:
        """Return minus the wages saved, US$."""
        return -self.jobs * self.wage / WEEKS_A_YEAR
