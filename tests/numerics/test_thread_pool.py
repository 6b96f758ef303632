"""Work shared by a few threads."""

import os

import numpy as np
import pytest
from numba import config

from abm.numerics import thread_pool as lanes


@pytest.mark.skipif(config.DISABLE_JIT, reason="one thread only without compilation")
def test_as_many_threads_as_pay() -> None:
    assert lanes.useful_threads(7, 10) == 7
    assert lanes.useful_threads(None, lanes.SMALL - 1) == 1
    assert lanes.useful_threads(None, lanes.SMALL) == len(os.sched_getaffinity(0))


@pytest.mark.skipif(not config.DISABLE_JIT, reason="several threads when compiled")
def test_one_thread_without_compilation() -> None:
    assert lanes.useful_threads(7, lanes.SMALL) == 1


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize(("n_items", "part"), [(0, 4), (1, 4), (8, 4), (9, 4)])
def test_every_part_is_done_once(threads: int, n_items: int, part: int) -> None:
    done = np.zeros(n_items, np.int64)

    def work(parts):
        for first, last in parts:
            done[first:last] += 1

    lanes.in_parts(n_items, part, threads, work)
    assert (done == 1).all()


def test_an_error_in_a_thread_is_not_lost() -> None:
    def work(parts):
        for _ in parts:
            raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        lanes.in_parts(10, 1, 3, work)
