"""A run on a procedural network, whose edges are computed, equals the run on the same network stored, bit for bit."""

from dataclasses import replace
from typing import Any

import numba
import numpy as np
import pytest

from abm import Market, Simulation, simulate
from abm.engine.adjacency import neighbors_of
from abm.engine.columns import mechanisms_in_use
from abm.engine.kernel import new_workspaces
from abm.engine.layout import rows_of
from abm.engine.neighbor_counts import scatter_counts
from abm.networks import FAMILIES, build
from tests.baselines.runs import busy


def procedural_market(name: str, consumers: int, degree: int) -> Market:
    return busy(name, "procedural", network={"degree": degree}, consumers=consumers)


def assert_same(one: Any, other: Any) -> None:
    assert np.array_equal(one.tallies, other.tallies)
    for name in ("aware", "mode", "habit", "trust", "degree"):
        assert np.array_equal(getattr(one.consumers, name), getattr(other.consumers, name)), name


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize(("consumers", "degree"), [(2, 1), (130, 10), (9_000, 13)])
def test_equals_its_stored_form(consumers: int, degree: int, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    market = procedural_market("only", consumers, degree)
    found = simulate(market, weeks=12, seed=3, threads=threads)
    assert consumers == 2 or found.tallies[:, 0, 1].max() > 0
    monkeypatch.setitem(FAMILIES._items, "procedural", replace(FAMILIES["procedural"], procedure=None))
    assert_same(found, simulate(market, weeks=12, seed=3, threads=threads))


def test_beside_markets_with_stored_networks() -> None:
    """Each of three markets side by side is what it is alone."""
    stored = busy("stored", "small_world", consumers=700)
    markets = [stored, procedural_market("computed", 500, 10), procedural_market("small", 66, 6)]
    together = simulate(markets, weeks=10, seed=9)
    for i, market in enumerate(markets):
        alone = simulate(market, weeks=10, seed=9)
        assert np.array_equal(together.tallies[:, i], alone.tallies[:, 0]), market.name


def test_the_mesa_engine_agrees() -> None:
    market = procedural_market("only", 120, 10)
    assert_same(simulate(market, weeks=6, seed=3), simulate(market, weeks=6, seed=3, engine="mesa"))


def test_no_edges_are_stored_but_everybody_has_neighbours() -> None:
    market = procedural_market("only", 500, 10)
    simulation = Simulation([busy("first", "complete", consumers=100), market], seed=3)
    adjacency, layout = simulation.population.adjacency, simulation.layouts[1]
    assert adjacency.indices.size == 0
    assert adjacency.starts.size == 1
    csr = build(market.network, n=500, seed=3, name="only")
    first = rows_of(layout).start
    for i in (0, 1, 250, 499):
        assert (neighbors_of(adjacency, first + i) - first).tolist() == csr.indices[10 * i : 10 * i + 10].tolist()


def test_going_on_from_a_snapshot() -> None:
    market = procedural_market("west", 3_000, 10)
    whole, first = Simulation([market], seed=3), Simulation([market], seed=3)
    whole.advance(8)
    first.advance(4)
    second = Simulation([market], seed=3)
    second.restore(first.snapshot())
    second.advance(4)
    assert np.array_equal(whole.present_tallies, second.present_tallies)


@numba.njit(_nrt=False)
def scatter_switches(state, adjacency, workspace):
    delta, senders = workspace.delta.n_super, workspace.senders
    scatter_counts(state.switched, state.mode, 0, 1, adjacency, adjacency.procedures, delta, senders)


@pytest.mark.needs_compiled
@pytest.mark.parametrize(("family", "is_compiled"), [("small_world", False), ("procedural", True)])
def test_computed_neighbours_are_compiled_only_where_there_are_some(family: str, is_compiled: bool) -> None:
    population = Simulation([Market(consumers=60, network={"family": family, "degree": 4})], seed=1).population
    scatter_switches(population.state, population.adjacency, new_workspaces(population, mechanisms_in_use(), 1)[0][0])
    code = scatter_switches.inspect_llvm(scatter_switches.signatures[-1])
    assert ("procedural_neighbors" in code) == is_compiled
