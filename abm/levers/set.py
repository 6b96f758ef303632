"""``set``: any parameter takes another value for a while."""

from typing import Any, Literal

from abm.base.errors import InputError, Problem
from abm.base.parameters import parameter
from abm.levers.base import Lever, lever
from abm.markets.market import Market, check_path


@lever
class Set(Lever):
    """Replace parameters, given as dotted paths, while the window lasts."""

    kind: Literal["set"] = "set"
    values: dict[str, Any] = parameter(
        ..., unit="as the parameter", source="scenario",
        meaning="new values by dotted path, such as { \"price.discount\" = 0.3 }",
    )  # fmt: skip

    def problems(self) -> list[Problem]:
        """Return what is wrong with the new values: unknown or fixed parameters, values out of range."""
        if not self.values:
            return [Problem("values", None, "needs at least one parameter")]
        found = [problem for path in self.values if (problem := check_path(path, change_in_time=True))]
        wrong = {problem.key for problem in found}
        try:
            Market().replace({path: value for path, value in self.values.items() if path not in wrong})
        except InputError as error:
            found += error.problems
        return [problem._replace(key=f"values.{problem.key}") for problem in found]

    def change(self, market: Market) -> Market:
        """Return the market with the new values."""
        return market.replace(self.values)
