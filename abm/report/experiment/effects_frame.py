"""The comparison of scenarios as the report reads it: effects by scenario and market, and which market to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from abm.analysis.effects.compare import ALL, Comparison
from abm.report.experiment.run_frame import Floats, Results


class Outcome(NamedTuple):
    """One measure of one scenario in one market: mean of paired differences with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int
    weeks: int

    @property
    def known(self) -> bool:
        """Whether there is a value at all."""
        return not np.isnan(self.value)

    @property
    def certain(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0

    @property
    def always_zero(self) -> bool:
        """Whether the scenario changes nothing, in any replicate."""
        return self.value == self.low == self.high == 0


UNKNOWN = Outcome(np.nan, np.nan, np.nan, 0, 0)


@dataclass(frozen=True)
class Outcomes:
    """The effects of one point of a sweep."""

    effects: pd.DataFrame
    who: pd.DataFrame

    def of(self, scenario: str, measure: str, market: str | None = None) -> Outcome:
        """Return a measure, in the market in focus unless another is named."""
        return self._cells.get((scenario, market or self.focus, measure), UNKNOWN)

    @cached_property
    def scenarios(self) -> list[str]:
        """Scenarios in the order of the configuration."""
        return [str(name) for name in self.effects["scenario"].unique()]

    @cached_property
    def focus(self) -> str:
        """The market in which all levers act, or all markets together."""
        acting = self.effects.loc[self.effects["acts_here"] & (self.effects["market"] != ALL), "market"].unique()
        return str(acting[0]) if len(acting) == 1 else ALL

    def acts_in(self, scenario: str) -> list[str]:
        """Return the markets in which a scenario's levers act."""
        rows = self.effects[(self.effects["scenario"] == scenario) & self.effects["acts_here"]]
        return [str(name) for name in rows["market"].unique() if name != ALL]

    @cached_property
    def _cells(self) -> Mapping[tuple[str, str, str], Outcome]:
        columns = ["scenario", "market", "measure", "value", "low", "high", "n", "weeks"]
        return {
            (str(scenario), str(market), str(measure)): Outcome(value, low, high, int(n), int(weeks))
            for scenario, market, measure, value, low, high, n, weeks in self.effects[columns].itertuples(index=False)
        }


def outcomes_of(comparison: Comparison | None, results: Results) -> Outcomes | None:
    """Return the effects at the swept values of these results; None if there is nothing to compare."""
    if comparison is None or comparison.effects.empty:
        return None
    effects, who = (_at(table, results.swept) for table in (comparison.effects, comparison.who))
    return Outcomes(effects, who) if len(effects) else None


def paths(results: Results, scenario: str, market: str, column: str) -> Floats:
    """Return a column as float64[replicates, weeks], summed over all markets for ``all markets``."""
    if market != ALL:
        return results.paths(scenario, market, column)
    summed: Floats = np.sum([results.paths(scenario, name, column) for name in results.markets], axis=0)
    return summed


def _at(table: pd.DataFrame, swept: Mapping[str, Any]) -> pd.DataFrame:
    for column, value in swept.items():
        if column in table:
            table = table[table[column] == value]
    return table
