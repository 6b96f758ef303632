"""Jobs of an analysis, run side by side in threads; what is in the cache is not run again."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from abm.analysis.result_cache import Result, ResultCache
from abm.experiment.allocation import Allocation, default_workers
from abm.experiment.executor import Executor, Job
from abm.experiment.progress import Progress


def total_consumer_weeks(jobs: Sequence[Job]) -> int:
    """Return the cost of all different jobs."""
    return sum(job.consumer_weeks for job in {job.key: job for job in jobs}.values())


class CachedExecutor:
    """Runs jobs that are not in the cache and keeps their results there.

    Parameters
    ----------
    cache : ResultCache
    progress : Progress
    workers : int, optional
        Jobs at the same time; all cores without it. The results do not depend on it.
    """

    def __init__(self, cache: ResultCache, progress: Progress | None = None, workers: int | None = None) -> None:
        self.cache = cache
        self.progress = progress or Progress()
        self._n_workers = workers or default_workers()

    def run(self, jobs: Sequence[Job], *, expected: bool = False) -> list[Result]:
        """Run jobs and return their results in the same order; jobs with the same key are one.

        Parameters
        ----------
        jobs : sequence of Job
            Each returns a ``Result``.
        expected : bool
            Whether ``progress`` expects them already.

        Raises
        ------
        KeyboardInterrupt
            Ctrl-C; what is finished is in the cache.
        """
        if not expected:
            self.progress.expect(total_consumer_weeks(jobs))
        distinct = {job.key: job for job in jobs}.values()
        for job in (job for job in distinct if job.key in self.cache):
            self.cache.add(job.key, self.cache[job.key])  # from another configuration's file to this one's
        missing = [job for job in distinct if job.key not in self.cache]
        self.progress.add(total_consumer_weeks([job for job in distinct if job.key in self.cache]))
        allocation = Allocation(self._n_workers, threads=1, in_processes=False)
        Executor(allocation, self.progress).run([replace(job, run=partial(self._run, job)) for job in missing])
        return [self.cache[job.key] for job in jobs]

    def _run(self, job: Job) -> None:
        self.cache.add(job.key, job.run())
