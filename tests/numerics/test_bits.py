"""Instructions by name: as compiled, they do what their plain form does."""

from typing import Any

import numpy as np
import pytest

from abm.numerics import bits
from abm.numerics.jit import entry_point


@entry_point
def zeros(word):
    return bits.trailing_zeros(word)


@entry_point
def summed(array, first, n):
    return bits.sum_before(array, first, n)


@pytest.mark.parametrize(("word", "expected"), [(0, 64), (1, 0), (0x8000000000000000, 63), (0b101000, 3)])
def test_trailing_zeros(word: int, expected: int) -> None:
    assert zeros(np.uint64(word)) == bits._trailing_zeros_plain(word) == expected


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.uint32])
def test_sum_before(kind: Any) -> None:
    """Also of the largest entries, whose sum needs more room than they do."""
    array = np.full(192, np.iinfo(kind).max, kind)
    array[64:128] = np.random.default_rng(1).integers(0, np.iinfo(kind).max, 64, kind, endpoint=True)
    for first in (0, 64, 128):
        for n in range(64):
            expected = sum(array[first : first + n].tolist())
            assert summed(array, np.uint64(first), np.uint64(n)) == expected
            assert bits._sum_before_plain(array, first, n) == expected
