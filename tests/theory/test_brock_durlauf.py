"""Brock & Durlauf (2001), and Glauber dynamics: logistic choice with a norm, everyone a neighbour of everyone."""

import numpy as np
import pytest

from abm import Market, simulate
from tests.theory.expected import brock_durlauf, fixed_points, folds, logistic, spread_of_map

pytestmark = pytest.mark.needs_compiled

N = 100_000


def market(j: float, b: float, start: float, rho: float = 1.0, n: int = N) -> Market:
    return Market(consumers=n, initial_adoption=start, occasion_rate=rho, norm={"strength": j}, preference={"mean": b})


def adoption(market: Market, weeks: int, seed: int) -> np.ndarray:
    return simulate(market, weeks=weeks, seed=seed).table["adoption"].to_numpy()


def test_published_values() -> None:
    np.testing.assert_allclose(fixed_points(6, -3), [0.07072, 0.5, 0.92928], atol=5e-6)
    np.testing.assert_allclose(
        brock_durlauf(6, -3, 0.55, 5)[1:], [0.57444, 0.60984, 0.65905, 0.72198, 0.79115], atol=6e-6
    )
    np.testing.assert_allclose(folds(6), [-3.41509, -2.58491], atol=5e-6)


@pytest.mark.parametrize("rho", [1.0, 0.3])
@pytest.mark.parametrize("start", [0.55, 0.45, 0.9, 0.02])
@pytest.mark.parametrize("seed", [1, 2])
def test_orbit(seed: int, start: float, rho: float) -> None:
    def step(x: float) -> float:
        return (1 - rho) * x + rho * logistic(-3 + 6 * x)

    def drawn(x: float) -> float:
        p = logistic(-3 + 6 * x)
        leave, join = rho * (1 - p), rho * p
        return x * leave * (1 - leave) + (1 - x) * join * (1 - join)

    shares = adoption(market(6, -3, start, rho), 12, seed)
    errors = np.abs(shares - brock_durlauf(6, -3, start, 12, rho))
    assert (errors <= 5 * np.array(spread_of_map(step, drawn, start, 12, N)) + 1 / N).all()


@pytest.mark.parametrize(("start", "state"), [(0.03, 0.07072), (0.97, 0.92928)])
def test_stable_states(start: float, state: float) -> None:
    shares = adoption(market(6, -3, start), 80, seed=3)[30:]
    assert np.abs(shares - state).max() < 5 * 0.0009
    assert abs(shares.mean() - state) < 0.0009
    assert 0.0006 < shares.std() < 0.0013


@pytest.mark.parametrize(("j", "two"), [(3.6, False), (4.4, True)])
def test_two_stable_states_only_above_four(j: float, two: bool) -> None:
    low, high = (adoption(market(j, -j / 2, start), 200, seed=4)[-1] for start in (0.1, 0.9))
    if two:
        states = fixed_points(j, -j / 2)
        assert abs(low - states[0]) < 0.03
        assert abs(high - states[2]) < 0.03
    else:
        assert abs(low - 0.5) < 0.03
        assert abs(high - 0.5) < 0.03


def test_hysteresis_between_the_folds() -> None:
    """Pushed up slowly the market jumps at the upper fold, let down slowly at the lower one."""
    weeks, rise = 40, np.arange(-3.6, -2.35, 0.05)
    path = [*rise, *rise[::-1]]
    levers = [
        {"kind": "set", "market": "market", "start": weeks * i, "weeks": weeks, "values": {"preference.mean": float(b)}}
        for i, b in enumerate(path)
    ]
    trajectory = simulate(market(6, -3.6, 0.05, n=20_000), weeks=weeks * len(path), levers=levers, seed=5)
    ends = trajectory.table["adoption"].to_numpy()[weeks::weeks]
    up, down = ends[: rise.size] > 0.5, ends[rise.size :] > 0.5
    lower, upper = folds(6)
    assert upper - 0.05 < rise[up].min() < upper + 0.1
    assert lower < rise[::-1][down].min() < lower + 0.1
