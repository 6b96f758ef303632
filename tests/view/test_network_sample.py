"""The sample of a network that is drawn."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from abm.agents.model import ShoppingModel
from abm.markets.market import Market
from abm.view.network_sample import NetworkSample, sample_network

pytestmark = pytest.mark.needs_compiled


def sample(family: str, n: int = 3000, drawn: int = 250, seed: int = 1) -> tuple[ShoppingModel, NetworkSample]:
    network = {"family": family, "degree": 8, "rewiring": 0.1, "communities": 20, "within": 0.95}
    model = ShoppingModel(markets=Market(consumers=n, network=network), rng=seed)
    simulation = model.simulation
    return model, sample_network(simulation.layouts[0], simulation.population.adjacency, drawn, seed)


@pytest.mark.parametrize("family", ["small_world", "scale_free", "communities", "regular"])
def test_the_sample_is_connected_and_has_its_ties(family: str) -> None:
    model, drawn = sample(family)
    graph = nx.Graph(drawn.ties.tolist())
    assert len(drawn.rows) == len(set(drawn.rows.tolist())) == 250
    assert nx.is_connected(graph)
    assert graph.number_of_nodes() == 250
    for one, other in drawn.ties[::50]:
        neighbors = model.agents[int(drawn.rows[one])].neighbors
        assert model.agents[int(drawn.rows[other])] in neighbors
    np.testing.assert_array_equal(drawn.degree, model.row_index.degree(drawn.rows))
    assert drawn.positions.min() == 0
    assert drawn.positions.max() == 1


def test_communities_stand_apart() -> None:
    """Members are nearer to their own middle than communities are to each other."""
    _, drawn = sample("communities")
    middles = np.array([drawn.positions[list(group)].mean(0) for group in drawn.communities])
    spreads = [
        np.linalg.norm(drawn.positions[list(g)] - m, axis=1).mean()
        for g, m in zip(drawn.communities, middles, strict=True)
    ]
    gaps = np.linalg.norm(middles[:, None] - middles[None, :], axis=2)[~np.eye(len(middles), dtype=bool)]
    assert len(middles) >= 3
    assert np.mean(spreads) < 0.5 * gaps.mean()


def test_same_seed_same_sample() -> None:
    one, other, third = (sample("small_world", seed=seed)[1] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.positions, other.positions)
    np.testing.assert_array_equal(one.rows, other.rows)
    assert not np.array_equal(one.rows, third.rows)


def test_complete_and_tiny_networks() -> None:
    _, drawn = sample("complete", n=40)
    assert (len(drawn.rows), len(drawn.ties)) == (40, 0)
    _, drawn = sample("ring", n=12)
    assert len(drawn.rows) == 12
