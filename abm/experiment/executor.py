"""Works off runs side by side, sharing the networks that several of them use."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from abm.engine.adjacency import connect
from abm.engine.layout import market_layouts
from abm.engine.simulation import Simulation
from abm.engine.state import Adjacency
from abm.errors import AbmError
from abm.experiment.adoption_by_group import AdoptionByGroup
from abm.experiment.allocation import Allocation
from abm.experiment.process_pool import in_processes
from abm.experiment.results import LEDGER, RUNS, WHO, append_status, part_file, remove_unfinished, run_file, write_table
from abm.experiment.run_spec import RunSpec

Progress = Callable[[int, int], None]  # consumer-weeks done and in total
_STRETCH = 2_000_000  # consumer-weeks between two looks at the stop sign
_AT_A_TIME = 10  # runs handed to a process together


class Interrupted(AbmError):
    """The experiment was stopped; what was finished is kept."""


def consumer_weeks(specs: Sequence[RunSpec]) -> int:
    """Return the consumers times weeks of all runs."""
    return sum(spec.consumer_weeks for spec in specs)


def to_do(specs: Sequence[RunSpec], folder: Path) -> list[RunSpec]:
    """Return the runs whose results are not in the folder."""
    return [spec for spec in specs if not run_file(folder, spec.key).is_file()]


def one_of_each_kind(specs: Sequence[RunSpec]) -> list[RunSpec]:
    """Return the first run with each combination of network families: what these need is compiled together."""
    kinds = {frozenset(market.network.family for market in spec.markets): spec for spec in reversed(specs)}
    return list(kinds.values())


class Executor:
    """Runs to be worked off by a few threads or processes, without those whose results are there already.

    Parameters
    ----------
    specs : sequence of RunSpec
    folder : Path
        Results folder.
    allocation : Allocation
    progress : callable, optional
        Called with the consumer-weeks done and to do.
    engine : {"kernel", "mesa"}
    """

    def __init__(
        self,
        specs: Sequence[RunSpec],
        folder: Path,
        allocation: Allocation,
        *,
        progress: Progress | None = None,
        engine: str = "kernel",
    ) -> None:
        self._folder = folder
        self._todo = to_do(specs, folder)
        self._crew = allocation
        self._progress = progress
        self._engine = engine
        self._total = consumer_weeks(specs)
        self._done = self._total - consumer_weeks(self._todo)
        self._networks = _Networks(self._todo, allocation.threads)
        self._stop = threading.Event()
        self._lock = threading.Lock()

    def check_first(self) -> None:
        """Build the first network, so that one that cannot be built is refused before anything is written.

        Raises
        ------
        NetworkError
        """
        if self._todo:
            self._networks.take(self._todo[0])

    def finish(self) -> None:
        """Work off all runs.

        Raises
        ------
        Interrupted
            Ctrl-C; finished runs are kept.
        """
        self._report(0)
        try:
            if self._crew.in_processes:
                self._in_threads(one_of_each_kind(self._todo))  # what these need is compiled once, not by everybody
                self._networks = _Networks((), 1)  # the processes build their own
                self._in_processes(to_do(self._todo, self._folder))
            else:
                self._in_threads(self._todo)
        except KeyboardInterrupt:
            if self._crew.in_processes:
                remove_unfinished(self._folder)
            n_left = len(to_do(self._todo, self._folder))
            raise Interrupted(
                f"stopped with {n_left} runs to do; the finished ones are kept in {self._folder}, "
                f"and the same command goes on from there"
            ) from None

    def _in_processes(self, specs: Sequence[RunSpec]) -> None:
        """Work off runs in processes of their own, some at a time, those that share a network one after the other."""
        kept_together = sorted(specs, key=_Networks.key)
        size = max(1, min(_AT_A_TIME, len(specs) // (4 * self._crew.n_side_by_side)))
        tasks = [
            _Task(kept_together[first : first + size], self._folder, self._engine)
            for first in range(0, len(specs), size)
        ]
        in_processes(_work_off, tasks, self._crew.n_side_by_side, lambda task: self._report(consumer_weeks(task.specs)))

    def _in_threads(self, specs: Sequence[RunSpec]) -> None:
        with ThreadPoolExecutor(self._crew.n_side_by_side, thread_name_prefix="abm-run") as pool:
            futures = {pool.submit(self._run, spec) for spec in specs}
            try:
                self._wait(futures)
            except BaseException:
                self._cancel(futures)
                raise

    def _wait(self, futures: set[Future[None]]) -> None:
        pending = futures
        while pending:
            done, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            for future in done:
                future.result()

    def _cancel(self, futures: set[Future[None]]) -> None:
        self._stop.set()
        for future in futures:
            future.cancel()
        wait([future for future in futures if not future.cancelled()])

    def _run(self, spec: RunSpec) -> None:
        clock = time.perf_counter()
        tables = self._simulate(spec)
        if tables is None:
            return
        for name, table in tables.items():
            write_table(table, part_file(self._folder, name, spec.key))
        with self._lock:
            seconds = round(time.perf_counter() - clock, 3)
            append_status(self._folder, {"run": spec.key, "finished": datetime.now(UTC), "seconds": seconds})

    def _simulate(self, spec: RunSpec) -> dict[str, pd.DataFrame] | None:
        """Run one spec in stretches and return its tables; None if it was told to stop.

        A run counts as done by its file in ``runs``, so that table is the last.
        """
        watch = AdoptionByGroup(*spec.watch) if spec.watch else None
        with self._networks.of(spec) as adjacency:
            simulation = Simulation(
                spec.markets, seed=spec.seed, replicate=spec.replicate, levers=spec.levers,
                start=spec.start, threads=self._crew.threads, adjacency=adjacency,
            )  # fmt: skip
            while simulation.week < spec.weeks:
                if self._stop.is_set():
                    return None
                stretch = min(max(1, self._stretch // spec.n_consumers), spec.weeks - simulation.week)
                if watch:
                    watch.look(simulation)
                    stretch = min(stretch, watch.next_stop(simulation.week, spec.weeks) - simulation.week)
                self._advance(simulation, stretch)
                self._report(stretch * spec.n_consumers)
            if watch:
                watch.look(simulation)
            trajectory = simulation.trajectory()
            tables = {}
            if watch:
                tables[WHO] = _labelled(watch.table(simulation), spec)
            if trajectory.entries:
                tables[LEDGER] = _labelled(trajectory.ledger, spec)
        return tables | {RUNS: _labelled(trajectory.table, spec, has_replicate=True)}

    @property
    def _stretch(self) -> int:
        return _STRETCH if self._engine == "kernel" else _STRETCH // 200  # plain Python is that much slower

    def _advance(self, simulation: Simulation, weeks: int) -> None:
        if self._engine == "kernel":
            simulation.advance(weeks)
        else:
            from abm.agents.engine import advance_by_consumers

            advance_by_consumers(simulation, weeks)

    def _report(self, consumer_weeks: int) -> None:
        with self._lock:
            self._done += consumer_weeks
            if self._progress is not None:
                self._progress(self._done, self._total)


class _Task(NamedTuple):
    """Runs for a process of their own."""

    specs: list[RunSpec]
    folder: Path
    engine: str


def _work_off(task: _Task) -> None:
    Executor(task.specs, task.folder, Allocation(1, 1, in_processes=False), engine=task.engine).finish()


def _labelled(table: pd.DataFrame, spec: RunSpec, *, has_replicate: bool = False) -> pd.DataFrame:
    """Return the table with the run's scenario, replicate (unless it has it) and swept values."""
    if not has_replicate:
        table.insert(0, "replicate", spec.replicate)
    table.insert(0, "scenario", spec.scenario)
    return table.assign(**spec.point)


