"""The phase diagram: for which values of two parameters a market has one stable state or two."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from abm.analysis.explain.path_dependence import state_job, states_of
from abm.analysis.market_run import MarketRun
from abm.analysis.result_cache import ResultCache
from abm.analysis.tipping.mean_field import mean_field
from abm.experiment.executor import Job
from abm.numerics.array_types import Floats

APART = 0.1  # of consumers: starts that end farther apart than this count as two states, and the contour is drawn here


@dataclass(frozen=True)
class Axis:
    """A parameter and its values."""

    parameter: str
    first: float
    last: float
    n: int

    @property
    def values(self) -> Floats:
        """Evenly spaced, float64[n]."""
        return np.linspace(self.first, self.last, self.n)


@dataclass(frozen=True)
class PhaseDiagram:
    """A grid over two parameters; every point is run from the low and from the high start."""

    x: Axis
    y: Axis
    weeks: int

    def points(self) -> Iterator[tuple[float, float]]:
        """Yield all points, row by row."""
        for y in self.y.values:
            for x in self.x.values:
                yield float(x), float(y)

    def jobs(self, market_runs: Sequence[MarketRun]) -> dict[tuple[float, float], list[Job]]:
        """Return the jobs of every point, one per market_run (replicate)."""
        return {
            (x, y): [state_job(self._at(market_run, x, y), self.weeks) for market_run in market_runs]
            for x, y in self.points()
        }

    def table(self, market_runs: Sequence[MarketRun], cache: ResultCache) -> pd.DataFrame:
        """Return one row per point: x, y, low, high (adoption from either start, mean over replicates), two.

        ``two`` says whether the two starts end at least ``APART`` from each other.

        Parameters
        ----------
        market_runs : sequence of MarketRun
            One per replicate.
        cache : ResultCache
            Holds the results of ``jobs``.
        """
        rows = []
        for (x, y), jobs in self.jobs(market_runs).items():
            found = states_of(jobs, cache)
            rows.append({"x": x, "y": y, "low": float(found.low.mean()), "high": float(found.high.mean())})
        return pd.DataFrame(rows).assign(two=lambda table: table["high"] - table["low"] >= APART)

    def theory(self, market_run: MarketRun, fineness: int = 4) -> pd.DataFrame:
        """Return the prediction of mean-field theory on a finer grid; empty if the theory does not apply.

        Parameters
        ----------
        market_run : MarketRun
        fineness : int
            Steps of the finer grid for each of the diagram's.

        Returns
        -------
        DataFrame
            x, y, depth: how far b is between the bifurcation points, negative outside.
        """
        rows = []
        for y in np.linspace(self.y.first, self.y.last, fineness * (self.y.n - 1) + 1):
            for x in np.linspace(self.x.first, self.x.last, fineness * (self.x.n - 1) + 1):
                field = mean_field(self._at(market_run, float(x), float(y)).market)
                if field is None:
                    return pd.DataFrame(columns=["x", "y", "depth"])
                rows.append({"x": float(x), "y": float(y), "depth": field.depth})
        return pd.DataFrame(rows)

    def _at(self, market_run: MarketRun, x: float, y: float) -> MarketRun:
        return market_run.with_parameters({self.x.parameter: x, self.y.parameter: y})
