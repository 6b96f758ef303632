"""``launch``: the shop opens in a market, at another date than the market's own.

Source: launch dates, observations.csv: tiktokshop_launch.
"""

from collections.abc import Mapping
from typing import ClassVar, Literal

from abm.base.errors import Problem
from abm.base.parameters import parameter
from abm.levers.base import Lever, Sales, lever
from abm.markets.market import Market


@lever
class Launch(Lever):
    """Takes the place of the market's own ``launch``, earlier or later; it has no end."""

    cost_item: ClassVar[str] = "entry"
    opens_shop: ClassVar[bool] = True
    contradicts: ClassVar[Mapping[str, str]] = {"shutdown": "the shop cannot open and be closed in the same week"}

    kind: Literal["launch"] = "launch"
    entry_cost: float = parameter(
        0.0, ge=0, le=1e12, unit="US$", source="scenario", meaning="paid once, in the first week"
    )

    def problems(self) -> list[Problem]:
        """Return a problem if it has an end: closing is another lever."""
        if self.weeks is None:
            return []
        return [Problem("weeks", self.weeks, "a launch has no end; close the shop with a shutdown")]

    def change(self, market: Market) -> Market:
        """Return the market as it is: the schedule opens it."""
        return market

    def cost(self, market: Market, sales: Sales, age: int) -> float:
        """Return the cost of entry, in the first week, US$."""
        return self.entry_cost if age == 0 else 0.0
