"""The choice of equation 3: from utility to a decision (accuracy of curves: tests/numerics/test_lookup_tables.py)."""

from hypothesis import given
from hypothesis import strategies as st

from abm.mechanisms.choice import LOGISTIC, NONE, NORMAL, UNIFORM, p_super
from abm.numerics.fixed_point import ONE
from abm.numerics.lookup_tables import choice_curves

UTILITIES = st.integers(-(2**45), 2**45)


@given(UTILITIES, st.sampled_from([LOGISTIC, NORMAL, UNIFORM, NONE]), st.integers(0, 2**40))
def test_the_chance_never_falls_with_utility(utility: int, noise: int, more: int) -> None:
    chance = p_super(utility, noise, choice_curves())
    assert 0 <= chance <= ONE
    assert p_super(utility + more, noise, choice_curves()) >= chance


@given(st.integers(-24 * ONE, 24 * ONE), st.sampled_from([LOGISTIC, NORMAL]))
def test_symmetric_noise(utility: int, noise: int) -> None:
    plus, minus = (p_super(sign * utility, noise, choice_curves()) for sign in (1, -1))
    assert abs(plus + minus - ONE) <= 2


def test_uniform() -> None:
    cases = [-1, 0, ONE // 3, ONE, ONE + 1]
    assert [p_super(v, UNIFORM, choice_curves()) for v in cases] == [0, 0, ONE // 3, ONE, ONE]


def test_a_tie_adopts() -> None:
    assert [p_super(v, NONE, choice_curves()) for v in (-1, 0, 1)] == [0, ONE, ONE]


def test_half_at_no_utility() -> None:
    assert [p_super(0, noise, choice_curves()) for noise in (LOGISTIC, NORMAL)] == [ONE // 2, ONE // 2]
