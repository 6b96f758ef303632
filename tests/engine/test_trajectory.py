"""The table of a run, its columns, and the consumers at its end."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from abm import Market, ShoppingModel, simulate
from abm.engine.parameter_schedule import weekly_spend
from abm.engine.simulation import Simulation
from abm.engine.trajectory import Trajectory

START = date(2022, 12, 5)


@pytest.fixture(scope="module")
def markets() -> list[Market]:
    west = Market.profile("west").replace({"consumers": 500, "launch": 0, "returns": 0.25})
    return [west, Market(name="plain", consumers=130, initial_adoption=0.5)]


def test_the_table_has_a_row_per_week_and_market_and_week_0_is_the_start(markets: list[Market]) -> None:
    table = simulate(markets, weeks=260, seed=1).table
    assert len(table) == 261 * 2
    first = table[table["week"] == 0].set_index("market")
    assert first.loc["plain", "super"] == 65
    flows = ["gmv_share", "gmv_usd", "live_gmv_usd", "spend_usd", "switched_to_super", "switched_to_single", "cost_usd"]
    assert (first[flows] == 0).all().all()


def test_columns_agree_with_each_other(markets: list[Market]) -> None:
    table = simulate(markets, weeks=60, seed=1, start=START).table
    for _, rows in table.groupby("market"):
        change = rows["super"].diff().dropna()
        assert (change == (rows["switched_to_super"] - rows["switched_to_single"]).iloc[1:]).all()
        assert (rows["adoption"] == rows["super"] / rows["consumers"]).all()
        assert (rows["aware"].diff().dropna() >= 0).all()
        np.testing.assert_allclose(rows["gmv_usd"], rows["gmv_share"] * rows["spend_usd"])
        assert (rows["live_gmv_usd"] <= rows["gmv_usd"]).all()
    west = table[table["market"] == "west"]
    np.testing.assert_allclose(west["gmv_net_usd"], 0.75 * west["gmv_usd"])


def test_the_last_row_describes_the_consumers(markets: list[Market]) -> None:
    trajectory = simulate(markets, weeks=30, seed=1)
    consumers, last = trajectory.consumers, trajectory.table.groupby("market", sort=False).last()
    assert len(consumers) == 630
    for name, row in last.iterrows():
        own = consumers.market == name
        assert consumers.mode[own].sum() == row["super"]
        assert consumers["aware"][own].sum() == row["aware"]
        assert consumers.trust[own].mean() == pytest.approx(row["mean_trust"], rel=1e-12)
        assert consumers.habit[own].mean() == pytest.approx(row["mean_habit"], rel=1e-12)
    assert (consumers.degree[consumers.market == "plain"] == 129).all()
    assert consumers.degree[consumers.market == "west"].mean() == 10
    with pytest.raises(KeyError):
        consumers["wealth"]


def test_consumers_in_units_of_the_model(markets: list[Market]) -> None:
    trajectory = simulate(markets, weeks=5, seed=1)
    consumers, traits, state = trajectory.consumers, trajectory.population.traits, trajectory.population.state
    scales = {"taste": 2**16, "live_rank": 2**16, "reach_rank": 2**16, "trust": 65535, "habit": 65535}
    for name, scale in scales.items():
        stored = getattr(state, name) if name in ("trust", "habit") else getattr(traits, name)
        np.testing.assert_array_equal(consumers[name][:500], stored[:500] / scale, err_msg=name)
    assert consumers.aware.dtype == np.bool_
    assert (consumers.stock == 0).all()


def test_without_a_basket_spread_gmv_share_is_adoption() -> None:
    table = simulate(Market(consumers=1000), weeks=5, seed=2).table
    assert (table["gmv_share"].iloc[1:] == table["adoption"].iloc[1:]).all()


def test_spend_follows_the_yearly_series_and_is_constant_beyond_it() -> None:
    market = Market(shoppers=1e6, annual_spend={2023: 52.0, 2024: 104.0})
    spend = pd.Series(weekly_spend(market, 160, START))
    assert spend[0] == 0
    assert spend[1] == spend[30] == pytest.approx(52e6 / (365.25 / 7))
    assert spend[100] == spend[160] == pytest.approx(2 * spend[30])


def contents(trajectory: Trajectory) -> dict[str, pd.DataFrame]:
    people = {name: trajectory.consumers[name] for name in ("mode", "aware", "habit", "trust", "taste", "degree")}
    return {"table": trajectory.table, "ledger": trajectory.ledger, "consumers": pd.DataFrame(people)}


def equal(a: Trajectory, b: dict[str, pd.DataFrame]) -> bool:
    return all(table.equals(b[name]) for name, table in contents(a).items())


SUBSIDY = {"kind": "subsidy", "market": "west", "start": 2, "weeks": 4, "discount": 0.3}


@pytest.mark.parametrize("read_at_once", [True, False])
@pytest.mark.parametrize("mesa", [True, False])
def test_a_record_stays_while_the_simulation_goes_on(markets: list[Market], mesa: bool, read_at_once: bool) -> None:
    simulation = Simulation(markets, seed=1, levers=[SUBSIDY])
    model = ShoppingModel.of(simulation) if mesa else simulation
    simulation.advance(10)
    expected = contents(simulate(markets, weeks=10, seed=1, levers=[SUBSIDY]))
    taken = model.trajectory()
    if read_at_once:
        assert equal(taken, expected)
    if mesa:
        model.agents.set("mode", 1)
        model.step()
    simulation.change({"norm.strength": 3.0})
    simulation.advance(20)
    simulation.restore(simulation.snapshot().altered(mode=1, habit=0))
    simulation.pull({"kind": "set", "market": "west", "weeks": 2, "values": {"price.discount": 0.3}})
    simulation.advance(5)
    assert equal(taken, expected)
    assert not equal(simulation.trajectory(), expected)


def test_what_was_taken_can_be_written_into(markets: list[Market]) -> None:
    """Tables and arrays of consumers are the taker's own; arrays of the record refuse."""
    taken = simulate(markets, weeks=10, seed=1, levers=[SUBSIDY])
    expected = contents(taken)
    for table in (taken.table, taken.ledger):
        table.iloc[:, 0] = -1
        table["more"] = 1
    for name in ("mode", "aware", "habit", "degree", "taste"):
        taken.consumers[name][:] = 0
    assert equal(taken, expected)
    for array in (taken.tallies, taken.merchants, taken.schedule, *taken.population.state):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0


def test_they_show_themselves_in_a_line_or_two(markets: list[Market]) -> None:
    many = [Market(name=f"m{i}", consumers=64) for i in range(40)]
    for taken in (simulate(markets, weeks=10, seed=1), simulate(many, weeks=1)):
        for shown in (taken, taken.consumers):
            assert len(repr(shown).splitlines()) <= 2
            assert len(repr(shown)) < 400
            assert shown._repr_html_().count("<tr") <= 14
    assert "10 weeks, 2020-01-06" in repr(simulate(markets, weeks=10, seed=1))
    assert "plain 130 consumers, 5" in repr(simulate(markets, weeks=0))
    assert "<td>plain</td>" in simulate(markets, weeks=0).consumers._repr_html_()
