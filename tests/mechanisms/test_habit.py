"""Equation 5, and habit's term of equation 3."""

from hypothesis import given
from hypothesis import strategies as st

from abm.mechanisms.habit import form_habit, habit
from abm.numerics.fixed_point import ONE, U16_MAX, q32_per_level, to_q16

LEVEL = st.integers(0, U16_MAX)


@given(st.floats(0, 100), LEVEL)
def test_term(strength: float, level: int) -> None:
    value = habit(q32_per_level(strength), level) / ONE
    assert abs(value - strength * (2 * level / U16_MAX - 1)) <= U16_MAX / 2 / ONE + 1e-9


@given(LEVEL, st.integers(0, 1), st.floats(0, 1))
def test_formation(level: int, mode: int, share: float) -> None:
    expected = level + share * (U16_MAX * mode - level)
    assert abs(form_habit(level, mode, to_q16(share)) - expected) <= 1.0 + 1e-9  # half a level, and half a rate


def test_a_habit_of_one_half_is_almost_no_pull() -> None:
    assert habit(q32_per_level(1.0), 32767) == -habit(q32_per_level(1.0), 32768)
    assert abs(habit(q32_per_level(1.0), 32768)) / ONE < 2e-5


def test_sixty_six_days_to_95_percent() -> None:
    """Lally (2010): the median habit; at one occasion a day a rate of 1 - 0.05**(1/66) gets there in 66."""
    level = 0
    for _ in range(66):
        level = form_habit(level, 1, to_q16(1 - 0.05 ** (1 / 66)))
    assert abs(level / U16_MAX - 0.95) < 0.001
