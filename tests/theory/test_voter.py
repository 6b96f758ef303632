"""The voter model: everyone copies someone. Who wins is decided by the ties of those who start."""

import networkx as nx
import numpy as np
import pytest

from abm import Market, Simulation
from abm.engine.state import N_SUPER
from tests.theory.expected import voter_weeks

pytestmark = pytest.mark.needs_compiled


def last_week_of_disagreement(markets: list[Market], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return, by market, the weeks to consensus and whether it was super."""
    simulation = Simulation(markets, seed=seed)
    consumers = simulation.layouts["n_consumers"]
    undecided = np.ones(len(markets), np.bool_)
    while undecided.any():
        simulation.advance(100)
        n_super = simulation.trajectory().tallies[:, :, N_SUPER]
        undecided = (n_super[-1] > 0) & (n_super[-1] < consumers)
    return ((n_super > 0) & (n_super < consumers)).sum(axis=0), n_super[-1] == consumers


def voters(name: str, **values: object) -> Market:
    return Market(name=name, norm={"strength": 1.0}, choice={"noise": "uniform"}, **values)


@pytest.mark.parametrize("n_runs", [200, pytest.param(500, marks=pytest.mark.slow)])
def test_consensus_in_a_complete_network(n_runs: int) -> None:
    assert abs(voter_weeks(200, 0.5) - 277) < 0.5
    markets = [voters(f"m{i}", consumers=200, initial_adoption=0.5) for i in range(n_runs)]
    weeks, won = last_week_of_disagreement(markets, seed=1)
    assert abs(weeks.mean() - voter_weeks(200, 0.5)) < 4.5 * weeks.std() / np.sqrt(n_runs)
    assert abs(won.mean() - 0.5) < 4.5 * 0.5 / np.sqrt(n_runs)


@pytest.mark.parametrize("share", [0.1, 0.7])
def test_the_chance_to_win_is_the_initial_share(share: float) -> None:
    n_runs = 400
    markets = [voters(f"m{i}", consumers=50, initial_adoption=share) for i in range(n_runs)]
    won = last_week_of_disagreement(markets, seed=2)[1]
    assert abs(won.mean() - share) < 4.5 * np.sqrt(share * (1 - share) / n_runs)


@pytest.mark.parametrize("seeds", [(0,), (1, 2, 3)])
def test_ties_count_not_heads(seeds: tuple[int, ...]) -> None:
    """Two stars with joined hubs: a hub holds 6 of 22 ends of ties, three leaves only 3."""
    graph = nx.Graph([(0, i) for i in range(1, 6)] + [(6, i) for i in range(7, 12)] + [(0, 6)])
    n_runs, network = 500, {"family": "graph", "graph": graph}
    markets = [voters(f"m{i}", network=network, seed_consumers=seeds, occasion_rate=0.5) for i in range(n_runs)]
    won = last_week_of_disagreement(markets, seed=3)[1]
    share = sum(graph.degree(i) for i in seeds) / 22
    assert abs(won.mean() - share) < 4.5 * np.sqrt(share * (1 - share) / n_runs)
