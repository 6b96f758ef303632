"""The phase diagram: for which values of two parameters a market has one stable state or two."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from abm.analysis.explain.path_dependence import state_task, states_of
from abm.analysis.jobs import Answers, Task
from abm.analysis.market_run import Trial
from abm.analysis.tipping.mean_field import mean_field

Floats = npt.NDArray[np.float64]
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
class Phase:
    """A grid over two parameters; every point is run from the low and from the high start."""

    x: Axis
    y: Axis
    weeks: int

    def points(self) -> Iterator[tuple[float, float]]:
        """Yield all points, row by row."""
        for y in self.y.values:
            for x in self.x.values:
                yield float(x), float(y)

    def tasks(self, trials: Sequence[Trial]) -> dict[tuple[float, float], list[Task]]:
        """Return the tasks of every point, one per trial (replicate)."""
        return {(x, y): [state_task(self._at(trial, x, y), self.weeks) for trial in trials] for x, y in self.points()}

    def table(self, trials: Sequence[Trial], answers: Answers) -> pd.DataFrame:
        """Return one row per point: x, y, low, high (adoption from either start, mean over replicates), depth.

        ``depth`` is how far the point lies inside the folds of mean-field theory (NaN where that does not apply).
        """
        rows = []
        for (x, y), tasks in self.tasks(trials).items():
            found = states_of(tasks, answers)
            rows.append({"x": x, "y": y, "low": float(found.low.mean()), "high": float(found.high.mean())})
        return pd.DataFrame(rows).assign(two=lambda table: table["high"] - table["low"] >= APART)

    def theory(self, trial: Trial, fineness: int = 4) -> pd.DataFrame:
        """Return x, y and ``depth`` on a finer grid, positive inside the folds; empty if the theory does not apply."""
        rows = []
        for y in np.linspace(self.y.first, self.y.last, fineness * (self.y.n - 1) + 1):
            for x in np.linspace(self.x.first, self.x.last, fineness * (self.x.n - 1) + 1):
                field = mean_field(self._at(trial, float(x), float(y)).market)
                if field is None:
                    return pd.DataFrame(columns=["x", "y", "depth"])
                rows.append({"x": float(x), "y": float(y), "depth": field.depth})
        return pd.DataFrame(rows)

    def _at(self, trial: Trial, x: float, y: float) -> Trial:
        market = trial.market.replace({self.x.parameter: x, self.y.parameter: y})
        return Trial(market, trial.weeks, trial.start, trial.seed, trial.replicate, trial.shelf)
