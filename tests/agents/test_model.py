"""What Mesa users do with a model: sets, clocks, events, data collection, batches."""

import copy
import time
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa import DataCollector

from abm.agents.consumer import Consumer
from abm.agents.model import ShoppingModel
from abm.api import simulate
from abm.base.errors import InputError
from abm.engine.simulation import Simulation
from abm.markets.market import Market

TOWN = Market(
    name="town", consumers=400, network={"family": "small_world", "degree": 6, "rewiring": 0.2},
    initial_adoption=0.2, norm={"strength": 1.5}, preference={"spread": 1.0}, price={"sensitivity": 3.0},
)  # fmt: skip
CITY = TOWN.replace({"name": "city", "consumers": 100, "initial_adoption": 0.5})


@pytest.fixture
def model() -> ShoppingModel:
    return ShoppingModel(markets=[TOWN, CITY], rng=1)


def test_agents_are_all_consumers(model: ShoppingModel) -> None:
    assert isinstance(model, mesa.Model)
    assert isinstance(model.agents[0], mesa.Agent)
    assert len(model.agents) == 500 == len(list(model.agents))
    assert model.agents[0] in model.agents
    assert ShoppingModel(markets=TOWN).agents[0] not in model.agents
    assert model.agent_types == [Consumer]
    assert len(model.agents_by_type[Consumer]) == 500
    assert [consumer.unique_id for consumer in model.agents[398:402]] == [399, 400, 401, 402]
    with pytest.raises(AttributeError):
        model.agents = []


def test_select(model: ShoppingModel) -> None:
    by_function = model.agents.select(lambda consumer: consumer.mode == 1)
    by_mask = model.agents.select(mask=model.agents.get("mode") == 1)
    assert list(by_function) == list(by_mask)
    assert len(by_mask) == 130
    assert len(model.agents.select(at_most=0.25)) == 125
    assert len(model.agents.select(lambda consumer: consumer.market == "city", at_most=7)) == 7
    assert len(model.agents.select(agent_type=mesa.Agent)) == 500
    assert len(model.agents.select(agent_type=int)) == 0
    some = model.agents
    assert some.select(at_most=3, inplace=True) is some
    assert len(some) == 3


def test_agg_get_and_set(model: ShoppingModel) -> None:
    assert model.agents.agg("mode", np.mean) == 130 / 500
    assert model.agents.agg("trust", [min, max]) == [model.agents[0].trust] * 2
    assert model.agents.get(["market", "mode"])[450] == ["city", model.agents[450].mode]
    assert list(model.agents.get("neighbors")[3]) == list(model.agents[3].neighbors)
    assert model.agents.get("mood", handle_missing="default", default_value=7) == [7] * 500
    with pytest.raises(AttributeError):
        model.agents.get("mood")
    assert model.agents.select(at_most=10).set("habit", 1.0).agg("habit", np.sum) == 10
    model.agents.set("habit", np.linspace(0, 1, 500))
    assert model.agents[499].habit == 1


def test_do_map_shuffle_and_sort(model: ShoppingModel) -> None:
    seen: list[int] = []
    few = model.agents.select(at_most=20)
    assert few.do(lambda consumer: seen.append(consumer.unique_id)) is few
    assert seen == list(range(1, 21))
    seen.clear()
    few.shuffle_do(lambda consumer: seen.append(consumer.unique_id))
    assert seen != sorted(seen)
    assert sorted(seen) == list(range(1, 21))
    assert few.map("form_habit", 1) == [consumer.form_habit(1) for consumer in few]
    taste = model.agents.sort("taste").get("taste")
    assert (np.diff(taste) <= 0).all()
    by_function = model.agents.sort(lambda consumer: consumer.taste, ascending=True)
    assert list(by_function) == list(model.agents.sort("taste", ascending=True))


