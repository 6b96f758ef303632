"""The pictures and the knobs, without a browser."""

from __future__ import annotations

import io
import time
from base64 import b64decode

import networkx as nx
import numpy as np
import pytest
from PIL import Image

from abm.agents.model import ShoppingModel
from abm.markets.market import Market, parameter_paths
from abm.view.figures import Board
from abm.view.lever_buttons import OFFERS
from abm.view.network_sample import MOST_DRAWN, Neighborhood, neighborhood
from abm.view.parameter_panel import groups, knobs_of
from tests.view.test_live_model import make


def sample(family: str, n: int = 3000, drawn: int = 250, seed: int = 1) -> tuple[ShoppingModel, Neighborhood]:
    network = {"family": family, "degree": 8, "rewiring": 0.1, "communities": 20, "within": 0.95}
    model = ShoppingModel(markets=Market(consumers=n, network=network), rng=seed)
    simulation = model.simulation
    return model, neighborhood(simulation.layouts[0], simulation.population.adjacency, drawn, seed)


@pytest.mark.parametrize("family", ["small_world", "scale_free", "communities", "regular"])
def test_a_connected_neighborhood_with_its_ties(family: str) -> None:
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


def test_same_seed_same_picture() -> None:
    one, other, third = (sample("small_world", seed=seed)[1] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.positions, other.positions)
    np.testing.assert_array_equal(one.rows, other.rows)
    assert not np.array_equal(one.rows, third.rows)


def test_complete_and_tiny_networks() -> None:
    _, drawn = sample("complete", n=40)
    assert (len(drawn.rows), len(drawn.ties)) == (40, 0)
    _, drawn = sample("ring", n=12)
    assert len(drawn.rows) == 12


def image(address: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(b64decode(address.split(",")[1]))))


def test_all_pictures_change_with_the_weeks() -> None:
    stage = make()
    board = Board(stage)
    first = board.pictures()
    assert board.pictures() is first  # not drawn twice
    stage.run_for(30)
    later = board.pictures()
    assert set(first) == {"network 0", "network 1", "shoppers", "sales", "mind", "taste", "friends"}
    for name, address in later.items():
        assert not np.array_equal(image(address), image(first[name])), name
        assert image(address).shape[1] > 500
    stage.fire("west", "Deals", OFFERS[0].lever)
    assert board.pictures()["shoppers"] != later["shoppers"]


def test_at_most_five_hundred_are_drawn() -> None:
    for names in ({"market_2": "none"}, {}, {"market_3": "uk", "market_4": "japan"}):
        stage = make(consumers=1000, **names)
        assert sum(len(network.sample.rows) for network in Board(stage)._networks) <= MOST_DRAWN


def test_every_offer_can_be_pulled() -> None:
    stage = make(consumers=1000)
    stage.run_for(2)
    for offer in OFFERS:
        stage.fire("west", offer.label, dict(offer.lever))
        assert stage.notice == "", (offer.label, stage.notice)
        stage.run_for(1)
    assert len(stage.pulled) == len(OFFERS)


def test_every_parameter_of_every_mechanism_has_a_knob() -> None:
    market = Market.profile("west")
    knobs = {knob.path: knob for group in groups() for knob in knobs_of(market, group)}
    fixed = dict(parameter_paths())
    free = {path for path, never in fixed.items() if not never}
    assert free <= set(knobs)
    assert all(knob.fixed == fixed[path] for path, knob in knobs.items())
    for path, knob in knobs.items():
        assert knob.meaning
        if not knob.choices:
            owner = market
            for name in path.split("."):
                owner = getattr(owner, name)
            assert knob.low <= owner <= knob.high, path
            market.replace({path: type(owner)(knob.low)})
            market.replace({path: type(owner)(knob.high)})


@pytest.mark.slow
def test_a_week_of_100_000_consumers_in_half_a_second() -> None:
    """Two markets of 100,000: a step and all seven pictures; all threads' work is counted, not the wait for others'."""
    stage = make(consumers=100_000)
    board = Board(stage)
    stage.step()
    board.pictures()
    seconds = []
    for _ in range(8):
        clock = time.process_time()
        stage.step()
        board.pictures()
        seconds.append(time.process_time() - clock)
    assert min(seconds) < 0.5
