"""``add_functions``: the app joins more functions (F goes up), for better or, with clutter, for worse.

Source: Thompson, Hamilton & Rust (2005), Journal of Marketing Research 42(4).
"""

from typing import ClassVar, Literal

from abm.base.parameters import parameter
from abm.levers.base import Lever, Sales, lever
from abm.markets.market import Market

_MOST = 100.0  # of integration.functions


@lever
class AddFunctions(Lever):
    """Payment, chat, travel ... in the same app."""

    cost_item: ClassVar[str] = "development"

    kind: Literal["add_functions"] = "add_functions"
    functions: float = parameter(
        1.0, ge=0, le=_MOST, unit="functions", source="scenario", meaning="functions added to the app"
    )
    cost_per_function: float = parameter(
        50e6, ge=0, le=1e12, unit="US$ per function", source="assumed", meaning="paid once, in the first week"
    )

    def change(self, market: Market) -> Market:
        """Return the market with the fuller app."""
        return market.replace({"integration.functions": min(_MOST, market.integration.functions + self.functions)})

    def cost(self, market: Market, sales: Sales, age: int) -> float:
        """Return the development, in the first week, US$."""
        return self.cost_per_function * self.functions if age == 0 else 0.0