def test_groupby(model: ShoppingModel) -> None:
    groups = model.agents.groupby("market")
    assert groups.count() == {"city": 100, "town": 400}
    assert groups.agg("mode", np.mean) == {"city": 0.5, "town": 0.2}
    by_function = model.agents.groupby(lambda consumer: consumer.taste > 0, result_type="list").groups
    assert sum(len(group) for group in by_function.values()) == 500
    assert isinstance(by_function[True], list)


def test_sets_are_sets(model: ShoppingModel) -> None:
    first, even = model.agents.select(at_most=10), model.agents.select(lambda consumer: consumer.unique_id % 2 == 0)
    assert [consumer.unique_id for consumer in first & even] == [2, 4, 6, 8, 10]
    assert len(first | even) == 255
    assert [consumer.unique_id for consumer in first - even] == [1, 3, 5, 7, 9]
    first.add(model.agents[99])
    first.discard(model.agents[0])
    first.remove(model.agents[1])
    assert len(first) == 9
    with pytest.raises(KeyError):
        first.remove(model.agents[1])
    assert copy.copy(first) == first
    assert len(model.agents) == 500


def test_same_numbers_as_simulate(model: ShoppingModel) -> None:
    model.run_for(12)
    assert model.steps == 12 == model.week == model.time
    assert model.trajectory().table.equals(simulate([TOWN, CITY], weeks=12, seed=1).table)


def test_rng_is_the_seed_or_draws_one() -> None:
    assert ShoppingModel(markets=TOWN, rng=7).simulation.seed == 7
    drawn = {ShoppingModel(markets=TOWN, rng=np.random.default_rng(3)).simulation.seed for _ in range(2)}
    assert len(drawn) == 1
    assert ShoppingModel(markets=TOWN).simulation.seed != ShoppingModel(markets=TOWN).simulation.seed
    with pytest.raises(InputError, match="seed"):
        ShoppingModel(markets=TOWN, rng=-1 % 2**64)


def test_profiles_by_name() -> None:
    assert list(ShoppingModel(markets="west").markets) == ["west"]
    with pytest.raises(InputError, match="did you mean"):
        ShoppingModel(markets="wset")


def test_model_data_are_collected_every_week(model: ShoppingModel) -> None:
    model.run_for(4)
    data = model.datacollector.get_model_vars_dataframe()
    table = model.trajectory().table.pivot_table(index="week", columns="market")
    assert list(data.columns) == ["town.adoption", "town.gmv_share", "city.adoption", "city.gmv_share"]
    np.testing.assert_array_equal(data["town.adoption"], table["adoption", "town"])
    np.testing.assert_array_equal(data["city.gmv_share"], table["gmv_share", "city"])
    with pytest.raises(InputError, match="did you mean"):
        model.adoption("tonw")


def test_agent_and_agenttype_reporters(model: ShoppingModel) -> None:
    reporters: dict[str, str | Callable[[Any], Any]] = {"mode": "mode", "friends": lambda consumer: consumer.n_super}
    model.datacollector = DataCollector(
        model_reporters={"adoption": lambda m: m.adoption("town")},
        agent_reporters=reporters, agenttype_reporters={Consumer: {"trust": "trust"}},
    )  # fmt: skip
    model.run_for(2)
    frame = model.datacollector.get_agent_vars_dataframe()
    assert frame.shape == (1000, 2)
    assert frame.loc[2.0]["mode"].tolist() == model.agents.get("mode").tolist()
    assert frame.loc[2.0]["friends"].tolist() == model.agents.get("n_super").tolist()
    assert model.datacollector.get_agenttype_vars_dataframe(Consumer).shape == (1000, 1)


def test_events_pull_levers(model: ShoppingModel) -> None:
    """A lever pulled by an event in week 5 does what the same lever does when it was planned from the start."""
    lever = {"kind": "set", "market": "town", "weeks": 3, "values": {"price.discount": 0.5, "trust.bad_news": 0.5}}

    def sale() -> None:
        model.pull(lever)

    model.schedule_event(sale, at=5)
    model.run_for(10)
    planned = simulate([TOWN, CITY], weeks=10, seed=1, levers=[lever | {"start": 5}])
    assert model.trajectory().table.equals(planned.table)
    assert not planned.table.equals(simulate([TOWN, CITY], weeks=10, seed=1).table)


