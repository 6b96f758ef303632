"""Work shared by a few threads."""

import os

import numpy as np
import pytest
from numba import config

from abm.numerics import thread_pool


@pytest.mark.needs_compiled
def test_as_many_threads_as_pay() -> None:
    assert thread_pool.useful_threads(7, 10) == 7
    assert thread_pool.useful_threads(None, thread_pool.SMALL - 1) == 1
    assert thread_pool.useful_threads(None, thread_pool.SMALL) == len(os.sched_getaffinity(0))


@pytest.mark.skipif(not config.DISABLE_JIT, reason="several threads when compiled")
def test_one_thread_without_compilation() -> None:
    assert thread_pool.useful_threads(7, thread_pool.SMALL) == 1


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize(("n_items", "chunk"), [(0, 4), (1, 4), (8, 4), (9, 4)])
def test_every_item_is_done_once(threads: int, n_items: int, chunk: int) -> None:
    done = np.zeros(n_items, np.int64)

    def work(chunks):
        for first, last in chunks:
            done[first:last] += 1

    thread_pool.run_in_chunks(n_items, chunk, threads, work)
    assert (done == 1).all()


def test_an_error_in_a_thread_is_not_lost() -> None:
    def work(chunks):
        for _ in chunks:
            raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        thread_pool.run_in_chunks(10, 1, 3, work)
