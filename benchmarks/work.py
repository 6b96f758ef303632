"""The work all tools do: consumers on a small world reconsider now and then, under taste and the share of neighbours.

Each week a consumer reconsiders with probability 0.2 and then shops in the super-app with probability
1 / (1 + exp(-(a + 3 s))), a ~ N(-1.5, 1), s = share of the 10 neighbours there; 10 % start there.
"""

import numpy as np
import numpy.typing as npt

from abm import Market
from abm.networks import CSR, Network, build

RATE, STRENGTH, MEAN, SPREAD, START = 0.2, 3.0, -1.5, 1.0, 0.1
NEAR_EQUILIBRIUM = 0.5  # mean taste at which almost everyone has settled


def network(n: int) -> CSR:
    """Return the small world of ``n`` consumers, degree 10, rewiring 0.1."""
    return build(Network(family="small_world", degree=10, rewiring=0.1), n=n, seed=1)


def tastes(n: int, mean: float) -> npt.NDArray[np.float32]:
    """Return everyone's a."""
    return np.random.default_rng(7).normal(mean, SPREAD, n).astype(np.float32)


def starters(n: int) -> npt.NDArray[np.uint8]:
    """Return who starts in the super-app."""
    return (np.random.default_rng(8).random(n) < START).astype(np.uint8)


def market(n: int, mean: float) -> Market:
    """Return the same work as a market of this model."""
    return Market(
        consumers=n,
        occasion_rate=RATE,
        initial_adoption=START,
        preference={"mean": mean, "spread": SPREAD},
        norm={"strength": STRENGTH},
        network={"family": "small_world", "degree": 10, "rewiring": 0.1},
    )
