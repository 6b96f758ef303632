"""Adoption by group: consumers in mode super before, after and long after the levers act, by taste, degree, trust."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from abm.engine.simulation import Simulation
from abm.engine.trajectory import Consumers

GROUPS = ("low", "middle", "high")
TRAITS = ("taste", "degree", "trust")
_TASTE_EDGES = (-0.430727, 0.430727)  # terciles of the standard normal


class AdoptionByGroup:
    """Counts adopters by group in two weeks of a simulation and at its end.

    Consumers are grouped as they were in the first of these weeks, before any lever acts: until then all scenarios
    are the same under the same random numbers, so the groups hold the same people in each of them.

    Parameters
    ----------
    before, after : int
        The first week in which a lever of any scenario acts, and the week after the last.
    """

    def __init__(self, before: int, after: int) -> None:
        self._before, self._after = before, after
        self._groups: dict[str, npt.NDArray[np.int8]] = {}
        self._modes: dict[str, npt.NDArray[np.int64]] = {}

    def next_week(self, week: int, last: int) -> int:
        """Return the next week, up to ``last``, whose state is to be recorded.

        Parameters
        ----------
        week : int
            The present week.
        last : int
            The run's last week.
        """
        return min(candidate for candidate in (self._before, self._after, last) if candidate > week)

    def record(self, simulation: Simulation) -> None:
        """Record this week's modes, if it is one of the two weeks."""
        if simulation.week not in (self._before, self._after):
            return
        consumers = _consumers(simulation)
        if simulation.week == self._before:
            self._groups = {trait: _terciles(consumers, trait) for trait in TRAITS}
            self._modes["super_before"] = consumers.mode
        if simulation.week == self._after:
            self._modes["super_after"] = consumers.mode

    def table(self, simulation: Simulation) -> pd.DataFrame:
        """Return one row per market, trait and group: consumers, super_before, super_after, super_end (counts).

        ``low``, ``middle`` and ``high`` are thirds of the market, where the trait has that many values.
        """
        consumers = _consumers(simulation)
        modes = {**self._modes, "super_end": consumers.mode}
        market = consumers.market
        rows = [
            {"market": name, "trait": trait, "group": GROUPS[group], "consumers": int(here.sum())}
            | {column: int(mode[here].sum()) for column, mode in modes.items()}
            for name in dict.fromkeys(market.tolist())
            for trait, group, here in self._cells(market == name)
        ]
        return pd.DataFrame(rows)

    def _cells(self, inside: npt.NDArray[np.bool_]) -> Iterator[tuple[str, int, npt.NDArray[np.bool_]]]:
        for trait, groups in self._groups.items():
            for group in range(len(GROUPS)):
                yield trait, group, inside & (groups == group)


def _terciles(consumers: Consumers, trait: str) -> npt.NDArray[np.int8]:
    """Return the third of its market that each consumer is in; equal values are never split."""
    values, market = consumers[trait], consumers.market
    groups = np.ones(len(values), np.int8)
    for name in np.unique(market):
        here = market == name
        low, high = _TASTE_EDGES if trait == "taste" else np.quantile(values[here], (1 / 3, 2 / 3))
        groups[here & (values < low)] = 0
        groups[here & (values > high)] = 2
    return groups


def _consumers(simulation: Simulation) -> Consumers:
    """Return the consumers as they are now."""
    return Consumers(simulation.markets, simulation.layouts, simulation.population)
