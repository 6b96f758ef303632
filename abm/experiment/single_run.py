"""One run of an experiment: simulated in stretches, so that it can be stopped and its progress be seen."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import pandas as pd

from abm.engine.simulation import Simulation
from abm.engine.state import Adjacency
from abm.experiment.adoption_by_group import AdoptionByGroup
from abm.experiment.progress import Progress
from abm.experiment.result_files import ADOPTION_BY_GROUP, LEDGER, RUNS
from abm.experiment.run_spec import RunSpec


class Stepper(NamedTuple):
    """How an engine advances a simulation by some weeks, and how many consumer-weeks it is given at once."""

    advance: Callable[[Simulation, int], None]
    consumer_weeks_at_once: int


COMPILED: Final = Stepper(Simulation.advance, 2_000_000)


@dataclass(frozen=True)
class SingleRun:
    """One run of an experiment.

    Parameters
    ----------
    spec : RunSpec
    adjacency : Adjacency
        Its network.
    threads : int
        Threads that share one week.
    stepper : Stepper
        The engine.
    """

    spec: RunSpec
    adjacency: Adjacency
    threads: int
    stepper: Stepper = COMPILED

    def tables(self, progress: Progress, stopping: threading.Event) -> dict[str, pd.DataFrame] | None:
        """Simulate all weeks and return the tables by folder, that of ``runs`` last; None if stopped before the end.

        Parameters
        ----------
        progress : Progress
        stopping : Event
            Ends the run early once it is set.
        """
        spec = self.spec
        groups = AdoptionByGroup(*spec.group_weeks) if spec.group_weeks else None
        simulation = Simulation(
            spec.markets, seed=spec.seed, replicate=spec.replicate, levers=spec.levers,
            start=spec.start, threads=self.threads, adjacency=self.adjacency,
        )  # fmt: skip
        weeks_at_once = max(1, self.stepper.consumer_weeks_at_once // spec.n_consumers)
        while simulation.week < spec.weeks:
            if stopping.is_set():
                return None
            weeks = min(weeks_at_once, spec.weeks - simulation.week)
            if groups:
                groups.record(simulation)
                weeks = min(weeks, groups.next_week(simulation.week, spec.weeks) - simulation.week)
            self.stepper.advance(simulation, weeks)
            progress.add(weeks * spec.n_consumers)
        if groups:
            groups.record(simulation)
        return _tables(simulation, spec, groups)


def _tables(simulation: Simulation, spec: RunSpec, groups: AdoptionByGroup | None) -> dict[str, pd.DataFrame]:
    trajectory = simulation.trajectory(final=True)
    tables = {}
    if groups:
        tables[ADOPTION_BY_GROUP] = _labelled(groups.table(simulation), spec)
    if trajectory.entries:
        tables[LEDGER] = _labelled(trajectory.ledger, spec)
    return tables | {RUNS: _labelled(trajectory.table, spec, has_replicate=True)}


def _labelled(table: pd.DataFrame, spec: RunSpec, *, has_replicate: bool = False) -> pd.DataFrame:
    """Return the table with the run's scenario, replicate (unless it has it) and swept values."""
    if not has_replicate:
        table.insert(0, "replicate", spec.replicate)
    table.insert(0, "scenario", spec.scenario)
    return table.assign(**spec.point)
