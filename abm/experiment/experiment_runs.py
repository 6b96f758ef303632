"""The runs of an experiment as jobs: networks shared, tables written, finished runs left as they are."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from abm.base.errors import Interrupted
from abm.experiment.allocation import Allocation
from abm.experiment.configurations import stored_runs, take_over
from abm.experiment.executor import Executor, Job
from abm.experiment.progress import Progress, ProgressCallback
from abm.experiment.result_files import append_status, part_file, remove_unfinished, run_file, write_table
from abm.experiment.run_spec import RunSpec
from abm.experiment.shared_networks import SharedNetworks, network_key
from abm.experiment.single_run import COMPILED, SingleRun, Stepper

_AT_A_TIME = 10  # runs handed to a process together


def consumer_weeks(specs: Sequence[RunSpec]) -> int:
    """Return the consumers times weeks of all runs."""
    return sum(spec.consumer_weeks for spec in specs)


def unfinished(specs: Sequence[RunSpec], folder: Path) -> list[RunSpec]:
    """Return the runs that neither this configuration nor one beside it has finished.

    Parameters
    ----------
    specs : sequence of RunSpec
    folder : Path
        Of the configuration.
    """
    stored = stored_runs(folder)
    return [spec for spec in specs if spec.key not in stored]


def one_of_each_kind(specs: Sequence[RunSpec]) -> list[RunSpec]:
    """Return the first run with each combination of network families: what these need is compiled together."""
    kinds = {frozenset(market.network.family for market in spec.markets): spec for spec in reversed(specs)}
    return list(kinds.values())


class ExperimentRuns:
    """The runs of an experiment, less those whose results are there already.

    Parameters
    ----------
    specs : sequence of RunSpec
    folder : Path
        Of the configuration.
    allocation : Allocation
    progress : callable, optional
        Called with the consumer-weeks done and in total.
    stepper : Stepper
        The engine; in processes the compiled one.
    """

    def __init__(
        self,
        specs: Sequence[RunSpec],
        folder: Path,
        allocation: Allocation,
        *,
        progress: ProgressCallback | None = None,
        stepper: Stepper = COMPILED,
    ) -> None:
        self._specs, self._folder = specs, folder
        self._allocation = allocation
        self._stepper = stepper
        self._unfinished = unfinished(specs, folder)
        self._progress = Progress(progress, consumer_weeks(specs))
        self._progress.done = self._progress.total - consumer_weeks(self._unfinished)
        self._networks = SharedNetworks(self._unfinished, allocation.threads)
        self._status_lock = threading.Lock()

    def check_first(self) -> None:
        """Build the first network, so that one that cannot be built is refused before anything is written.

        Raises
        ------
        NetworkError
        """
        if self._unfinished:
            self._networks.get(self._unfinished[0])

    def finish(self) -> None:
        """Run what is not finished.

        Raises
        ------
        Interrupted
            Ctrl-C; finished runs are kept.
        """
        try:
            self._progress.add(0)
            take_over(self._folder, [spec.key for spec in self._specs])
            self._unfinished = [spec for spec in self._specs if not run_file(self._folder, spec.key).is_file()]
            if self._allocation.in_processes:
                self._run_in_threads(one_of_each_kind(self._unfinished))  # compiled once, not by every process
                self._networks = SharedNetworks((), 1)  # the processes build their own
                self._run_in_processes(unfinished(self._unfinished, self._folder))
            else:
                self._run_in_threads(self._unfinished)
        except KeyboardInterrupt:
            if self._allocation.in_processes:
                remove_unfinished(self._folder)
            n_left = len(unfinished(self._unfinished, self._folder))
            raise Interrupted(
                f"stopped with {n_left} runs to do; the finished ones are kept in {self._folder}, "
                f"and the same command goes on from there"
            ) from None

    def _run_in_threads(self, specs: Sequence[RunSpec]) -> None:
        executor = Executor(self._allocation._replace(in_processes=False), self._progress)

        def job(spec: RunSpec) -> Job:
            run = partial(self._run, spec, executor.stopping)
            return Job(spec.key, spec.consumer_weeks, run, reports_progress=True)

        executor.run([job(spec) for spec in specs])

    def _run_in_processes(self, specs: Sequence[RunSpec]) -> None:
        """Run in processes, some runs at a time, those that share a network one after the other."""
        ordered = sorted(specs, key=network_key)
        size = max(1, min(_AT_A_TIME, len(specs) // (4 * self._allocation.n_side_by_side)))
        groups = [ordered[first : first + size] for first in range(0, len(specs), size)]
        jobs = [Job(group[0].key, consumer_weeks(group), partial(_run_here, group, self._folder)) for group in groups]
        Executor(self._allocation, self._progress).run(jobs)

    def _run(self, spec: RunSpec, stopping: threading.Event) -> None:
        """Do one run and write its tables; it counts as finished by its file in ``runs``, which is the last."""
        clock = time.perf_counter()
        with self._networks.use(spec) as adjacency:
            run = SingleRun(spec, adjacency, self._allocation.threads, self._stepper)
            tables = run.tables(self._progress, stopping)
        if tables is None:
            return
        for name, table in tables.items():
            write_table(table, part_file(self._folder, name, spec.key))
        with self._status_lock:
            seconds = round(time.perf_counter() - clock, 3)
            append_status(self._folder, {"run": spec.key, "finished": datetime.now(UTC), "seconds": seconds})


def _run_here(specs: Sequence[RunSpec], folder: Path) -> None:
    """Run in this process, one after the other."""
    ExperimentRuns(specs, folder, Allocation(1, 1, in_processes=False)).finish()
