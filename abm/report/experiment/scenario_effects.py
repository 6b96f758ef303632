"""The comparison of scenarios as the report reads it: effects by scenario and market, and which market to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from abm.analysis.effects.compare import Comparison
from abm.analysis.effects.estimate import UNKNOWN, Estimate
from abm.analysis.effects.measures import ALL
from abm.numerics.array_types import Floats
from abm.report.experiment.point_results import PointResults

_CELL = ("scenario", "market", "measure")


@dataclass(frozen=True)
class ScenarioEffects:
    """The effects of one point of a sweep."""

    effects: pd.DataFrame
    by_group: pd.DataFrame

    def of(self, scenario: str, measure: str, market: str | None = None) -> Estimate:
        """Return a measure, in the market in focus unless another is named.

        Parameters
        ----------
        scenario : str
            Name of a scenario.
        measure : str
            One of ``measures.MEASURES``.
        market : str, optional
            Name of a market.

        Returns
        -------
        Estimate
        """
        return self._estimates.get((scenario, market or self.focus, measure), UNKNOWN)

    def weeks(self, scenario: str, measure: str) -> int:
        """Return how many weeks a measure spans in the market in focus; 0 if it is unknown.

        Parameters
        ----------
        scenario : str
            Name of a scenario.
        measure : str
            One of ``measures.MEASURES``.

        Returns
        -------
        int
        """
        return self._weeks.get((scenario, self.focus, measure), 0)

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
    def _estimates(self) -> Mapping[tuple[str, str, str], Estimate]:
        rows = self.effects[[*_CELL, *Estimate._fields]].itertuples(index=False, name=None)
        return {(scenario, market, measure): Estimate(*found) for scenario, market, measure, *found in rows}

    @cached_property
    def _weeks(self) -> Mapping[tuple[str, str, str], int]:
        rows = self.effects[[*_CELL, "weeks"]].itertuples(index=False, name=None)
        return {(scenario, market, measure): int(weeks) for scenario, market, measure, weeks in rows}


def effects_at(comparison: Comparison | None, results: PointResults) -> ScenarioEffects | None:
    """Return the effects at the swept values of these results; None if there is nothing to compare.

    Parameters
    ----------
    comparison : Comparison or None
        All effects; None if there are none.
    results : PointResults
        One sweep point.

    Returns
    -------
    ScenarioEffects or None
    """
    if comparison is None or comparison.effects.empty:
        return None
    effects, by_group = (_at(table, results.swept) for table in (comparison.effects, comparison.by_group))
    return ScenarioEffects(effects, by_group) if len(effects) else None


def paths(results: PointResults, scenario: str, market: str, column: str) -> Floats:
    """Return a column as float64[replicates, weeks], summed over all markets for ``all markets``.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    scenario : str
        Name of a scenario.
    market : str
        Name of a market.
    column : str
        A column of the results table.

    Returns
    -------
    Floats
    """
    if market != ALL:
        return results.paths(scenario, market, column)
    summed: Floats = np.sum([results.paths(scenario, name, column) for name in results.markets], axis=0)
    return summed


def _at(table: pd.DataFrame, swept: Mapping[str, Any]) -> pd.DataFrame:
    for column, value in swept.items():
        if column in table:
            table = table[table[column] == value]
    return table
