"""The same bytes on any number of threads."""

import numpy as np
import pytest
from numba import config

from abm.networks import Network, assembly, build, lanes

FAMILIES = ("small_world", "scale_free", "random", "regular", "communities", "ring", "procedural")


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut the work so small that many parts are under way at the same time."""
    monkeypatch.setattr(assembly, "STRETCH", 512)
    monkeypatch.setattr(assembly, "_ROWS", 256)


@pytest.mark.skipif(config.DISABLE_JIT, reason="one thread only without compilation")
@pytest.mark.parametrize("family", FAMILIES)
def test_threads_do_not_show(family: str, small_parts: None) -> None:
    network = Network(family=family, degree=10, rewiring=0.5)
    expected = build(network, n=30_000, seed=4, threads=1)
    for threads in (2, 3, 8):
        for _ in range(3):
            found = build(network, n=30_000, seed=4, threads=threads)
            assert found.indptr.tobytes() == expected.indptr.tobytes()
            assert found.indices.tobytes() == expected.indices.tobytes()


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


def test_useful_threads() -> None:
    assert lanes.useful_threads(None, 10) == 1
    if not config.DISABLE_JIT:
        assert lanes.useful_threads(3, 10) == 3
        assert lanes.useful_threads(None, 10**6) >= 1
