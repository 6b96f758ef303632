"""Named tuples made in compiled code hold each value under its own name."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from numba import njit

from abm.numerics.named_tuples import reader_of_arrays, reader_of_records

pytestmark = pytest.mark.needs_compiled


class Step(NamedTuple):
    rate: int
    share: float
    limit: int


class Person(NamedTuple):
    habit: int
    rank: int
    mode: int


class Rows(NamedTuple):
    habit: Any
    rank: Any


def test_fields_of_a_record() -> None:
    kind = np.dtype([("other", np.int64), ("own.limit", np.int64), ("own.rate", np.int64), ("own.share", np.float64)])
    records = np.array([(1, 2, 3, 0.5), (4, 5, 6, 0.25)], kind).view(np.recarray)
    read = reader_of_records(Step, ["own.rate", "own.share", "own.limit"])

    @njit
    def step_of(records: Any, i: int) -> Any:
        return read(records[i])

    assert [step_of(records, i) for i in (0, 1)] == [Step(3, 0.5, 2), Step(6, 0.25, 5)]


def test_entries_of_arrays() -> None:
    rows = Rows(np.array([1, -2, 3], np.int32), np.array([40, 50, 60], np.int32))
    modes = np.array([0, 1, 255], np.uint8)
    read = reader_of_arrays(Person)

    @njit
    def person_at(rows: Any, modes: Any, k: int) -> Any:
        return read(rows, modes, k)

    assert [person_at(rows, modes, k) for k in range(3)] == [Person(1, 40, 0), Person(-2, 50, 1), Person(3, 60, 255)]
