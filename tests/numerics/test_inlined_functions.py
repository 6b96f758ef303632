"""Compiled code and Python get the same numbers from an inlined function, bit for bit, at the ends of its range too."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abm.mechanisms import awareness, choice, habit, livestream, norm, preference, price, stockpile, supply, trust
from abm.numerics import fixed_point as fp
from abm.numerics import lookup_tables as tables
from abm.numerics import random

pytestmark = pytest.mark.needs_compiled


def whole(*ends: int) -> st.SearchStrategy[int]:
    """Return whole numbers between two ends, and the ends themselves more often than chance would have it."""
    return st.one_of(st.sampled_from(ends), st.integers(*ends))


def share(*ends: float) -> st.SearchStrategy[float]:
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
    function: Callable[..., Any]
    arguments: tuple[st.SearchStrategy[Any], ...]  # those of ``some_of`` stand for two


FEW, MANY = some_of(2**23 - 1), some_of(2**31 - 1)
CASES = [
    Case(fp.to_q32, (share(-1000.0, 1000.0),)),
    Case(fp.to_rank, (PART,)),
    Case(fp.share_of, (UTILITY, FEW)),
    Case(fp.share_of_many, (UTILITY, MANY)),
    Case(fp.approach, (LEVEL, LEVEL, RATE)),
    Case(fp.natural_log, (whole(1, 2**62),)),
    Case(random.philox, (WORD_64,) * 6),
    Case(tables.taste_of, (WORD, st.just(tables.normal_quantiles()))),
    Case(tables.basket_of, (whole(-6 << 16, 6 << 16), st.just(tables.baskets(1.0)))),
    Case(choice.p_certain, (UTILITY,)),
    Case(choice.p_uniform, (UTILITY,)),
    Case(choice.p_curve, (UTILITY, st.sampled_from(list(tables.choice_curves())))),
    Case(preference.preference, (UTILITY, whole(0, 100 * fp.ONE), whole(-7 << 16, 7 << 16))),
    Case(habit.habit, (whole(0, 2**23), LEVEL)),
    Case(habit.form_habit, (LEVEL, BIT, RATE)),
    Case(trust.trust, (whole(0, 2**23), LEVEL)),
    Case(trust.learn_trust, (LEVEL, BIT, RATE)),
    Case(trust.trust_after_bad_news, (LEVEL, CHANCE, FEW)),
    Case(norm.norm, (UTILITY, FEW)),
    Case(norm.norm_of_all, (UTILITY, MANY)),
    Case(awareness.aware_linear, (CHANCE, CHANCE, FEW)),
    Case(awareness.aware_of_all, (CHANCE, CHANCE, MANY)),
    Case(awareness.aware_independent, (PART, PART, whole(0, 2**23))),
    Case(livestream.livestream, (UTILITY, st.booleans())),
    Case(livestream.livestream_reach, (PART, PART, PART)),
    Case(price.price, (UTILITY, st.booleans())),
    Case(stockpile.buy_ahead, (LEVEL, LEVEL)),
    Case(stockpile.use_stock, (LEVEL, LEVEL)),
    Case(stockpile.restocked, (WORD, LEVEL, LEVEL)),
    Case(supply.supply, (share(-10.0, 10.0), share(supply.LEAST, 1.0))),
    Case(supply.merchants_join, (share(supply.LEAST, 1.0), PART, PART, share(0.001, 1.0))),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.function.__name__)
def test_compiled_and_plain_functions_agree(case: Case) -> None:
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
