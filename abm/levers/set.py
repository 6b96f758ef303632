"""``set``: any parameter takes another value for a while."""

from typing import Any, Literal, Self

from pydantic import model_validator

from abm.errors import InputError, Problem
from abm.levers.base import Lever
from abm.market import Market, check_path
from abm.mechanisms.base import parameter


class Set(Lever):
    """Replace parameters, given as dotted paths, while the window lasts."""

    kind: Literal["set"] = "set"
    values: dict[str, Any] = parameter(
        ..., unit="as the parameter", source="scenario",
        meaning="new values by dotted path, such as { \"price.discount\" = 0.3 }",
    )  # fmt: skip

    @model_validator(mode="after")
    def _values_are_allowed(self) -> Self:
        problems = [p for path in self.values if (p := check_path(path, change_in_time=True))]
        good = {path: value for path, value in self.values.items() if path not in {p.key for p in problems}}
        try:
            Market().replace(good)
        except InputError as error:
            problems += error.problems
        if not self.values:
            problems = [Problem("values", None, "needs at least one parameter")]
        if problems:
            raise ValueError("; ".join(str(problem) for problem in problems))
        return self

    def change(self, market: Market) -> Market:
        """Return the market with the new values."""
        return market.replace(self.values)
