"""Two derivations of every prediction agree: those of ``abm.verify`` and those of ``tests/theory/expected.py``.

They share no line: odds against spins on the Bethe lattice, coefficients against SciPy's distributions, an exact chain
against a diffusion. A slip in one of them shows here, at any parameters; a slip in the model shows against both.
"""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from abm.verify import (
    bass,
    bethe,
    complex_contagion,
    gleeson_cahalane,
    logistic_map,
    mean_field_maps,
    networks,
    si_epidemic,
    voter,
    watts,
)
from tests.theory import expected

CHANCES = st.floats(0.001, 0.4)


@given(CHANCES, CHANCES)
def test_bass(p: float, q: float) -> None:
    np.testing.assert_allclose(bass.curve(p, q, 25), expected.bass(p, q, 25), atol=1e-12)


def test_bass_has_the_published_values() -> None:
    curve = bass.curve(0.03, 0.38, 20)
    np.testing.assert_allclose(curve[[5, 10, 20]], [0.27291, 0.78264, 0.99839], atol=5e-6)
    assert np.argmax(np.diff(curve)) + 1 == 8  # the week of most new adopters


def test_si_has_the_published_values() -> None:
    curve = si_epidemic.curve(0.5, 0.01, 20, 100_000)
    np.testing.assert_allclose(curve[5::5], [0.07196, 0.38730, 0.86281, 0.98665], atol=5e-6)


def test_brock_durlauf_has_the_published_values() -> None:
    np.testing.assert_allclose(logistic_map.fixed_points(6, -3), [0.07072, 0.5, 0.92928], atol=5e-6)
    orbit = mean_field_maps.orbit(logistic_map.step(6, -3), 0.55, 5)
    np.testing.assert_allclose(orbit[1:], [0.57444, 0.60984, 0.65905, 0.72198, 0.79115], atol=6e-6)
    np.testing.assert_allclose(logistic_map.bifurcation_points(6), [-3.41509, -2.58491], atol=5e-6)


@given(st.floats(0.05, 3), st.floats(0.001, 0.5), st.sampled_from([100, 10_000, 1_000_000]))
def test_si_epidemic(beta: float, start: float, n: int) -> None:
    np.testing.assert_allclose(
        si_epidemic.curve(beta, start, 25, n), expected.si(beta / n, n, start, 25), rtol=1e-8, atol=1e-12
    )


@given(st.floats(-8, 12), st.floats(-6, 4))
def test_fixed_points(j: float, b: float) -> None:
    assume(j <= 4 or min(abs(b - point) for point in logistic_map.bifurcation_points(j)) > 1e-3)
    found = logistic_map.fixed_points(j, b)
    assume(len(found) == 1 or np.diff(found).min() > 2e-3)  # the other search steps by 1 / 2000
    np.testing.assert_allclose(found, expected.fixed_points(j, b), atol=1e-9)


@given(st.floats(4.01, 30))
def test_folds(j: float) -> None:
    np.testing.assert_allclose(logistic_map.bifurcation_points(j), expected.bifurcation_points(j), atol=1e-9)


@given(st.floats(-3, 9), st.floats(-4, 2), st.floats(0.01, 0.99), st.floats(0.1, 1))
def test_orbit_and_its_spread(j: float, b: float, start: float, rho: float) -> None:
    step, noise = logistic_map.step(j, b, rho), logistic_map.noise(j, b, rho)
    assert mean_field_maps.orbit(step, start, 9).tolist() == pytest.approx(expected.brock_durlauf(j, b, start, 9, rho))
    other = np.array(expected.spread_of_map(step, noise, start, 9, 10_000))
    allowed = mean_field_maps.orbit_tolerance(step, noise, start, 9, 10_000)
    np.testing.assert_allclose(allowed[1:], 5 * other[1:] + 2 / 10_000, rtol=1e-3)


@settings(max_examples=25)
@given(st.integers(3, 25), st.floats(0.5, 9))
def test_bethe(k: int, j: float) -> None:
    assert math.isclose(bethe.critical(k), expected.bethe_critical(k), rel_tol=1e-12)
    assume(abs(j / bethe.critical(k) - 1) > 0.05)
    assert bethe.state(k, j, -j / 2) == pytest.approx(expected.bethe(k, j, -j / 2), abs=1e-8)
    assert bethe.state(k, j, 0.3 - j / 2) == pytest.approx(expected.bethe(k, j, 0.3 - j / 2), abs=1e-8)
    assert bethe.state(k, j, -j / 2, high=False) == pytest.approx(1 - bethe.state(k, j, -j / 2), abs=1e-8)


