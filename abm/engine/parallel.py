"""The compiled weeks shared by several threads; the result is the same for any number of them.

The population is cut into parts, dealt out to the threads in turn. What they add up are whole numbers, so that neither
the order of the parts nor which thread took which can show.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from abm.engine import kernel
from abm.engine.barrier import ABORTED
from abm.engine.state import Run

PART_BLOCKS = 256  # blocks (of 64 consumers) that a thread takes at a time


def run_in_threads(run: Run, first_week: int, threads: int) -> None:
    """Run all weeks of ``run.schedule``, from week ``first_week`` on."""
    if len(run.schedule) == 0:
        return
    parts, arrivals = parts_of(run.layouts), np.zeros(1, np.int64)
    threads = min(threads, len(parts))
    tallies = np.zeros((threads, len(run.layouts), run.tallies.shape[2]), np.int64)
    workspaces, delta = kernel.new_workspaces(run.population, run.steps._fields, threads)

    def work(number: int) -> None:
        try:
            own = np.ascontiguousarray(parts[number::threads])  # another memory order would be compiled anew
            partition = kernel.ThreadPartition(number, own, workspaces[number], np.zeros(3, np.int64))
            while not kernel.run_weeks(run, first_week, partition, tallies, delta, arrivals):
                _yield_to_others()  # there may be more threads than cores
        except BaseException:
            arrivals[0] = ABORTED  # or the others would wait for ever
            raise

    kernel.open_week(run, 0)
    with ThreadPoolExecutor(max(1, threads - 1), thread_name_prefix="abm-week") as pool:
        try:
            others = [pool.submit(work, number) for number in range(1, threads)]
            work(0)
        except BaseException:
            arrivals[0] = ABORTED  # not all could be started, or Ctrl-C
            raise
    for other in others:
        other.result()


def _yield_to_others() -> None:
    if hasattr(os, "sched_yield"):
        os.sched_yield()
    else:
        time.sleep(0)


def parts_of(layouts: npt.NDArray[np.void]) -> npt.NDArray[np.int64]:
    """Return market, first block and end of every part, int64[parts, 3]; blocks are counted within the market."""
    return np.array(
        [
            (market, first, min(first + PART_BLOCKS, int(layout["n_blocks"])))
            for market, layout in enumerate(layouts)
            for first in range(0, int(layout["n_blocks"]), PART_BLOCKS)
        ],
        np.int64,
    )
