"""Equation 7, and supply's term of equation 3."""

import math

from hypothesis import given
from hypothesis import strategies as st

from abm.mechanisms.supply import FLOOR_SHARE, LEAST, merchants_join, supply
from abm.numerics.fixed_point import ONE

MERCHANTS = st.floats(LEAST, 1)
SHARES = st.floats(0, 1)


@given(st.floats(0, 100), MERCHANTS)
def test_term(weight: float, merchants: float) -> None:
    rounded = max(1e-9, abs(math.log1p(0.5 / (merchants * ONE))))  # merchants are rounded to Q32 first
    assert abs(supply(weight, merchants) - weight * math.log(merchants)) <= weight * (rounded + 17 / ONE) + 1e-12
    assert supply(weight, 1.0) == 0.0


@given(MERCHANTS, SHARES, SHARES, st.floats(0, 100))
def test_merchants_join(merchants: float, gmv_share: float, rate: float, half_saturation: float) -> None:
    target = (gmv_share + FLOOR_SHARE) / (gmv_share + FLOOR_SHARE + half_saturation)
    later = merchants_join(merchants, gmv_share, rate, half_saturation)
    assert math.isclose(later, max(LEAST, merchants + rate * (target - merchants)), rel_tol=1e-12)
    assert min(merchants, target) - 1e-12 <= later <= max(merchants, target) + 1e-12
    assert LEAST <= later <= 1 + 1e-15


def test_without_saturation_all_merchants_join() -> None:
    assert merchants_join(0.2, 0.0, 1.0, 0.0) == 1.0


def test_half_saturation() -> None:
    assert merchants_join(0.2, 0.29, 1.0, 0.3) == 0.5


def test_at_a_rate_of_zero_merchants_stay() -> None:
    assert merchants_join(0.2, 0.9, 0.0, 0.3) == 0.2
