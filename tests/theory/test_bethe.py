"""Logistic choice with a norm on random regular networks, which look like trees: the Bethe lattice."""

import numpy as np
import pytest

from abm import Market, simulate
from tests.theory.expected import bethe, bethe_critical

pytestmark = pytest.mark.needs_compiled

N = 100_000


def market(k: int, j: float, start: float, n: int = N) -> Market:
    return Market(
        consumers=n, initial_adoption=start, network={"family": "regular", "degree": k},
        norm={"strength": j}, preference={"mean": -j / 2},
    )  # fmt: skip


def test_published_values() -> None:
    np.testing.assert_allclose([bethe(k, 6, -3) for k in (4, 10, 20)], [0.79602, 0.91249, 0.92260], atol=6e-6)


# Five standard deviations of a mean over 50 weeks; k = 4 is close to its critical norm, so it wanders.
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("k", "tolerance"), [(4, 0.009), (10, 0.001), (20, 0.001)])
def test_high_state(k: int, tolerance: float, seed: int) -> None:
    shares = simulate(market(k, 6, 0.9), weeks=100, seed=seed).table["adoption"].to_numpy()
    assert abs(shares[50:].mean() - bethe(k, 6, -3)) < tolerance


@pytest.mark.parametrize("k", [4, 10])
def test_two_states_only_above_the_critical_norm(k: int) -> None:
    critical = bethe_critical(k)
    below, above = (
        [simulate(market(k, factor * critical, start, 20_000), weeks=300, seed=3).table["adoption"].iloc[-1]
         for start in (0.1, 0.9)]
        for factor in (0.85, 1.1)
    )  # fmt: skip
    assert all(abs(share - 0.5) < 0.06 for share in below)
    assert above[0] < 0.35
    assert above[1] > 0.65
