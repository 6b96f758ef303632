"""Watts (2002): one seed, everyone a threshold, Poisson network; and what happens at equality."""

import networkx as nx
import numpy as np
import pytest

from abm import Market, simulate
from tests.theory.expected import cascade_window

pytestmark = pytest.mark.needs_compiled

N = 10_000


def threshold_market(phi: float, **values: object) -> Market:
    return Market(
        norm={"strength": 1.0}, preference={"mean": -phi}, choice={"noise": "none", "reversible": False}, **values
    )


def final_shares(phi: float, z: float, seed: int, n_runs: int = 16) -> np.ndarray:
    """Return the last adoption in so many markets, each with its own network and one seed."""
    network = {"family": "random", "degree": z}
    markets = [
        threshold_market(phi, name=f"m{i}", consumers=N, network=network, seed_adopters=1) for i in range(n_runs)
    ]
    table = simulate(markets, weeks=100, seed=seed).table
    return table[table["week"] == 100]["adoption"].to_numpy()


@pytest.mark.parametrize(("phi", "window"), [(0.18, (1.0207, 5.7647)), (0.25, (1.1141, 3.8631))])
def test_published_windows(phi: float, window: tuple[float, float]) -> None:
    np.testing.assert_allclose(cascade_window(phi), window, atol=6e-5)


@pytest.mark.parametrize(("phi", "z"), [(0.18, 1.4), (0.18, 3.0), (0.18, 5.2), (0.25, 1.6), (0.25, 3.0)])
def test_global_cascades_inside_the_window(phi: float, z: float) -> None:
    assert (final_shares(phi, z, seed=1) > 0.2).any()


@pytest.mark.parametrize(("phi", "z"), [(0.18, 0.8), (0.18, 6.6), (0.25, 0.8), (0.25, 4.6)])
def test_no_global_cascade_outside(phi: float, z: float) -> None:
    assert final_shares(phi, z, seed=2).max() < 0.02


@pytest.mark.parametrize("degree", range(1, 13))
def test_a_share_equal_to_the_threshold_adopts(degree: int) -> None:
    """V >= 0 decides: the hub of a star adopts exactly when its share of super neighbours reaches phi."""
    star = {"family": "graph", "graph": nx.star_graph(degree)}
    for needed in range(1, degree + 1):
        for n_super in (needed - 1, needed):
            seeds = tuple(range(1, n_super + 1))
            market = threshold_market(needed / degree, network=star, seed_consumers=seeds)
            assert simulate(market, weeks=1).consumers.mode[0] == (n_super == needed)


@pytest.mark.parametrize(("phi", "adopts"), [(0.25, 1), (0.25 + 1e-9, 0), (0.25 - 1e-9, 1)])
def test_one_of_four_neighbors(phi: float, adopts: int) -> None:
    star = {"family": "graph", "graph": nx.star_graph(4)}
    market = threshold_market(phi, network=star, seed_consumers=(2,))
    assert simulate(market, weeks=1).consumers.mode[0] == adopts
