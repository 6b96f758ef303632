"""Watts (2002) beyond the cases of ``abm verify``: no cascade outside the window, and what happens at equality."""

from fractions import Fraction

import networkx as nx
import pytest

from abm import simulate
from abm.verify import watts

pytestmark = pytest.mark.needs_compiled


@pytest.mark.parametrize(("phi", "z"), [(0.18, 1.4), (0.18, 3.0), (0.18, 5.2), (0.25, 1.6), (0.25, 3.0)])
def test_global_cascades_inside_the_window(phi: float, z: float) -> None:
    assert (watts.final_shares(phi, z, runs=16, seed=1) > 0.2).any()


@pytest.mark.parametrize(("phi", "z"), [(0.18, 0.8), (0.18, 6.6), (0.25, 0.8), (0.25, 4.6)])
def test_no_global_cascade_outside(phi: float, z: float) -> None:
    assert watts.final_shares(phi, z, runs=16, seed=2).max() < 0.02


@pytest.mark.parametrize("degree", range(1, 13))
def test_a_share_equal_to_the_threshold_adopts(degree: int) -> None:
    """V >= 0 decides: the hub of a star adopts exactly when its share of super neighbours reaches phi."""
    for needed in range(1, degree + 1):
        assert watts.stars(Fraction(needed, degree), [degree]) == (2, 0)


@pytest.mark.parametrize(("phi", "adopts"), [(0.25, 1), (0.25 + 1e-9, 0), (0.25 - 1e-9, 1)])
def test_one_of_four_neighbors(phi: float, adopts: int) -> None:
    star = {"family": "graph", "graph": nx.star_graph(4)}
    market = watts.market(phi, network=star, seed_consumers=(2,))
    assert simulate(market, weeks=1).consumers.mode[0] == adopts
