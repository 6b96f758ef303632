"""Brock & Durlauf (2001) and Glauber dynamics beyond the cases of ``abm verify``: other orbits, and fluctuations."""

import numpy as np
import pytest

from abm import simulate
from abm.verify import brock_durlauf
from abm.verify.check import CheckSettings

pytestmark = pytest.mark.needs_compiled


@pytest.mark.parametrize("rho", [1.0, 0.3])
@pytest.mark.parametrize("start", [0.55, 0.45, 0.9, 0.02])
@pytest.mark.parametrize("seed", [1, 2])
def test_orbit(seed: int, start: float, rho: float) -> None:
    comparison, _ = brock_durlauf.compare_orbit(6.0, -3.0, start, rho, CheckSettings.quick(seed))
    assert comparison.passed, comparison


@pytest.mark.parametrize(("start", "state"), [(0.03, 0.07072), (0.97, 0.92928)])
def test_fluctuations_around_stable_states(start: float, state: float) -> None:
    market = brock_durlauf.market(6, -3, start, 100_000)
    shares = simulate(market, weeks=80, seed=3).table["adoption"].to_numpy()[30:]
    assert np.abs(shares - state).max() < 5 * 0.0009
    assert abs(shares.mean() - state) < 0.0009
    assert 0.0006 < shares.std() < 0.0013
