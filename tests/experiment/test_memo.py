"""Computed once, whoever asks and however many at the same time."""

import time
from concurrent.futures import ThreadPoolExecutor

from abm.experiment.memo import Memo


def test_a_value_is_computed_once_for_all_threads() -> None:
    calls: list[int] = []
    memo = Memo()

    def compute() -> object:
        calls.append(1)
        time.sleep(0.05)
        return object()

    with ThreadPoolExecutor(4) as pool:
        values = list(pool.map(lambda _: memo.get("a", compute), range(8)))
    assert len(calls) == 1
    assert len({id(value) for value in values}) == 1


def test_what_is_forgotten_is_computed_again() -> None:
    memo = Memo()
    assert memo.get("a", lambda: 1) == 1
    assert memo.get("a", lambda: 2) == 1
    memo.forget("a")
    memo.forget("never there")
    assert memo.get("a", lambda: 2) == 2