def test_bad_news_can_start_to_travel_later() -> None:
    """No counts are kept where bad news never travels; a lever that lets it travel begins with the last week's."""
    shaky = TOWN.replace({"trust.service_quality": 0.4, "trust.weight": 2.0, "trust.learning": 0.2})
    lever = {"kind": "set", "market": "town", "values": {"trust.bad_news": 1.0}}
    model = ShoppingModel(markets=shaky, rng=1)
    model.run_for(4)
    model.pull(lever)
    model.run_for(6)
    planned = simulate(shaky, weeks=10, seed=1, levers=[lever | {"start": 4}])
    np.testing.assert_array_equal(model.trajectory().tallies, planned.tallies)


def test_levers_pulled_too_late_or_nowhere_are_refused(model: ShoppingModel) -> None:
    model.run_for(3)
    for wrong, message in (({"start": 2}, "has passed"), ({"market": "twon"}, "did you mean")):
        with pytest.raises(InputError, match=message):
            model.pull({"kind": "set", "market": "town", "values": {"price.discount": 0.5}} | wrong)


def test_a_lever_that_contradicts_one_that_acts_is_refused(model: ShoppingModel) -> None:
    """Pulled twice it would cost twice; refused, it leaves everything as it was."""
    deals = {"kind": "deals_for_you", "market": "town", "weeks": 4}
    model.run_for(2)
    model.pull(deals)
    model.run_for(2)
    with pytest.raises(InputError, match="one deal at a time"):
        model.pull(deals)
    model.pull(deals | {"market": "city"})
    model.run_for(2)
    model.pull(deals)  # the first is over
    ledger = model.trajectory().ledger
    assert len(ledger[ledger["market"] == "town"]) == 4


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*set_start_method.*")
def test_batch_run_with_two_processes() -> None:
    results = mesa.batch_run(
        ShoppingModel, {"markets": [[TOWN], [TOWN, CITY]]}, rng=[1, 2], max_steps=5,
        number_processes=2, data_collection_period=1, display_progress=False,
    )  # fmt: skip
    frame = pd.DataFrame(results)
    assert len(frame) == 2 * 2 * 6
    last = frame[(frame["Step"] == 5) & (frame["rng"] == 2)]["town.adoption"].unique()
    expected = simulate(TOWN, weeks=5, seed=2).table["adoption"].iloc[-1]
    assert last.tolist() == [expected]


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time that some work takes: the wait for others does not count."""
    clock = time.process_time()
    work()
    return time.process_time() - clock


@pytest.mark.slow
def test_a_million_consumers_cost_little_more_than_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Created in less than a second beyond its network; a step costs less than 5 % more than the kernel alone."""
    complete_network = TOWN.replace({"consumers": 1_000_000})
    network = Simulation([complete_network], seed=1).population.adjacency
    created: list[ShoppingModel] = []

    def create() -> None:
        created.append(ShoppingModel.of(Simulation([complete_network], seed=1, adjacency=network)))

    assert min(seconds(create) for _ in range(3)) < 1.0
    model = created[-1]
    model.step()
    weeks = [seconds(model.simulation.advance) for _ in range(10)]
    with monkeypatch.context() as without_kernel:  # what a step takes beside the kernel: noise would hide a difference
        without_kernel.setattr(model.simulation, "advance", lambda: None)
        beside = [seconds(model.step) for _ in range(10)]
    assert min(beside) < 0.05 * min(weeks)
    assert len(model.agents) == 1_000_000

    def look() -> None:
        assert 0 < model.agents.agg("mode", np.mean) < 1
        assert len(model.agents.select(mask=model.agents.get("trust") > 0.4)) > 0

    assert min(seconds(look) for _ in range(3)) < 0.5
