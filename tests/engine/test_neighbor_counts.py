"""A run on the network that stores no ties is the run on its stored form, bit for bit."""

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


def worked_out(name: str, consumers: int, degree: int) -> Market:
    return busy(name, "procedural", network={"degree": degree}, consumers=consumers)


def same(one: Any, other: Any) -> None:
    assert np.array_equal(one.tallies, other.tallies)
    for name in ("aware", "mode", "habit", "trust", "degree"):
        assert np.array_equal(getattr(one.consumers, name), getattr(other.consumers, name)), name


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize(("consumers", "degree"), [(2, 1), (130, 10), (9_000, 13)])
def test_equals_its_stored_form(consumers: int, degree: int, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    market = worked_out("only", consumers, degree)
    found = simulate(market, weeks=12, seed=3, threads=threads)
    assert consumers == 2 or found.tallies[:, 0, 1].max() > 0
    monkeypatch.setitem(FAMILIES._items, "procedural", replace(FAMILIES["procedural"], procedure=None))
    same(found, simulate(market, weeks=12, seed=3, threads=threads))


def test_beside_markets_that_store_theirs() -> None:
    """Each of three markets side by side is what it is alone."""
    markets = [busy("stored", "small_world", consumers=700), worked_out("none", 500, 10), worked_out("too", 66, 6)]
    together = simulate(markets, weeks=10, seed=9)
    for place, market in enumerate(markets):
        alone = simulate(market, weeks=10, seed=9)
        assert np.array_equal(together.tallies[:, place], alone.tallies[:, 0]), market.name


def test_the_mesa_engine_agrees() -> None:
    market = worked_out("only", 120, 10)
    same(simulate(market, weeks=6, seed=3), simulate(market, weeks=6, seed=3, engine="mesa"))


def test_no_ties_are_stored_but_everybody_has_neighbours() -> None:
    market = worked_out("only", 500, 10)
    simulation = Simulation([busy("first", "complete", consumers=100), market], seed=3)
    adjacency, place = simulation.population.adjacency, simulation.layouts[1]
    assert adjacency.indices.size == 0
    assert adjacency.starts.size == 1
    csr = build(market.network, n=500, seed=3, name="only")
    first = rows_of(place).start
    for i in (0, 1, 250, 499):
        assert (neighbors_of(adjacency, first + i) - first).tolist() == csr.indices[10 * i : 10 * i + 10].tolist()


def test_restored_weeks() -> None:
    market = worked_out("west", 3_000, 10)
    straight, halted = Simulation([market], seed=3), Simulation([market], seed=3)
    straight.advance(8)
    halted.advance(4)
    goes_on = Simulation([market], seed=3)
    goes_on.restore(halted.snapshot())
    goes_on.advance(4)
    assert np.array_equal(straight.present_tallies, goes_on.present_tallies)


@numba.njit(_nrt=False)
def tell(state, adjacency, room):
    scatter_counts(state.switched, state.mode, 0, 1, adjacency, adjacency.procedures, room.delta.n_super, room.senders)


@pytest.mark.needs_compiled
@pytest.mark.parametrize(("family", "is_compiled"), [("small_world", False), ("procedural", True)])
def test_working_out_ties_is_compiled_only_where_some_are(family: str, is_compiled: bool) -> None:
    population = Simulation([Market(consumers=60, network={"family": family, "degree": 4})], seed=1).population
    tell(population.state, population.adjacency, new_workspaces(population, mechanisms_in_use(), 1)[0][0])
    code = tell.inspect_llvm(tell.signatures[-1])
    assert ("procedural_neighbors" in code) == is_compiled
