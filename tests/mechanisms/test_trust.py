"""Equation 4, and trust's term of equation 3."""

from hypothesis import given
from hypothesis import strategies as st

from abm.mechanisms.trust import learn_trust, trust, trust_after_bad_news
from abm.numerics.fixed_point import ONE, U16_MAX, q32_per_level, to_q16, to_q32

LEVEL = st.integers(0, U16_MAX)
COUNTS = st.integers(0, 10_000)


@given(st.floats(0, 100), LEVEL)
def test_term(weight: float, level: int) -> None:
    value = trust(q32_per_level(weight / 2), level) / ONE
    assert abs(value - weight * (level / U16_MAX - 0.5)) <= U16_MAX / 2 / ONE + 1e-9


@given(LEVEL, st.integers(0, 1), st.floats(0, 1))
def test_learning(level: int, good: int, learning: float) -> None:
    expected = level + learning * (U16_MAX * good - level)
    assert abs(learn_trust(level, good, to_q16(learning)) - expected) <= 1.0 + 1e-9


@given(LEVEL, st.floats(0, 1), COUNTS, COUNTS)
def test_bad_news(level: int, bad_news: float, n_let_down: int, n_neighbors: int) -> None:
    n_let_down = min(n_let_down, n_neighbors)
    s = n_let_down / n_neighbors if n_neighbors else 0.0
    later = trust_after_bad_news(level, to_q32(bad_news), n_let_down, n_neighbors)
    assert abs(later - level * (1 - bad_news * s)) <= 0.5 + 1e-3
    assert 0 <= later <= level


def test_the_worst_news_leaves_no_trust() -> None:
    assert trust_after_bad_news(U16_MAX, ONE, 3, 3) == 0
    assert trust_after_bad_news(U16_MAX, ONE, 0, 0) == U16_MAX
