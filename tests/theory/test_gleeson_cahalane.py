"""Gleeson & Cahalane (2007): threshold cascades from a share of seeds, week by week."""

import numpy as np
import pytest

from abm import Market, simulate
from tests.theory.expected import gleeson_cahalane

pytestmark = pytest.mark.needs_compiled

PHI, SEEDS = 0.18, 0.01
PUBLISHED = [0.01, 0.03499, 0.07909, 0.16042, 0.31449, 0.58097, 0.86451, 0.96598, 0.97919]
ENDS = {1.5: 0.59140, 3.0: 0.94120, 4.0: 0.98039, 5.0: 0.99310}
# Standard deviations over seeds at 100,000 consumers, measured over 24 and 12 runs; they fall as 1 / sqrt(n).
# The week of take-off varies, and so does the end at z = 1.5, close to where cascades begin.
SPREAD = np.array([0.0, 0.0004, 0.0012, 0.0027, 0.005, 0.0075, 0.005, 0.001, 0.0004])
SPREAD_OF_ENDS = {1.5: 0.0021, 3.0: 0.0007, 4.0: 0.0004, 5.0: 0.00023}


def adoption(z: float, weeks: int, seed: int, n: int) -> np.ndarray:
    market = Market(
        consumers=n, network={"family": "random", "degree": z}, initial_adoption=SEEDS,
        norm={"strength": 1.0}, preference={"mean": -PHI}, choice={"noise": "none", "reversible": False},
    )  # fmt: skip
    return simulate(market, weeks=weeks, seed=seed).table["adoption"].to_numpy()


def test_the_recursion_has_the_published_values() -> None:
    np.testing.assert_allclose(gleeson_cahalane(4.0, PHI, SEEDS, 8), PUBLISHED, atol=6e-6)
    for z, end in ENDS.items():
        assert abs(gleeson_cahalane(z, PHI, SEEDS, 300)[-1] - end) < 6e-6


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("n", [100_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_week_by_week(seed: int, n: int) -> None:
    errors = np.abs(adoption(4.0, 8, seed, n) - PUBLISHED)
    assert (errors <= 5 * SPREAD * np.sqrt(100_000 / n) + 1e-5).all()


@pytest.mark.parametrize("z", ENDS)
def test_ends(z: float) -> None:
    assert abs(adoption(z, 60, 3, 100_000)[-1] - ENDS[z]) < 5 * SPREAD_OF_ENDS[z]


@pytest.mark.slow
@pytest.mark.parametrize("z", ENDS)
def test_ends_of_a_million(z: float) -> None:
    mean = np.mean([adoption(z, 60, seed, 1_000_000)[-1] for seed in (4, 5)])
    assert abs(mean - ENDS[z]) < max(0.002, 5 * SPREAD_OF_ENDS[z] / np.sqrt(20))
