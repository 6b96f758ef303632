"""The hysteresis loop: a parameter goes up slowly and down again; where does the market jump, and where back?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from abm.analysis.market_run import MarketRun
from abm.analysis.result_cache import cache_key
from abm.engine.state import N_SUPER
from abm.experiment.executor import Job
from abm.numerics.array_types import Floats

_JUMP = 0.1  # of consumers: a loop narrower than this everywhere is none


@dataclass(frozen=True)
class Ramp:
    """A parameter that goes from one value to another and back in steps, each held for some weeks."""

    parameter: str
    first: float
    last: float
    steps: int
    weeks_per_step: int

    @property
    def values(self) -> Floats:
        """The values on the way up, float64[steps + 1]."""
        return np.linspace(self.first, self.last, self.steps + 1)

    @property
    def speed(self) -> float:
        """Change of the parameter per week."""
        return abs(self.last - self.first) / (self.steps * self.weeks_per_step)

    def job(self, market_run: MarketRun) -> Job:
        """Return one ramp, up and down, as a job; its result holds adoption at the end of every step.

        It starts from where the market_run's market, its shop open, is after ten steps at the first value.
        """
        opened = market_run.opened({self.parameter: self.first})
        weeks = (2 * self.steps + 12) * self.weeks_per_step
        key = cache_key(ramp=vars(self), **opened.inputs)
        return Job(key, weeks * opened.market.consumers, partial(self._run, opened))

    def _run(self, market_run: MarketRun) -> dict[str, Any]:
        simulation = market_run.simulation()
        simulation.advance(10 * self.weeks_per_step)
        result = {}
        for way, values in (("up", self.values), ("down", self.values[::-1])):
            path = []
            for value in values:
                simulation.change({self.parameter: float(value)})
                simulation.advance(self.weeks_per_step)
                path.append(int(simulation.present_tallies[0, N_SUPER]) / market_run.market.consumers)
            result[way] = path
        return result

    def table(self, results: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
        """Return the loops: replicate, way, value, adoption."""
        parts = [
            pd.DataFrame({"replicate": r, "way": way, "value": values, "adoption": result[way]})
            for r, result in enumerate(results)
            for way, values in (("up", self.values), ("down", self.values[::-1]))
        ]
        return pd.concat(parts, ignore_index=True)


def jumps(loop: pd.DataFrame) -> pd.DataFrame:
    """Return where each replicate jumps on the way up and on the way down.

    Returns
    -------
    DataFrame
        replicate, up, down (parameter values; NaN without a loop), width: the largest difference between the ways.
    """
    rows = []
    for replicate, own in loop.groupby("replicate"):
        ways = own.pivot(index="value", columns="way", values="adoption").sort_index()
        width = float((ways["down"] - ways["up"]).abs().max())
        row = {"replicate": replicate, "up": np.nan, "down": np.nan, "width": width}
        if width >= _JUMP:
            widest = int((ways["down"] - ways["up"]).abs().to_numpy().argmax())
            middle = float((ways["up"] + ways["down"]).iloc[widest]) / 2
            row |= {"up": _crossing(ways["up"], middle), "down": _crossing(ways["down"], middle)}
        rows.append(row)
    return pd.DataFrame(rows)


def _crossing(path: "pd.Series[float]", level: float) -> float:
    """Return the parameter value at which a path crosses a level, between the two steps around it."""
    values, shares = path.index.to_numpy(np.float64), path.to_numpy(np.float64)
    above = shares > level
    changes = np.flatnonzero(above[1:] != above[:-1])
    if not changes.size:
        return float("nan")
    i = int(changes[-1])
    part = (level - shares[i]) / (shares[i + 1] - shares[i])
    return float(values[i] + part * (values[i + 1] - values[i]))
