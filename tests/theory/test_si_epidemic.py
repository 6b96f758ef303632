"""Susceptible-infected: every contact tells independently of the others."""

import numpy as np
import pytest

from abm import Market, simulate
from tests.theory.expected import si, spread_of_map

pytestmark = pytest.mark.needs_compiled

START, WEEKS = 0.01, 20


def market(n: int) -> Market:
    return Market(
        consumers=n, initial_adoption=START,
        awareness={"word_of_mouth": 0.5 / n, "initial": 0.0, "form": "independent"},
        choice={"noise": "none", "reversible": False}, preference={"mean": 100.0},
    )  # fmt: skip


def _step(i: float) -> float:
    return i + (1 - i) * (1 - np.exp(-0.5 * i))


def _drawn(i: float) -> float:
    return (1 - i) * np.exp(-0.5 * i) * (1 - np.exp(-0.5 * i))


def test_the_map_has_the_published_values() -> None:
    curve = si(0.5 / 1e5, 100_000, START, WEEKS)
    np.testing.assert_allclose(curve[5::5], [0.07196, 0.38730, 0.86281, 0.98665], atol=5e-6)


@pytest.mark.parametrize("n", [100_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_curve(seed: int, n: int) -> None:
    shares = simulate(market(n), weeks=WEEKS, seed=seed).table["adoption"].to_numpy()
    errors = np.abs(shares - si(0.5 / n, n, START, WEEKS))
    assert (errors <= 5 * np.array(spread_of_map(_step, _drawn, START, WEEKS, n)) + 2 / n).all()
