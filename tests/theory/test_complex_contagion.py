"""Centola & Macy (2007): on a ring, a contagion that takes several neighbours moves as a front, or not at all."""

import numpy as np
import pytest

from abm import Market, simulate

pytestmark = pytest.mark.needs_compiled

N, WEEKS = 200, 8
# Where more are needed than one side has, the ends of the seed would give up as well, if they could.
CASES = [
    (side, needed, reversible)
    for side in range(1, 6)
    for needed in range(1, side + 2)
    for reversible in (True, False)
    if needed <= side or not reversible
]


@pytest.mark.parametrize(("side", "needed", "reversible"), CASES)
def test_front(side: int, needed: int, reversible: bool) -> None:
    first, last = 90, 90 + 2 * side + 2  # contiguous seed, long enough to fill one side of a neighbourhood
    market = Market(
        consumers=N, network={"family": "ring", "degree": 2 * side}, seed_consumers=tuple(range(first, last)),
        norm={"strength": 1.0}, preference={"mean": -needed / (2 * side)},
        choice={"noise": "none", "reversible": reversible},
    )  # fmt: skip
    trajectory = simulate(market, weeks=WEEKS)
    speed = max(0, side - needed + 1)
    n_super = np.minimum(N, last - first + 2 * speed * np.arange(WEEKS + 1))
    np.testing.assert_array_equal(trajectory.table["super"], n_super)
    reached = np.zeros(N, np.uint8)
    reached[max(0, first - speed * WEEKS) : last + speed * WEEKS] = 1
    np.testing.assert_array_equal(trajectory.consumers.mode, reached)
