"""Work shared by a few threads: how many, and chunks of which each takes the next as soon as it is free.

The chunks are the same whatever the number of threads, and what is written does not depend on who writes it.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from numba import config

SMALL: Final = 100_000  # consumers, rows or edges below which one thread is faster than several


def useful_threads(threads: int | None, n_items: int) -> int:
    """Return how many threads share some work.

    Parameters
    ----------
    threads : int, optional
        Those asked for; without it, all cores if that pays.
    n_items : int
        Consumers, rows or edges.

    Returns
    -------
    int
    """
    if config.DISABLE_JIT:
        return 1  # plain Python: threads would only wait for each other, and atomic adds would not be
    if threads is not None:
        return threads
    return len(os.sched_getaffinity(0)) if n_items >= SMALL else 1


def run_in_chunks(n_items: int, chunk: int, threads: int, work: Callable[[Iterator[tuple[int, int]]], None]) -> None:
    """Share the items 0 .. n_items - 1 among threads, a chunk at a time.

    Parameters
    ----------
    n_items, chunk : int
        Items in all, and in a chunk.
    threads : int
        Threads at most.
    work : callable
        Run once on each thread, with an iterator over the chunks (first, last + 1) that this thread gets.
    """
    firsts = deque(range(0, n_items, chunk))

    def chunks() -> Iterator[tuple[int, int]]:
        while True:
            try:
                first = firsts.popleft()  # a deque may be shared by threads
            except IndexError:
                return
            yield first, min(first + chunk, n_items)

    n_threads = min(threads, len(firsts))
    if n_threads <= 1:
        work(chunks())
        return
    with ThreadPoolExecutor(n_threads, thread_name_prefix="abm-worker") as pool:
        for done in [pool.submit(work, chunks()) for _ in range(n_threads)]:
            done.result()
