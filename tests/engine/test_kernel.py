"""The compiled week against the plain-Python reference, to the last bit."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import abm.engine.parallel
from abm import Market, Simulation, simulate
from abm.engine import state
from abm.engine.gather import BLOCKS
from tests.engine.comparison import assert_same, run_both
from tests.reference.cases import Levers, configuration

N_CASES = 50
WEEKS = 10


@pytest.fixture(scope="session")
def edge_list(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file with a ring of 45 and some chords."""
    path: Path = tmp_path_factory.mktemp("network") / "edges.csv"
    edges = [(i, (i + 1) % 45) for i in range(45)] + [(i, (i + 7) % 45) for i in range(0, 45, 2)]
    path.write_text("\n".join(f"{a},{b}" for a, b in edges) + "\n")
    return str(path)


@pytest.mark.parametrize("case", range(N_CASES))
def test_kernel_equals_reference(case: int, edge_list: str) -> None:
    markets, levers = configuration(case, edge_list)
    assert_same(*run_both(markets, levers, WEEKS, seed=case * 7919))


def test_every_tally_is_large_in_the_random_cases() -> None:
    """The comparison would be empty without switches both ways, bad experiences and consumers who become aware."""
    totals = np.zeros(state.N_TALLIES, np.int64)
    for case in range(0, N_CASES, 3):  # one market each
        markets, levers = configuration(case, "")
        if markets[0].network.family != "file":
            totals += simulate(markets, weeks=WEEKS, levers=_started(levers), seed=case).tallies.sum((0, 1))
    assert (totals > 100).all()


def _started(levers: Levers) -> Levers:
    return [lever for lever in levers if lever["start"] < WEEKS]


