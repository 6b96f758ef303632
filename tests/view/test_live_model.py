"""The model behind the page: the counterfactual, levers, parameters, exposure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from abm.api import simulate
from abm.view.capacity import Capacity
from abm.view.curves import curve_tables
from abm.view.lever_buttons import LEVER_BUTTONS, LeverButton
from abm.view.session import ParameterChanges
from tests.view.models import make_live_model

pytestmark = pytest.mark.needs_compiled

DEALS: dict[str, Any] = {"kind": "deals_for_you", "weeks": 4, "discount": 0.5, "reach": 1.0}
DEALS_BUTTON = LeverButton("Deals", "", DEALS)


def test_the_markets_are_those_of_simulate() -> None:
    model = make_live_model()
    model.run_for(12)
    expected = simulate(list(model.markets.values()), weeks=12, seed=3)
    np.testing.assert_array_equal(model.trajectory().tallies, expected.tallies)


def test_the_counterfactual_is_the_run_without_levers() -> None:
    """Same random numbers, no lever: exactly the run without it."""
    model = make_live_model()
    model.run_for(6)
    model.press("west", DEALS_BUTTON)
    model.run_for(8)
    without = simulate(list(model.markets.values()), weeks=14, seed=3)
    counterfactual = model.counterfactual_trajectory()
    assert counterfactual is not None
    np.testing.assert_array_equal(counterfactual.tallies, without.tallies)
    with_lever = simulate(
        list(model.markets.values()), weeks=14, seed=3, levers=[DEALS | {"market": "west", "start": 6}]
    )
    np.testing.assert_array_equal(model.trajectory().tallies, with_lever.tallies)
    tables = curve_tables(model)
    assert tables.actual[0]["adoption"][10] > tables.counterfactual[0]["adoption"][10]
    np.testing.assert_array_equal(tables.actual[1]["adoption"], tables.counterfactual[1]["adoption"])
    assert model.pulled == [(6, "west", "Deals", 10)]


def test_an_active_lever_is_not_pulled_again() -> None:
    """A second click, or a third, would cost twice."""
    model = make_live_model()
    model.run_for(2)
    for _ in range(3):
        model.press("west", DEALS_BUTTON)
    assert (model.active_until("west", DEALS), model.active_until("asia", DEALS)) == (6, None)
    model.run_for(4)
    assert model.active_until("west", DEALS) is None
    model.press("west", DEALS_BUTTON)
    assert [pull.week for pull in model.pulled] == [2, 6]
    model.run_for(4)
    assert len(model.trajectory().ledger) == 8


def test_permanent_levers_add_up() -> None:
    model = make_live_model()
    for _ in range(2):
        model.press("west", LeverButton("Lay off", "", {"kind": "layoffs"}))
    assert model.pulled == [(0, "west", "Lay off", None)] * 2


def test_a_lever_that_is_refused_starts_no_counterfactual() -> None:
    model = make_live_model()
    model.press("west", LeverButton("Deals", "", DEALS | {"discount": 2.0}))
    assert "allowed: 0 to 1" in model.notice
    assert model.counterfactual is None
    assert model.pulled == []
    model.press("west", DEALS_BUTTON)
    assert model.notice == ""


def test_the_lever_of_every_button_can_be_pulled() -> None:
    model = make_live_model(consumers=1000)
    model.run_for(2)
    for button in LEVER_BUTTONS:
        model.press("west", button)
        assert model.notice == "", (button.label, model.notice)
        model.run_for(1)
    assert len(model.pulled) == len(LEVER_BUTTONS)


def test_parameters_change_from_the_next_week_on_and_survive_a_reset() -> None:
    parameter_changes = ParameterChanges()
    model, unchanged = make_live_model(parameter_changes=parameter_changes), make_live_model()
    for one in (model, unchanged):
        one.run_for(5)
    model.set_parameter("west", "trust.weight", 5.0, at_reset=False)
    model.set_parameter("west", "habit.initial", 0.9, at_reset=True)
    assert model.parameter_value("west", "trust.weight") == 5.0
    for one in (model, unchanged):
        one.run_for(5)
    table, other = (one.trajectory().table for one in (model, unchanged))
    assert table[table["week"] <= 5].equals(other[other["week"] <= 5])
    assert not table.equals(other)
    after_reset = make_live_model(parameter_changes=parameter_changes)
    assert after_reset.markets["west"].trust.weight == 5.0
    assert after_reset.markets["west"].habit.initial == 0.9


def test_a_parameter_out_of_range_is_refused_with_a_notice() -> None:
    model = make_live_model()
    model.set_parameter("west", "trust.weight", -1.0, at_reset=False)
    assert "out of range" in model.notice
    assert model.parameter_changes.values == {}


def test_switches_are_counted_by_neighbours_in_mode_super() -> None:
    """Everyone who is at risk is counted once a week, and everyone who switched."""
    model = make_live_model()
    model.run_for(20)
    table = model.trajectory().table
    for i, name in enumerate(model.markets):
        rows = table[table["market"] == name]
        assert model.exposure[i, 1].sum() == rows["switched_to_super"].sum() > 0
        assert model.exposure[i, 0].sum() == (rows["consumers"] - rows["super"])[:-1].sum()
        assert 0 < model.ever_switched(i).sum() <= rows["switched_to_super"].sum()


def test_populations_are_limited_by_the_capacity_of_the_server() -> None:
    huge = make_live_model(capacity=Capacity(10_000), consumers=10**9)
    assert huge.markets["west"].consumers == 1000
    assert "full" in huge.notice
    with pytest.raises(MemoryError):
        make_live_model(capacity=Capacity(100))


def test_unknown_markets_are_replaced_by_the_initial_ones() -> None:
    assert list(make_live_model(market_1="<b>", market_2="none").markets) == ["west", "asia"]
    assert list(make_live_model(market_1="japan", market_2="japan").markets) == ["japan"]


def test_the_run_ends_with_the_experiment() -> None:
    model = make_live_model(consumers=1000)
    object.__setattr__(model.settings, "weeks", 3)
    model.run_for(3)
    assert not model.running
