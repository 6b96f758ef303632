"""The other terms of equation 3: norm, preference, integration, live streams, price."""

import math

from hypothesis import given
from hypothesis import strategies as st

from abm.mechanisms.integration import integration
from abm.mechanisms.livestream import livestream, livestream_reach
from abm.mechanisms.norm import norm
from abm.mechanisms.preference import preference
from abm.mechanisms.price import price
from abm.numerics.fixed_point import ONE, to_q32

COUNTS = st.integers(0, 2**23 - 1)  # neighbours of one consumer, see share_of
SHARES = st.floats(0, 1)


@given(st.floats(-100, 100), COUNTS, COUNTS)
def test_norm(strength: float, n_super: int, n_neighbors: int) -> None:
    n_super = min(n_super, n_neighbors)
    s = n_super / n_neighbors if n_neighbors else 0.0
    assert abs(norm(to_q32(strength), n_super, n_neighbors) / ONE - strength * s) < 1.01 / ONE


def test_one_friend_in_five_at_two_multiplies_odds_by_one_and_a_half() -> None:
    """Bapna & Umyarov (2015)."""
    assert abs(math.exp(norm(to_q32(2.0), 1, 5) / ONE) - 1.4918) < 1e-4


@given(st.floats(-1000, 1000), st.floats(0, 100), st.integers(-419_430, 419_430))
def test_preference(mean: float, spread: float, taste: int) -> None:
    expected = mean + spread * taste / 2**16
    error = 0.5 + 0.5 * abs(taste) / 2**16 + 1
    assert abs(preference(to_q32(mean), to_q32(spread), taste) / ONE - expected) <= error / ONE + 1e-12


@given(st.floats(1, 100), st.floats(0, 100), st.floats(0, 10))
def test_integration(functions: float, benefit: float, clutter: float) -> None:
    expected = benefit * math.log(functions) - clutter * (functions - 1)
    assert abs(integration(functions, benefit, clutter) - expected) < 100 * 17 / ONE


def test_a_single_app_has_nothing_to_integrate() -> None:
    assert integration(1.0, 7.0, 3.0) == 0.0


@given(SHARES, SHARES, SHARES)
def test_livestream_reach(reach: float, growth: float, merchants: float) -> None:
    assert livestream_reach(reach, growth, merchants) == min(1.0, reach + growth * merchants)


def test_live_streams_reach_everyone_at_most() -> None:
    assert livestream_reach(0.75, 0.5, 1.0) == 1.0


@given(st.integers(-(2**39), 2**39))
def test_terms_of_those_who_are_reached(value: int) -> None:
    assert [livestream(value, reached) for reached in (True, False)] == [value, 0]
    assert [price(value, reached) for reached in (True, False)] == [value, 0]
