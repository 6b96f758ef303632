"""Consumers one by one: the plain-Python week against the compiled one, and what users may change."""

import numpy as np
import pytest

from abm.agents import OwnAttribute
from abm.agents.consumer import Consumer
from abm.agents.model import ShoppingModel
from abm.api import simulate
from abm.base.errors import InputError
from abm.engine.layout import rows_of
from abm.engine.simulation import Simulation
from abm.markets.market import Market
from abm.numerics.bits import unpack
from tests.reference.cases import configuration

WEEKS = 9
TOWN = Market(
    name="town", consumers=300, network={"family": "small_world", "degree": 6, "rewiring": 0.2},
    initial_adoption=0.2, norm={"strength": 1.5}, habit={"strength": 1.0, "rate": 0.3},
    trust={"weight": 1.0, "learning": 0.3, "service_quality": 0.8, "bad_news": 0.4}, occasion_rate=0.6,
)  # fmt: skip


@pytest.fixture(scope="session")
def edge_list(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("network") / "ties.csv"
    ties = [(i, (i + 1) % 45) for i in range(45)] + [(i, (i + 7) % 45) for i in range(0, 45, 2)]
    path.write_text("\n".join(f"{a},{b}" for a, b in ties) + "\n")
    return str(path)


def assert_same(one: Simulation, other: Simulation) -> None:
    """Everything that happened and everybody's state are the same, to the last bit."""
    first, second = one.trajectory(), other.trajectory()
    np.testing.assert_array_equal(first.tallies, second.tallies)
    np.testing.assert_array_equal(first.merchants, second.merchants)
    for name in ("aware", "mode", "let_down", "switched"):
        words = [unpack(getattr(s.population.state, name)) for s in (one, other)]
        for layout in one.layouts:
            np.testing.assert_array_equal(words[0][rows_of(layout)], words[1][rows_of(layout)], err_msg=name)
    for name in ("habit", "trust", "n_super", "n_let_down", "stock"):
        np.testing.assert_array_equal(*(getattr(s.population.state, name) for s in (one, other)), err_msg=name)


@pytest.mark.parametrize("case", range(12))
def test_equals_the_kernel_bit_for_bit(case: int, edge_list: str) -> None:
    """All families of networks, several markets, ties abroad, levers, bad news: one week after the other."""
    markets, levers = configuration(case, edge_list)
    model = ShoppingModel(markets=markets, levers=levers, rng=case, replicate=2, engine="mesa")
    model.run_for(WEEKS)
    kernel = Simulation(markets, levers=levers, seed=case, replicate=2)
    kernel.advance(WEEKS)
    assert_same(model.simulation, kernel)


def test_cases_are_not_idle(edge_list: str) -> None:
    """The comparison would prove nothing if nobody ever switched, was let down or had neighbours in another market."""
    runs = [configuration(case, edge_list) for case in range(12)]
    states = [simulate(markets, weeks=WEEKS, seed=case, levers=levers) for case, (markets, levers) in enumerate(runs)]
    assert sum(t.table["switched_to_super"].sum() for t in states) > 1000
    assert sum(t.table["switched_to_single"].sum() for t in states) > 100
    assert sum(t.tallies[:, :, -1].sum() + t.tallies[:, :, 9].sum() for t in states) > 100
    assert any(market.network.ties_abroad for markets, _ in runs for market in markets)
    assert sum(len(levers) for _, levers in runs) > 5


def test_order_does_not_matter() -> None:
    """Consumers read one week and write the next, so they may live it in any order."""
    shuffled, kernel = (ShoppingModel(markets=TOWN, rng=4) for _ in range(2))
    for _ in range(5):
        shuffled.agents.shuffle_do("step")  # the week is over when the last has stepped
        kernel.advance_week()
    assert shuffled.week == 5
    assert_same(shuffled.simulation, kernel.simulation)


def test_a_week_once_begun_can_be_finished_by_either_engine() -> None:
    model, kernel = (ShoppingModel(markets=TOWN, rng=4) for _ in range(2))
    model.agents.select(at_most=0.5).do("step").do("step")
    assert model.week == 0
    model.advance_week()
    kernel.advance_week()
    assert_same(model.simulation, kernel.simulation)


def test_engine_of_simulate() -> None:
    tables = [simulate(TOWN, weeks=6, seed=5, engine=engine).table for engine in ("kernel", "mesa")]
    assert tables[0].equals(tables[1])
    with pytest.raises(InputError, match="allowed: kernel, mesa"):
        simulate(TOWN, weeks=1, engine="cuda")


class Impulsive(Consumer):
    """Half a unit of utility more for the super-app."""

    def utility(self) -> float:
        return super().utility() + 0.5


def test_a_replaced_rule_acts_as_the_parameter_would() -> None:
    """The same half unit, once as a rule in Python and once as a parameter: the same numbers."""
    changed = ShoppingModel(markets=TOWN, rng=1, engine="mesa", consumer=Impulsive)
    changed.run_for(6)
    expected = simulate(TOWN.replace({"preference.mean": 0.5}), weeks=6, seed=1)
    np.testing.assert_array_equal(changed.trajectory().tallies, expected.tallies)
    assert changed.adoption("town") > simulate(TOWN, weeks=6, seed=1).table["adoption"].iloc[-1]


def test_the_kernel_refuses_rules_it_would_not_call() -> None:
    with pytest.raises(InputError, match=r'Impulsive replaces utility.*allowed: "mesa"'):
        ShoppingModel(markets=TOWN, consumer=Impulsive)


class Fickle(Consumer):
    """Gets tired of a mode after three occasions."""

    weariness = OwnAttribute(0, "occasions since the last change")

    def choose(self, aware: bool, chance: float) -> int:
        mode = super().choose(aware, chance)
        self.weariness = 0 if mode != self.mode else self.weariness + 1
        return 1 - mode if self.weariness > 3 else mode


def test_own_state_of_a_subclass() -> None:
    model = ShoppingModel(markets=TOWN, rng=1, engine="mesa", consumer=Fickle)
    model.run_for(4)
    weariness = model.agents.get("weariness")
    assert weariness.dtype == np.int64
    assert 0 < weariness.mean() < 4
    model.agents.set("weariness", 0)
    assert not model.agents.get("weariness").any()


def test_a_consumer_knows() -> None:
    model = ShoppingModel(markets=[TOWN, TOWN.replace({"name": "village", "consumers": 100})], rng=2)
    model.run_for(3)
    consumers = model.trajectory().consumers
    for i, consumer in list(enumerate(model.agents))[::37]:
        assert consumer.unique_id == i + 1
        assert consumer.mode == consumers.mode[i]
        assert consumer.aware is bool(consumers.aware[i])
        assert consumer.habit == consumers.habit[i]
        assert consumer.trust == consumers.trust[i]
        assert consumer.degree == consumers.degree[i] == len(consumer.neighbors)
        assert consumer.market == consumers.market[i]
        assert consumer.n_super == sum(neighbor.mode for neighbor in consumer.neighbors)
        assert all(consumer in neighbor.neighbors for neighbor in consumer.neighbors)


def test_everyone_has_a_basket_even_where_none_is_kept() -> None:
    alike, unequal = (
        ShoppingModel(markets=Market(consumers=90, basket_sigma=sigma), rng=3).agents for sigma in (0.0, 0.5)
    )
    assert alike[7].basket == 1.0
    np.testing.assert_array_equal(alike.get("basket"), np.ones(90))
    assert unequal[7].basket == unequal.get("basket")[7] != 1.0


def test_neighbors_on_a_complete_network_are_all_others() -> None:
    model = ShoppingModel(markets=[Market(name="a", consumers=70), Market(name="b", consumers=5)], rng=2)
    last = model.agents[74]
    assert [neighbor.unique_id for neighbor in last.neighbors] == [71, 72, 73, 74]
    assert last.degree == 4
    assert last.n_super == sum(neighbor.mode for neighbor in last.neighbors)


def test_setting_state_changes_what_happens_next() -> None:
    """As if the consumers had been that way before: counts and tallies follow."""
    model = ShoppingModel(markets=TOWN.replace({"initial_adoption": 0.0}), rng=3)
    model.agents.select(at_most=60).set("mode", 1)
    model.agents[7].mode = 0
    model.agents[8].trust = 0.25
    assert model.adoption("town") == 59 / 300
    assert model.agents[8].trust == pytest.approx(0.25, abs=1e-5)
    chosen = tuple(i for i in range(60) if i != 7)
    other = ShoppingModel(markets=TOWN.replace({"initial_adoption": 0.0, "seed_consumers": chosen}), rng=3)
    other.agents[8].trust = 0.25
    model.run_for(5)
    other.run_for(5)
    assert_same(model.simulation, other.simulation)


def test_set_during_a_week_holds_after_it() -> None:
    model = ShoppingModel(markets=TOWN, rng=3, engine="mesa")
    model.agents[0].step()
    model.agents[0].trust = 1.0
    model.advance_week()
    assert model.agents[0].trust > 0.5  # bad news may have taken some


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [("mode", 2, "allowed: 0 or 1"), ("trust", 1.5, "allowed: 0 to 1"), ("taste", 0.0, "never changes")],
)
def test_values_out_of_range_are_refused(name: str, value: float, message: str) -> None:
    with pytest.raises(InputError, match=message):
        setattr(ShoppingModel(markets=TOWN).agents[0], name, value)


def test_unknown_attributes_are_refused() -> None:
    consumer = ShoppingModel(markets=TOWN).agents[0]
    with pytest.raises(AttributeError, match=r"declare it in your subclass as mood = abm.agents.OwnAttribute"):
        consumer.mood = 1
    with pytest.raises(AttributeError):
        consumer.mood  # noqa: B018


def test_consumers_are_equal_if_they_are_the_same_person() -> None:
    one, other = ShoppingModel(markets=TOWN, rng=1), ShoppingModel(markets=TOWN, rng=1)
    assert one.agents[3] == one.agents[3] != one.agents[4]
    assert one.agents[3] != other.agents[3]
    assert len({one.agents[3], one.agents[3], one.agents[4]}) == 2
    assert "town" in repr(one.agents[3])


def test_nobody_comes_or_goes() -> None:
    model = ShoppingModel(markets=TOWN)
    for call in (model.agents[0].remove, lambda: Consumer.create_agents(model, 3), lambda: model.register_agent(None)):
        with pytest.raises(TypeError, match="consumers"):
            call()