def test_bethe_has_the_published_values() -> None:
    np.testing.assert_allclose([bethe.state(k, 6, -3) for k in (4, 10, 20)], [0.79602, 0.91249, 0.92260], atol=6e-6)


@pytest.mark.parametrize("phi", [0.12, 0.15, 0.18, 0.2, 0.22, 0.25])
def test_cascade_window(phi: float) -> None:
    np.testing.assert_allclose(watts.window(phi), expected.cascade_window(phi), atol=1e-6)


def test_cascade_window_has_the_published_values() -> None:
    np.testing.assert_allclose(
        [watts.window(phi) for phi in (0.18, 0.25)], [(1.0207, 5.7647), (1.1141, 3.8631)], atol=6e-5
    )


@pytest.mark.parametrize("phi", [0.18, 0.25])
def test_the_chance_of_a_cascade_opens_and_closes_with_the_window(phi: float) -> None:
    low, high = watts.window(phi)
    assert watts.chance(phi, 0.95 * low) < 1e-3
    assert watts.chance(phi, 1.05 * high) < 1e-3
    assert watts.chance(phi, 1.1 * low) > 0.05
    assert watts.chance(phi, 0.95 * high) > 0.1


@settings(max_examples=30)
@given(st.floats(0.5, 8), st.sampled_from([0.1, 0.18, 0.25, 1 / 3, 0.4, 0.5, 0.75]), st.floats(0.001, 0.3))
def test_gleeson_cahalane(z: float, phi: float, rho0: float) -> None:
    np.testing.assert_allclose(
        gleeson_cahalane.shares(z, phi, rho0, 12), expected.gleeson_cahalane(z, phi, rho0, 12), atol=2e-7
    )


def test_gleeson_cahalane_has_the_published_values() -> None:
    weekly = [0.01, 0.03499, 0.07909, 0.16042, 0.31449, 0.58097, 0.86451, 0.96598, 0.97919]
    np.testing.assert_allclose(gleeson_cahalane.shares(4, 0.18, 0.01, 8), weekly, atol=6e-6)
    for z, end in {1.5: 0.59140, 3: 0.94120, 4: 0.98039, 5: 0.99310}.items():
        assert gleeson_cahalane.shares(z, 0.18, 0.01, 300)[-1] == pytest.approx(end, abs=6e-6)


@pytest.mark.parametrize(("n", "start"), [(50, 25), (100, 30), (200, 100)])
def test_the_chain_of_voters_is_near_its_diffusion(n: int, start: int) -> None:
    """The exact mean is below the diffusion's by a percent or so: nobody copies himself."""
    assert abs(expected.voter_weeks(200, 0.5) - 277) < 0.5
    mean, sd = voter.time_to_consensus(n, start)
    assert 0.97 < mean / expected.voter_weeks(n, start / n) < 1.0
    assert 0.5 * mean < sd < 1.1 * mean


def test_the_chain_of_voters_is_a_martingale() -> None:
    matrix = voter.transitions(40)
    np.testing.assert_allclose(matrix.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(matrix @ np.arange(41), np.arange(41), atol=1e-10)


def test_shares_of_degrees_add_up() -> None:
    assert sum(networks.scale_free_share(k, 3) for k in range(3, 100_000)) == pytest.approx(1, abs=1e-8)
    assert sum(networks.poisson_share(k, 6.5) for k in range(80)) == pytest.approx(1, abs=1e-12)
    assert [round(networks.scale_free_share(k, 3), 4) for k in (3, 4, 5)] == [0.4, 0.2, 0.1143]
    assert [round(networks.small_world_clustering(10, p), 4) for p in (0.0, 0.1, 0.3)] == [0.6667, 0.486, 0.2287]


def test_fronts() -> None:
    assert [[complex_contagion.speed(r, a) for a in range(1, r + 2)] for r in (1, 2, 3)] == [
        [1, 0],
        [2, 1, 0],
        [3, 2, 1, 0],
    ]
