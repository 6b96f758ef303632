"""Equation 1."""

from hypothesis import example, given
from hypothesis import strategies as st

from abm.mechanisms.awareness import aware_independent, aware_linear
from abm.numerics.fixed_point import ONE, to_q32

CHANCES = st.floats(0, 1)
COUNTS = st.integers(0, 10_000)


@given(CHANCES, CHANCES, COUNTS, COUNTS)
def test_linear(p: float, q: float, n_super: int, n_neighbors: int) -> None:
    n_super = min(n_super, n_neighbors)
    s = n_super / n_neighbors if n_neighbors else 0.0
    assert abs(aware_linear(to_q32(p), to_q32(q), n_super, n_neighbors) / ONE - (p + q * s)) < 2 / ONE


@given(CHANCES, CHANCES, COUNTS)
@example(0.0, 0.0, 10_000)
@example(0.0, 1.0, 1)
@example(1.0, 0.0, 0)
def test_independent(p: float, q: float, n_super: int) -> None:
    chance = aware_independent(1.0 - p, 1.0 - q, n_super)
    assert abs(chance / ONE - (1 - (1 - p) * (1 - q) ** n_super)) < 1 / ONE
    assert 0 <= chance <= ONE


@given(CHANCES, CHANCES, COUNTS)
def test_more_adopting_neighbours_never_lower_the_chance(p: float, q: float, n_super: int) -> None:
    assert aware_independent(1.0 - p, 1.0 - q, n_super + 1) >= aware_independent(1.0 - p, 1.0 - q, n_super)
    fewer, more = (aware_linear(to_q32(p), to_q32(q), n, 20_000) for n in (n_super, n_super + 1))
    assert more >= fewer


def test_without_neighbors_only_advertising_counts() -> None:
    assert aware_linear(to_q32(0.25), ONE, 0, 0) == ONE // 4
    assert aware_independent(0.75, 0.0, 0) == ONE // 4