class _Networks:
    """Networks shared by the runs that differ only in their levers: built once, dropped after the last use."""

    def __init__(self, specs: Sequence[RunSpec], threads: int) -> None:
        self._threads = threads
        self._uses = Counter(self.key(spec) for spec in specs)
        self._built: dict[str, Adjacency] = {}
        self._locks = {key: threading.Lock() for key in self._uses}
        self._count = threading.Lock()

    def of(self, spec: RunSpec) -> "_Loan":
        """Lend the network of a run."""
        return _Loan(self, spec)

    def take(self, spec: RunSpec) -> Adjacency:
        """Return the network, building it if nobody has yet."""
        key = self.key(spec)
        with self._locks[key]:
            if key not in self._built:
                layouts = market_layouts(spec.markets, spec.seed, spec.replicate)
                self._built[key] = connect(spec.markets, layouts, spec.seed, spec.replicate, self._threads)
            return self._built[key]

    def give_back(self, spec: RunSpec) -> None:
        """Count a use; forget the network after the last."""
        key = self.key(spec)
        with self._count:
            self._uses[key] -= 1
            if self._uses[key] == 0:
                del self._built[key]

    @staticmethod
    def key(spec: RunSpec) -> str:
        """Return what a run's network depends on."""
        parts = [f"{m.name} {m.consumers} {m.network!r}" for m in spec.markets]
        return "\n".join([f"{spec.seed} {spec.replicate}", *parts])


class _Loan:
    """A network while a run uses it."""

    def __init__(self, networks: _Networks, spec: RunSpec) -> None:
        self._networks, self._spec = networks, spec

    def __enter__(self) -> Adjacency:
        return self._networks.take(self._spec)

    def __exit__(self, *error: object) -> None:
        self._networks.give_back(self._spec)
