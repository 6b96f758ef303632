"""Whatever mechanisms are registered take part in the week, and come to the same numbers as the built-in ones."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import abm.engine.parallel
from abm import Market, Simulation, simulate
from abm.engine.state import HABIT, N_TALLIES, TRUST, n_tallies, summed_columns
from abm.mechanisms import MECHANISMS
from abm.numerics.jit import cache_in_use, keep_compiled_in
from tests.engine import further_mechanisms as further

WEEKS = 8
PLAIN = {
    "consumers": 150, "initial_adoption": 0.3, "occasion_rate": 0.7, "basket_sigma": 0.5,
    "preference": {"mean": -0.8, "spread": 1.0}, "awareness": {"initial": 0.8, "word_of_mouth": 0.2},
    "trust": {"service_quality": 0.6}, "supply": {"initial": 0.1, "rate": 0.3, "half_saturation": 0.1},
    "price": {"sensitivity": 1.0, "discount": 0.3, "reach": 0.4},
}  # fmt: skip
NETWORKS = [{"family": "complete"}, {"family": "small_world", "degree": 6, "rewiring": 0.3}]


@pytest.fixture(scope="module", autouse=True)
def _further_mechanisms() -> Iterator[None]:
    """Register them for this module alone."""
    compiled_in, n_removed = cache_in_use(), MECHANISMS.n_removed
    further.register()
    yield
    for name in further.NAMES:
        MECHANISMS.remove(name)
    MECHANISMS.n_removed = n_removed  # the names that are left stand for the same mechanisms as before
    keep_compiled_in(compiled_in)


def market(network: dict[str, Any], **changes: float) -> Market:
    paths = {name.replace("__", "."): value for name, value in changes.items()}
    return Market(name="dispatch", network=network, **PLAIN).replace(paths)


def tallies(one: Market, columns: slice = slice(0, N_TALLIES)) -> np.ndarray:
    return simulate(one, weeks=WEEKS, seed=4).tallies[:, 0, columns]


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network["family"])
class TestRepeats:
    def test_a_term_that_reads_neighbours(self, network: dict[str, Any]) -> None:
        built_in, repeated = market(network, norm__strength=3.0), market(network, imitation__strength=3.0)
        np.testing.assert_array_equal(tallies(built_in), tallies(repeated))
        assert (tallies(built_in) != tallies(market(network))).any()

    def test_a_column_that_purchases_update(self, network: dict[str, Any]) -> None:
        built_in = market(network, trust__weight=3.0, trust__initial=0.7, trust__learning=0.3)
        repeated = market(
            network, familiarity__weight=3.0, familiarity__initial=0.7, familiarity__learning=0.3,
            routine__initial=0.2,
        )  # fmt: skip
        self._same_but_for(TRUST, "familiarity", built_in, repeated)

    def test_a_column_that_occasions_update(self, network: dict[str, Any]) -> None:
        built_in = market(network, habit__strength=2.0, habit__initial=0.4, habit__rate=0.3)
        repeated = market(
            network, routine__strength=2.0, routine__initial=0.4, routine__rate=0.3, familiarity__initial=0.9
        )
        self._same_but_for(HABIT, "routine", built_in, repeated)

    def test_parameters_of_the_week(self, network: dict[str, Any]) -> None:
        built_in, repeated = market(network, supply__weight=1.0), market(network, variety__weight=1.0)
        np.testing.assert_array_equal(tallies(built_in), tallies(repeated))
        assert (tallies(built_in) != tallies(market(network))).any()

    def _same_but_for(self, tally: int, column: str, built_in: Market, repeated: Market) -> None:
        one, other = (simulate(each, weeks=WEEKS, seed=4) for each in (built_in, repeated))
        number = summed_columns(other.mechanisms)[column]
        np.testing.assert_array_equal(one.tallies[..., tally], other.tallies[..., number])
        rest = [i for i in range(N_TALLIES) if i != tally]
        np.testing.assert_array_equal(one.tallies[..., rest], other.tallies[..., rest])
        name = {HABIT: "habit", TRUST: "trust"}[tally]
        expected = getattr(one.population.state, name)
        np.testing.assert_array_equal(getattr(other.population.state, column), expected)
        assert other.table[f"mean_{column}"].tolist() == one.table[f"mean_{name}"].tolist()
        assert (one.tallies[..., tally] != one.tallies[0, 0, tally]).any()


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network["family"])
def test_the_mesa_engine_agrees(network: dict[str, Any]) -> None:
    all_on = market(  # one neighbour more or less would show
        network, imitation__strength=40.0, preference__mean=-14.0, familiarity__weight=2.0, familiarity__learning=0.2,
        routine__strength=1.0, routine__rate=0.3, variety__weight=0.5, temperament__spread=0.5, audience__weight=1.0,
        audience__reach=0.4,
        momentum__weight=1.0, momentum__rate=0.4, trust__bad_news=0.5,
    )  # fmt: skip
    compiled, plain = (simulate(all_on, weeks=WEEKS, seed=4, engine=engine) for engine in ("kernel", "mesa"))
    np.testing.assert_array_equal(compiled.tallies, plain.tallies)
    for name in ("mode", "familiarity", "routine", "pace", "drift"):
        np.testing.assert_array_equal(compiled.consumers[name], plain.consumers[name], err_msg=name)
    assert len({compiled.consumers[name].mean() for name in ("familiarity", "routine", "pace", "drift")}) == 4


@pytest.mark.parametrize("threads", [1, 2])
def test_both_columns_at_once_have_tallies_of_their_own(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abm.engine.parallel, "PART_BLOCKS", 3)
    both = market(
        NETWORKS[1], consumers=64 * 10, familiarity__learning=0.2, familiarity__initial=0.8, routine__rate=0.1,
        routine__initial=0.3,
    )  # fmt: skip
    simulation = Simulation([both], seed=1, threads=threads)
    simulation.advance(2)
    simulation.advance(2)
    found = simulation.present_tallies[0]
    assert found.size == n_tallies(simulation.mechanisms) == N_TALLIES + 4
    for name in ("habit", "trust", "familiarity", "routine"):
        expected = getattr(simulation.population.state, name)[: both.consumers].sum(dtype=np.int64)
        assert found[summed_columns(simulation.mechanisms)[name]] == expected
    table = simulation.trajectory().table
    assert (table["mean_familiarity"] > table["mean_routine"]).all()


def test_traits_are_drawn_as_declared() -> None:
    traits = Simulation([market(NETWORKS[0], consumers=4000)], seed=1).population.traits
    drawn = [getattr(traits, name)[:4000] / 2**16 for name in ("temperament", "mood", "taste")]
    for values in drawn:
        assert abs(values.mean()) < 0.1
        assert abs(values.std() - 1) < 0.1
    assert abs(np.corrcoef(drawn) - np.eye(3)).max() < 0.1
    seat = traits.seat[:4000] / 2**16
    assert 0 <= seat.min() < 0.01
    assert 0.99 < seat.max() < 1
    assert abs(np.histogram(seat, 4, (0, 1))[0] - 1000).max() < 120


@pytest.mark.parametrize(
    ("changes", "trait", "adopts"),
    [
        ({"temperament__spread": 1.0}, "temperament", lambda values: values >= 0),
        ({"audience__weight": 1.0, "audience__reach": 0.25, "preference__mean": -0.5}, "seat", lambda v: v < 2**14),
    ],
)
def test_traits_decide(changes: dict[str, float], trait: str, adopts: Any) -> None:
    off = {"preference__mean": 0.0, "preference__spread": 0.0, "price__discount": 0.0, "awareness__initial": 1.0}
    sure = market(NETWORKS[1], **(off | {"occasion_rate": 1.0} | changes)).replace({"choice.noise": "none"})
    population = simulate(sure, weeks=1, seed=9).population
    mode = np.unpackbits(population.state.mode.view(np.uint8), bitorder="little")[:150]
    np.testing.assert_array_equal(mode, adopts(getattr(population.traits, trait)[:150]))
    assert 0 < mode.sum() < 150
