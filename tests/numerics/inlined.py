"""Compares an inlined function as compiled code and as Python runs it, bit for bit, over its whole range."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numba
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from abm.numerics import fixed_point as fp


def whole(*ends: int) -> st.SearchStrategy[int]:
    """Return whole numbers between two ends, and the ends themselves more often than chance would have it."""
    return st.one_of(st.sampled_from(ends), st.integers(*ends))


def share(*ends: float) -> st.SearchStrategy[float]:
    """Return numbers between two ends, and the ends themselves more often."""
    return st.one_of(st.sampled_from(ends), st.floats(*ends))


UTILITY, CHANCE = whole(-100 * fp.ONE, 100 * fp.ONE), whole(0, fp.ONE)
LEVEL, BIT, RATE = whole(0, fp.U16_MAX), whole(0, 1), whole(0, 1 << fp.RATE_BITS)
WORD, WORD_64 = whole(0, 2**32 - 1), whole(0, 2**32 - 1).map(np.uint64)
PART = share(0.0, 1.0)


@st.composite
def some_of(draw: st.DrawFn, most: int) -> tuple[int, int]:
    """Draw how many of how many, two arguments."""
    total = draw(whole(0, most))
    return draw(whole(0, total)), total


class Case(NamedTuple):
    """A function and where its arguments come from."""

    function: Callable[..., Any]
    arguments: tuple[st.SearchStrategy[Any], ...]  # those of ``some_of`` stand for two


FEW, MANY = some_of(2**23 - 1), some_of(2**31 - 1)


def assert_compiled_equals_plain(case: Case) -> None:
    """Call the function from compiled code and from Python, with 200 draws of its arguments."""
    function = case.function

    @numba.njit(error_model="numpy")
    def compiled(*arguments):
        return function(*arguments)

    @settings(max_examples=200)
    @given(st.tuples(*case.arguments))
    def agree(drawn: tuple[Any, ...]) -> None:
        arguments = [one for given in drawn for one in (given if isinstance(given, tuple) else (given,))]
        found, expected = compiled(*arguments), function(*arguments)
        assert np.asarray(found).tobytes() == np.asarray(expected, np.asarray(found).dtype).tobytes(), arguments

    agree()
