"""Whole-number arithmetic against exact fractions."""

import math
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from abm.numerics import fixed_point as fp
from tests.reference import arithmetic as exact

COUNTS = st.integers(0, 2**31 - 1)
TIES = st.integers(0, 2**23 - 1)


def test_formats_are_frozen() -> None:
    assert fp.ONE == 2**32
    assert fp.U16_MAX == 65535
    assert {fp.TASTE_BITS, fp.RANK_BITS, fp.RATE_BITS, fp.BASKET_BITS} == {16}


@given(st.floats(-1000, 1000, allow_nan=False))
@example(0.5**33)
@example(-(0.5**33))
@example(-0.0)
def test_q32(value: float) -> None:
    assert abs(Fraction(fp.to_q32(value)) - Fraction(value) * fp.ONE) <= Fraction(1, 2)
    assert fp.to_q32(value) == exact.to_q32(value)


@pytest.mark.parametrize(("value", "expected"), [(0.0, 0), (1.0, 2**32), (-1.0, -(2**32)), (1000.0, 1000 * 2**32)])
def test_q32_of_whole_numbers(value: float, expected: int) -> None:
    assert fp.to_q32(value) == expected


@given(st.floats(0, 100))
def test_per_level(value: float) -> None:
    assert fp.q32_per_level(value) == exact.q32_per_level(value)
    assert abs(fp.q32_per_level(value) * fp.U16_MAX / fp.ONE - value) <= fp.U16_MAX / 2 / fp.ONE + 1e-12


@given(st.floats(0, 1))
def test_rates_and_ranks(value: float) -> None:
    assert abs(fp.to_q16(value) / 2**16 - value) <= 2**-17
    assert abs(fp.to_rank(value) / 2**16 - value) <= 2**-17
    assert 0 <= fp.to_rank(value) <= 2**16


def test_everybody_ranks_below_one_and_nobody_below_zero() -> None:
    assert (fp.to_rank(0.0), fp.to_rank(1.0), fp.to_q16(0.0), fp.to_q16(1.0)) == (0, 65536, 0, 65536)


@given(st.integers(-100 * 2**32, 100 * 2**32), TIES, TIES)
@example(100 * 2**32, 2**23 - 1, 2**23 - 1)
@example(-100 * 2**32, 2**23 - 2, 2**23 - 1)
@example(1, 1, 2)
@example(-1, 1, 2)
def test_share_of(weight: int, count: int, total: int) -> None:
    count = min(count, total)
    assert fp.share_of(weight, count, total) == exact.share(weight, count, total)


@given(st.integers(-100 * 2**32, 100 * 2**32), COUNTS, COUNTS)
@example(2**32, 2**31 - 1, 2**31 - 1)
@example(-100 * 2**32, 2**31 - 2, 2**31 - 1)
@example(1, 1, 2)
@example(-1, 1, 2)
def test_share_of_many(weight: int, count: int, total: int) -> None:
    count = min(count, total)
    assert fp.share_of_many(weight, count, total) == exact.share(weight, count, total)


def test_share_of_nothing_all_and_half() -> None:
    assert fp.share_of(2**32, 0, 0) == 0
    assert fp.share_of(7, 3, 3) == 7
    assert fp.share_of(2**32, 5, 10) == 2**31


@pytest.mark.parametrize("first", range(1, 301, 60))
def test_a_threshold_that_is_met_adds_up_to_nothing_less(first: int) -> None:
    """-phi as Q32 plus the share phi of one are >= 0, one neighbour fewer is < 0: rounding decides nothing."""
    for total in range(first, first + 60):
        for count in range(total + 1):
            threshold = fp.to_q32(-(count / total))
            assert threshold + fp.share_of(fp.ONE, count, total) >= 0
            if count:
                assert threshold + fp.share_of(fp.ONE, count - 1, total) < 0


@given(st.integers(0, 65535), st.sampled_from([0, 65535]), st.integers(0, 65536))
def test_approach(level: int, target: int, rate: int) -> None:
    moved = fp.approach(level, target, rate)
    wanted = level + Fraction(rate * (target - level), 2**16)
    assert abs(moved - wanted) <= Fraction(1, 2)
    assert moved == exact.nearest(wanted)
    assert min(level, target) <= moved <= max(level, target)


@pytest.mark.parametrize("level", [0, 1, 32768, 65534, 65535])
def test_approach_at_once_and_never(level: int) -> None:
    assert [fp.approach(level, target, 65536) for target in (0, 65535)] == [0, 65535]
    assert [fp.approach(level, target, 0) for target in (0, 65535)] == [level, level]


@given(st.integers(4295, 100 * 2**32))
@example(4295)
@example(2**32)
@example(2**32 - 1)
@example(2**33 - 1)
def test_natural_log(value: int) -> None:
    assert abs(fp.natural_log(value) - math.log(value / fp.ONE) * fp.ONE) < 16
    assert fp.natural_log(value) == exact.natural_log(value / fp.ONE)


def test_natural_log_of_one_is_zero() -> None:
    assert fp.natural_log(fp.ONE) == 0


@given(st.integers(4295, 100 * 2**32), st.integers(1, 2**20))
def test_natural_log_does_not_fall(value: int, more: int) -> None:
    assert fp.natural_log(value + more) >= fp.natural_log(value) - 1
