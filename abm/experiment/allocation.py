"""How the runs of an experiment are allocated: how many at the same time, on how many threads, in processes or not.

A week is compiled and lets Python's global lock go, so threads share it well. What comes before and after (tables,
files) is Python, one at a time in a process; where there are so many runs that this is what takes long, each of those
side by side gets a process of its own.
"""

import multiprocessing
import os
from collections.abc import Sequence
from typing import Final, NamedTuple

from abm.base.engines import KERNEL, Engine
from abm.experiment.run_spec import RunSpec
from abm.numerics.thread_pool import SMALL

LARGE: Final = 2_000_000  # consumers from which one run uses all cores instead of one
PYTHON: Final = 0.012  # seconds of Python in a run (tables, files), about
_START: Final = 2.0  # seconds until a process is ready


class Allocation(NamedTuple):
    """How many runs at the same time, on how many threads each, in processes or in threads."""

    n_side_by_side: int
    threads: int  # of each run
    in_processes: bool


def default_workers() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0))


def allocate(specs: Sequence[RunSpec], n_workers: int, engine: Engine = KERNEL) -> Allocation:
    """Return how to allocate so many workers to some runs: one run at a time if it is large enough to use all cores.

    Parameters
    ----------
    specs : sequence of RunSpec
    n_workers : int
        Threads or processes at the same time.
    engine : {"kernel", "mesa"}
        Mesa's agents stay in this process: rules that were changed in it would not be known to another.

    Returns
    -------
    Allocation
    """
    largest = max(spec.n_consumers for spec in specs)
    n = 1 if largest >= LARGE else min(n_workers, len(specs))
    threads = n_workers if n == 1 and largest >= SMALL else 1
    pays = PYTHON * len(specs) * (1 - 1 / n) > 2 * _START
    allowed = engine == KERNEL and not multiprocessing.current_process().daemon
    return Allocation(n, threads, in_processes=pays and allowed)
