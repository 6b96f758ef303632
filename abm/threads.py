"""One week shared by several threads; the result is the same for any number of them.

Each thread takes every so-manieth part of the population. What they add up are whole numbers, so that neither the order
of the parts nor who took which can show.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
import numpy.typing as npt

from abm import kernel
from abm.arrays import N_TALLIES, Run

SMALL = 200_000  # consumers below which one thread is faster than sharing the work
PART_BLOCKS = 256  # blocks (of 64 consumers) that a thread takes at a time


def useful_threads(threads: int | None, n_consumers: int) -> int:
    """Return how many threads to use: as many as asked for; if that is left open, all cores where sharing pays."""
    if numba.config.DISABLE_JIT:
        return 1  # plain Python: threads would only wait for each other
    if threads is not None:
        return threads
    return len(os.sched_getaffinity(0)) if n_consumers >= SMALL else 1


def run_weeks(run: Run, first_week: int, threads: int) -> None:
    """Run all weeks of ``run.rules``, from week ``first_week`` on."""
    parts = parts_of(run.places)
    tallies = np.zeros((threads, len(run.places), N_TALLIES), np.int64)
    rooms, news = kernel.new_rooms(run.population.state, threads)
    if threads == 1:
        kernel.run_weeks(run, first_week, 0, len(run.rules), parts, tallies[0], rooms[0], news)
        return
    with ThreadPoolExecutor(threads - 1, thread_name_prefix="abm-week") as pool:

        def together(work: Callable[[int], None]) -> None:
            others = [pool.submit(work, lane) for lane in range(1, threads)]
            work(0)
            for done in others:
                done.result()

        for step in range(len(run.rules)):
            kernel.open_week(run, step)
            tallies[:] = 0
            together(
                lambda lane, step=step: kernel.run_weeks(  # type: ignore[misc]
                    run, first_week, step, step + 1, parts[lane::threads], tallies[lane], rooms[lane], news
                )
            )
            run.tallies[step + 1] += tallies.sum(axis=0)
            together(lambda lane: kernel.hear_of_it(run, parts[lane::threads], news))
            kernel.close_week(run, step)


def parts_of(places: npt.NDArray[np.void]) -> npt.NDArray[np.int64]:
    """Return market, first block and end of every part, int64[parts, 3]; blocks are counted within the market."""
    return np.array(
        [
            (market, first, min(first + PART_BLOCKS, int(place["n_blocks"])))
            for market, place in enumerate(places)
            for first in range(0, int(place["n_blocks"]), PART_BLOCKS)
        ],
        np.int64,
    )
