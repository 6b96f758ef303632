"""Runs jobs side by side, in threads or in processes, until all are done or Ctrl-C stops them."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from abm.experiment.allocation import Allocation
from abm.experiment.plugins import further_modules, loaded_plugins
from abm.experiment.process_pool import run_in_processes
from abm.experiment.progress import Progress

_POLL: float = 0.2  # seconds after which the main thread looks whether Ctrl-C was pressed


@dataclass(frozen=True)
class Job:
    """A piece of work.

    Parameters
    ----------
    key : str
        Names it: jobs with the same key do the same.
    consumer_weeks : int
        Its cost.
    run : callable
        Does it. In processes: a function of a module, or a ``functools.partial`` of one.
    reports_progress : bool
        Whether ``run`` reports its consumer-weeks itself, as it makes them; otherwise they count once it is done.
    """

    key: str
    consumer_weeks: int
    run: Callable[[], Any]
    reports_progress: bool = False


class Executor:
    """Runs jobs side by side.

    Parameters
    ----------
    allocation : Allocation
        How many at the same time, and whether in processes.
    progress : Progress

    Attributes
    ----------
    stopping : threading.Event
        Set when the work is stopped or one of the jobs fails; long jobs in threads should then return early.
    """

    def __init__(self, allocation: Allocation, progress: Progress) -> None:
        self._allocation = allocation
        self._progress = progress
        self.stopping = threading.Event()

    def run(self, jobs: Sequence[Job]) -> None:
        """Run all jobs. What they return is dropped: they keep their results themselves.

        Raises
        ------
        KeyboardInterrupt
            Ctrl-C; jobs in threads have returned by then, processes are ended.
        Exception
            What a job raises; those that have begun are finished, the others are not begun.
        """
        if self._allocation.in_processes:
            run_in_processes(
                _run_job,
                jobs,
                self._allocation.n_side_by_side,
                self._count,
                plugins=loaded_plugins(),
                modules=further_modules(),
            )
        elif jobs:
            self._run_in_threads(jobs)

    def _run_in_threads(self, jobs: Sequence[Job]) -> None:
        n_threads = min(self._allocation.n_side_by_side, len(jobs))
        with ThreadPoolExecutor(n_threads, thread_name_prefix="abm-job") as pool:
            futures = {pool.submit(job.run): job for job in jobs}
            try:
                self._wait_for(futures)
            except BaseException:
                self.stopping.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise

    def _wait_for(self, futures: dict[Future[Any], Job]) -> None:
        pending = set(futures)
        while pending:
            done, pending = wait(pending, timeout=_POLL, return_when=FIRST_COMPLETED)
            for future in done:
                future.result()
                self._count(futures[future])

    def _count(self, job: Job) -> None:
        if not job.reports_progress:
            self._progress.add(job.consumer_weeks)


def _run_job(job: Job) -> None:
    job.run()