EDGES: dict[str, dict[str, Any]] = {
    "one consumer": {"consumers": 1, "norm": {"strength": 2.0}, "trust": {"bad_news": 0.5, "service_quality": 0.5}},
    "one consumer in a random network": {"consumers": 1, "network": {"family": "random", "degree": 0}},
    "nobody has neighbours": {
        "consumers": 70, "network": {"family": "random", "degree": 0}, "norm": {"strength": 2.0},
        "initial_adoption": 0.5, "trust": {"bad_news": 1.0, "service_quality": 0.5},
    },
    "some have no neighbours": {
        "consumers": 130, "network": {"family": "random", "degree": 1}, "norm": {"strength": 2.0},
        "initial_adoption": 0.5, "trust": {"bad_news": 1.0, "service_quality": 0.5},
        "awareness": {"initial": 0.2, "word_of_mouth": 0.9},
    },
    "everything off": {"consumers": 100},
    "a block": {"consumers": 64, "norm": {"strength": 5.0}, "initial_adoption": 0.5},
    "a block and one": {"consumers": 65, "norm": {"strength": 5.0}, "initial_adoption": 0.5},
    "two blocks": {"consumers": 128, "norm": {"strength": 5.0}, "initial_adoption": 0.5},
    "never an occasion": {"consumers": 65, "occasion_rate": 0.0, "initial_adoption": 0.5},
    "hardly ever an occasion": {"consumers": 130, "occasion_rate": 2.0**-7},
    "launched after the end": {
        "consumers": 65, "launch": 99, "initial_adoption": 0.5, "supply": {"initial": 0.3, "rate": 0.5},
        "awareness": {"initial": 0.1, "advertising": 1.0},
    },
    "launched after the end, irreversible": {
        "consumers": 65, "launch": 99, "initial_adoption": 0.5, "choice": {"reversible": False},
    },
    "all super at once": {"consumers": 65, "initial_adoption": 1.0, "preference": {"mean": 1000.0, "spread": 100.0}},
    "merchants vanish": {"consumers": 65, "preference": {"mean": -50.0}, "supply": {
        "rate": 1.0, "half_saturation": 100.0, "weight": 100.0, "initial": 1e-6}},
    "largest weights": {
        "consumers": 65, "initial_adoption": 0.5, "norm": {"strength": -100.0},
        "habit": {"strength": 100.0, "rate": 1.0},
        "trust": {"weight": 100.0, "learning": 1.0, "service_quality": 0.0, "bad_news": 1.0}, "basket_sigma": 2.0,
        "integration": {"functions": 100.0, "benefit": 100.0, "clutter": 10.0}, "preference": {"spread": 100.0},
        "livestream": {"weight": 100.0, "reach": 1.0, "growth": 1.0}, "price": {"sensitivity": 100.0, "discount": -1.0},
    },
    "a hub with more than 255 neighbours": {
        "consumers": 400, "network": {"family": "scale_free", "degree": 2}, "norm": {"strength": 3.0},
        "trust": {"bad_news": 1.0, "service_quality": 0.3}, "preference": {"mean": -1.5},
    },
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_edge_cases(name: str) -> None:
    market = Market(name="edge", **EDGES[name])
    assert_same(*run_both([market], [], 6, seed=11))


def test_star_of_300_fits_its_counts() -> None:
    """The hub's counts leave 8 bits, on one thread and on several."""
    nx = pytest.importorskip("networkx")
    market = Market(
        network={"family": "graph", "graph": nx.star_graph(300)}, initial_adoption=0.9, occasion_rate=0.5,
        norm={"strength": 2.0}, trust={"weight": 2.0, "bad_news": 1.0, "service_quality": 0.1},
    )  # fmt: skip
    for threads in (1, 2):
        assert_same(*run_both([market], [], 5, seed=5, threads=threads))


def test_markets_of_every_size_beside_each_other() -> None:
    """Rows between markets are empty: 1, 63, 64, 65 consumers, stored and complete networks mixed."""
    ring = {"family": "ring", "degree": 2}
    mixed = ring | {"ties_abroad": 0.5}
    markets = [
        Market(name="one", consumers=1, norm={"strength": 1.0}),
        Market(name="ring", consumers=63, network=ring, norm={"strength": 3.0}, initial_adoption=0.3),
        Market(name="all", consumers=64, norm={"strength": 3.0}, initial_adoption=0.3),
        Market(name="abroad", consumers=65, network=mixed, trust={"service_quality": 0.2, "bad_news": 0.9}),
        Market(name="late", consumers=129, network=mixed, launch=3),
    ]  # fmt: skip
    assert_same(*run_both(markets, [], 8, seed=1))


def test_one_batch_after_the_other() -> None:
    """A market that fills one batch and a part of the next, behind another market."""
    first, _, market = _busy_markets()
    local = market.replace({"consumers": 64 * BLOCKS + 70, "network.family": "small_world"})
    assert_same(*run_both([first.replace({"consumers": 90}), local], [], 4, seed=2))


def test_irreversible_choice_does_not_keep_a_closed_shop_open() -> None:
    market = Market(
        consumers=200, initial_adoption=0.5, launch=3, choice={"reversible": False}, preference={"mean": 9.0}
    )
    n_super = simulate(market, weeks=5).table["super"].tolist()
    assert n_super[:4] == [100, 0, 0, 0]
    assert n_super[4] > 190


@pytest.mark.parametrize("row", range(0, 64, 9))
def test_a_rank_at_the_border_is_not_reached(row: int) -> None:
    """v < L and w < reach are strict: a consumer whose rank equals the reach is not reached."""
    values = {"name": "edge", "consumers": 64, "choice": {"noise": "none"}, "preference": {"mean": -0.5}}
    traits = Simulation([Market(**values)], seed=2, replicate=3).population.traits
    live, reach = (int(ranks[row]) / 2**16 for ranks in (traits.live_rank, traits.reach_rank))
    for change in (
        {"livestream": {"weight": 1.0, "reach": live}},
        {"price": {"sensitivity": 1.0, "discount": 1.0, "reach": reach}},
        {"livestream": {"reach": live}, "preference": {"mean": 1.0}},
    ):
        assert_same(*run_both([Market(**(values | change))], [], 2, seed=2))


def fingerprint(simulation: Simulation) -> str:
    """A hash over every number that a run leaves behind."""
    trajectory = simulation.trajectory()
    digest = hashlib.sha256(trajectory.table.to_csv().encode())
    digest.update(trajectory.tallies.tobytes() + trajectory.merchants.tobytes())
    for name in ("aware", "mode", "habit", "trust", "degree"):
        digest.update(getattr(trajectory.consumers, name).tobytes())
    for values in simulation.population.state:
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def _busy_markets() -> list[Market]:
    """About 60,000 consumers with everything on: a hub-heavy, a local and a complete market, some ties abroad."""
    common = {
        "occasion_rate": 0.6, "basket_sigma": 1.0, "initial_adoption": 0.2,
        "awareness": {"initial": 0.5, "advertising": 0.02, "word_of_mouth": 0.3},
        "preference": {"mean": -1.0, "spread": 1.0}, "habit": {"strength": 1.0, "rate": 0.2}, "norm": {"strength": 2.0},
        "trust": {"weight": 2.0, "learning": 0.2, "service_quality": 0.7, "bad_news": 0.4},
        "livestream": {"weight": 0.5, "reach": 0.3, "growth": 0.5},
        "supply": {"weight": 0.5, "initial": 0.1, "rate": 0.2, "half_saturation": 0.2},
    }  # fmt: skip
    return [
        Market(name="hubs", consumers=30_001, network={"family": "scale_free", "ties_abroad": 0.1}, **common),
        Market(name="local", consumers=20_000, network={"family": "small_world", "ties_abroad": 0.2}, **common),
        Market(name="mixed", consumers=10_037, **common),
    ]


@pytest.fixture(scope="module")
def busy_on_one_thread() -> str:
    simulation = Simulation(_busy_markets(), seed=42, threads=1)
    simulation.advance(12)
    return fingerprint(simulation)


@pytest.mark.needs_compiled
@pytest.mark.parametrize("threads", [2, 3, 8])
@pytest.mark.parametrize("part_blocks", [256, 1, 17])
def test_threads_and_parts_do_not_show(
    threads: int, part_blocks: int, busy_on_one_thread: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(abm.engine.parallel, "PART_BLOCKS", part_blocks)
    simulation = Simulation(_busy_markets(), seed=42, threads=threads)
    simulation.advance(12)
    assert fingerprint(simulation) == busy_on_one_thread


@pytest.mark.needs_compiled
@pytest.mark.parametrize("threads", [1, 2])
def test_weeks_can_be_run_in_any_portions(threads: int, busy_on_one_thread: str) -> None:
    simulation = Simulation(_busy_markets(), seed=42, threads=threads)
    for portion in [1] * 6 + [4, 2]:
        simulation.advance(portion)
    assert fingerprint(simulation) == busy_on_one_thread


def test_another_seed_or_replicate_is_another_run() -> None:
    modes = set()
    for seed, replicate in ((0, 0), (1, 0), (0, 1), (2**32 - 1, 2**32 - 1)):
        simulation = Simulation([Market(consumers=500)], seed=seed, replicate=replicate)
        simulation.advance(2)
        modes.add(simulation.population.state.mode.tobytes())
    assert len(modes) == 4


def test_advancing_by_no_week_changes_nothing() -> None:
    once, twice = (Simulation([Market(consumers=100)], seed=1) for _ in range(2))
    once.advance(3)
    for portion in (0, 1, 0, 2, 0):
        twice.advance(portion)
    assert fingerprint(once) == fingerprint(twice)
