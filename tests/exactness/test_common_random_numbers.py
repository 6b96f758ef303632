"""Scenarios share their random numbers: what a lever does not touch stays as it is, to the byte."""

from typing import Any

import networkx as nx
import numpy as np
import pytest

from abm import Market, Simulation, Trajectory, simulate
from tests.exactness import busy

SCALE, WEEKS = 150, 14


def arrays(simulation: Simulation) -> dict[str, np.ndarray]:
    """Return every array of a simulation: traits, states, ties."""
    population = simulation.population
    return {
        f"{group}.{name}": values
        for group in ("traits", "state", "adjacency")
        for name, values in getattr(population, group)._asdict().items()
        if values is not None
    }


def assert_same_bytes(left: Simulation, right: Simulation) -> None:
    first, second = arrays(left), arrays(right)
    assert first.keys() == second.keys()
    for name in first:
        assert first[name].tobytes() == second[name].tobytes(), name
    assert left.trajectory().tallies.tobytes() == right.trajectory().tallies.tobytes()
    assert left.trajectory().merchants.tobytes() == right.trajectory().merchants.tobytes()


def ran(markets: list[Market], levers: list[dict[str, Any]], weeks: int = WEEKS) -> Simulation:
    simulation = Simulation(markets, seed=8, replicate=2, levers=levers)
    simulation.advance(weeks)
    return simulation


def a_set(values: dict[str, Any], start: int, market: str = "local") -> dict[str, Any]:
    return {"kind": "set", "market": market, "start": start, "values": values}


NULL = {
    "discount that is": {"price.discount": 0.1},
    "norm that is": {"norm.strength": 2.0},
    "functions that are": {"integration.functions": 5.0},
    "noise-free repetition": {"habit.rate": 0.2, "trust.learning": 0.2, "supply.rate": 0.2, "occasion_rate": 0.6},
}


@pytest.mark.parametrize("name", NULL)
def test_a_null_lever_changes_no_byte(name: str) -> None:
    assert_same_bytes(ran(busy.markets(SCALE), []), ran(busy.markets(SCALE), [a_set(NULL[name], 3)]))


def test_a_lever_for_nobody_changes_no_byte() -> None:
    """A discount that reaches nobody, and a weight on something nobody has."""
    markets = [market.replace({"price.reach": 0.0, "livestream.reach": 0.0, "livestream.growth": 0.0})
               for market in busy.markets(SCALE)]  # fmt: skip
    levers = [a_set({"price.discount": 0.9}, 2), a_set({"livestream.weight": 9.0}, 2, "hubs")]
    assert_same_bytes(ran(markets, []), ran(markets, levers))


@pytest.mark.parametrize("start", [0, 1, 6, WEEKS - 1])
@pytest.mark.parametrize("values", [{"preference.mean": 2.0}, {"occasion_rate": 0.1}, {"trust.service_quality": 0.0}])
def test_nothing_changes_before_the_lever(values: dict[str, Any], start: int) -> None:
    """State and tallies are the same up to the week in which the lever starts, and differ in the next."""
    base, pulled = (Simulation(busy.markets(SCALE), seed=8, levers=levers) for levers in ([], [a_set(values, start)]))
    for simulation in (base, pulled):
        simulation.advance(start)
    assert_same_bytes(base, pulled)
    for simulation in (base, pulled):
        simulation.advance(1)
    assert base.trajectory().tallies[-1].tobytes() != pulled.trajectory().tallies[-1].tobytes()


def own(trajectory: Trajectory, market: str) -> dict[str, bytes]:
    """Return everything about one market's consumers and its rows of the table, as bytes."""
    consumers = trajectory.consumers
    rows = consumers.market == market
    found = {name: consumers[name][rows].tobytes() for name in ("aware", "mode", "habit", "trust", "degree")}
    table = trajectory.table
    return found | {"table": table[table["market"] == market].to_csv(index=False).encode()}


def without_ties_abroad() -> list[Market]:
    return [market if market.network.family == "complete" else market.replace({"network.ties_abroad": 0.0})
            for market in busy.markets(SCALE)]  # fmt: skip


def test_a_lever_changes_nothing_in_other_markets() -> None:
    markets = without_ties_abroad()
    base = simulate(markets, weeks=WEEKS, seed=8)
    pulled = simulate(markets, weeks=WEEKS, seed=8, levers=[a_set({"preference.mean": 3.0}, 2)])
    for market in markets:
        assert (own(base, market.name) == own(pulled, market.name)) == (market.name != "local"), market.name


def test_one_more_market_changes_nobody_else() -> None:
    markets = without_ties_abroad()
    more = Market(name="newcomer", consumers=777, **busy.EVERYTHING)
    base = simulate(markets, weeks=WEEKS, seed=8)
    for position in (0, 2, 4):
        joined = simulate([*markets[:position], more, *markets[position:]], weeks=WEEKS, seed=8)
        for market in markets:
            assert own(base, market.name) == own(joined, market.name)


@pytest.mark.parametrize("order", [(3, 2, 1, 0), (1, 3, 0, 2)])
def test_the_order_of_markets_changes_nobody(order: tuple[int, ...]) -> None:
    """Adjacency abroad included."""
    markets = busy.markets(SCALE)
    base = simulate(markets, weeks=WEEKS, seed=8)
    moved = simulate([markets[position] for position in order], weeks=WEEKS, seed=8)
    for market in markets:
        assert own(base, market.name) == own(moved, market.name)


@pytest.mark.parametrize("n_more", [1, 64, 100])
def test_consumers_far_away_change_nobody_else(n_more: int) -> None:
    """In a market with a common supply they would, through merchants; so supply is fixed."""
    near = nx.gnm_random_graph(300, 900, seed=1)
    far = nx.disjoint_union(near, nx.path_graph(n_more))
    values = busy.EVERYTHING | {"supply": {"weight": 0.5, "initial": 0.1}, "seed_consumers": tuple(range(0, 300, 7))}
    del values["initial_adoption"]
    base, joined = (
        simulate(Market(network={"family": "graph", "graph": graph}, **values), weeks=WEEKS, seed=8)
        for graph in (near, far)
    )
    for name in ("aware", "mode", "habit", "trust", "degree"):
        assert base.consumers[name].tobytes() == joined.consumers[name][:300].tobytes(), name


def test_one_more_consumer_keeps_traits_and_words() -> None:
    """On the complete network everybody meets the newcomer; but tastes, baskets and first adopters stay."""
    few, more = (Simulation([Market(consumers=n, basket_sigma=1.0, seed_adopters=9)], seed=3) for n in (200, 201))
    for name in ("taste", "live_rank", "reach_rank", "basket"):
        first, second = (getattr(simulation.population.traits, name) for simulation in (few, more))
        assert first[:200].tobytes() == second[:200].tobytes(), name
    alone, joined = (simulate(Market(consumers=n), weeks=5, seed=3).consumers.mode for n in (200, 201))
    np.testing.assert_array_equal(alone, joined[:200])  # without a norm nobody minds the newcomer


def test_the_horizon_does_not_show() -> None:
    """A longer run begins as the shorter one."""
    short, long = (simulate(busy.markets(SCALE), weeks=weeks, seed=8) for weeks in (5, WEEKS))
    assert short.tallies.tobytes() == long.tallies[:6].tobytes()
