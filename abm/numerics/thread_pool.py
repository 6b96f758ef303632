"""Work shared by a few threads: how many, and parts of which each takes the next as soon as it is free.

The parts are the same whatever the number of threads, and what is written does not depend on who writes it.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from numba import config

SMALL: Final = 100_000  # consumers, rows or ties below which one thread is faster than sharing


def useful_threads(threads: int | None, n_items: int) -> int:
    """Return how many threads are to share some work: those asked for, or all cores if that pays."""
    if config.DISABLE_JIT:
        return 1  # plain Python: threads would only wait for each other, and atomic adds would not be
    if threads is not None:
        return threads
    return len(os.sched_getaffinity(0)) if n_items >= SMALL else 1


def in_parts(n_items: int, part: int, threads: int, work: Callable[[Iterator[tuple[int, int]]], None]) -> None:
    """Run ``work`` on each of the threads, with an iterator over the parts, (first, last + 1), that it gets to do."""
    firsts = deque(range(0, n_items, part))

    def mine() -> Iterator[tuple[int, int]]:
        while True:
            try:
                first = firsts.popleft()  # a deque may be shared by threads
            except IndexError:
                return
            yield first, min(first + part, n_items)

    n_lanes = min(threads, len(firsts))
    if n_lanes <= 1:
        work(mine())
        return
    with ThreadPoolExecutor(n_lanes, thread_name_prefix="abm-lane") as pool:
        for lane in [pool.submit(work, mine()) for _ in range(n_lanes)]:
            lane.result()
