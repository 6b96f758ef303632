"""Snapshots: a simulation that goes on from one, altered or not, and arrays that appear in the course of a run."""

import numpy as np
import pytest

from abm import Market
from abm.engine.simulation import Simulation


def west(**changes) -> Market:
    return Market.profile("west").replace({"consumers": 700, "launch": 5, "habit.initial": 0.4} | changes)


NETWORKS = [{}, {"network.family": "complete"}]


@pytest.mark.parametrize("changes", NETWORKS)
def test_going_on_from_a_snapshot_equals_going_on(changes):
    whole = Simulation([west(**changes)], seed=3)
    whole.advance(30)
    snapshot = whole.snapshot()
    whole.advance(20)
    again = Simulation([west(**changes)], seed=3)
    again.restore(snapshot)
    again.advance(20)
    assert again.week == 50
    record, full = again.trajectory(), whole.trajectory()
    np.testing.assert_array_equal(record.tallies, full.tallies[30:])
    np.testing.assert_array_equal(record.merchants, full.merchants[30:])
    np.testing.assert_array_equal(record.consumers.trust, full.consumers.trust)
    later = full.table.iloc[30:].reset_index(drop=True)
    assert record.table["date"].tolist() == later["date"].tolist()
    assert record.table["gmv_usd"].iloc[1:].tolist() == later["gmv_usd"].iloc[1:].tolist()


def test_a_snapshot_is_a_copy():
    simulation = Simulation([west()], seed=3)
    simulation.advance(20)
    snapshot = simulation.snapshot()
    habit = snapshot.state.habit.copy()
    simulation.advance(20)
    np.testing.assert_array_equal(snapshot.state.habit, habit)


def test_altered_states():
    simulation = Simulation([west()], seed=3)
    simulation.restore(simulation.snapshot().altered(merchants=0.5, mode=1, habit=65535))
    table = simulation.trajectory().table.iloc[0]
    assert (table["super"], table["aware"], table["mean_habit"], table["merchants"]) == (700, 700, 1.0, 0.5)
    assert (simulation.population.state.n_super[:700] == 10).sum() > 50  # everyone's neighbours, degree 10 rewired
    simulation.restore(simulation.snapshot().altered(mode=0))
    assert simulation.trajectory().table.iloc[0]["super"] == 0


def test_a_snapshot_without_stocks_leaves_none():
    """A simulation that keeps stocks goes on from one that keeps none: all stocks are empty."""
    deal = {"stockpile.ahead": 2.0, "price.deal": 0.4, "launch": 0}
    storing, plain = Simulation([west(**deal)], seed=3), Simulation([west(launch=0)], seed=3)
    storing.advance(10)
    assert storing.population.state.stock.any()
    storing.restore(plain.snapshot())
    assert not storing.population.state.stock.any()
    fresh = Simulation([west(**deal)], seed=3)
    for simulation in (storing, fresh):
        simulation.advance(10)
    np.testing.assert_array_equal(storing.trajectory().tallies, fresh.trajectory().tallies)


def test_another_population_is_refused():
    with pytest.raises(ValueError, match="entries"):
        Simulation([west()]).restore(Simulation([west(consumers=900)]).snapshot())


def test_changed_parameters_act_from_that_week_on():
    changed = Simulation([west()], seed=1)
    changed.advance(10)
    changed.change({"norm.strength": 3.0})
    changed.advance(10)
    lever = {"kind": "set", "market": "west", "start": 10, "values": {"norm.strength": 3.0}}
    with_lever = Simulation([west()], seed=1, levers=[lever])
    with_lever.advance(20)
    np.testing.assert_array_equal(changed.trajectory().tallies, with_lever.trajectory().tallies)


@pytest.mark.parametrize(
    "values",
    [{"trust.bad_news": 0.5}, {"stockpile.ahead": 2.0, "price.deal": 0.4, "price.deal_reach": 0.6}],
    ids=["bad word of mouth", "stocks"],
)
def test_arrays_left_out_at_week_0_are_made_when_a_change_needs_them(values):
    market = west(**{"trust.bad_news": 0.0, "trust.service_quality": 0.5, "stockpile.ahead": 0.0})
    changed = Simulation([market], seed=1)
    changed.advance(10)
    changed.change(values)
    changed.advance(10)
    lever = {"kind": "set", "market": "west", "start": 10, "values": values}
    planned = Simulation([market], seed=1, levers=[lever])
    planned.advance(20)
    np.testing.assert_array_equal(changed.trajectory().tallies, planned.trajectory().tallies)
    unchanged = Simulation([market], seed=1)
    unchanged.advance(20)
    assert (changed.trajectory().tallies != unchanged.trajectory().tallies).any()
