"""The model behind the page: two arms, knobs, levers, room."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest

from abm.api import simulate
from abm.view import live_model as stage_module
from abm.view.capacity import Room
from abm.view.curves import mean_of, records_of
from abm.view.live_model import Knobs, Stage, Visit
from abm.view.settings import CALENDAR, CONFIG, SINCE_LAUNCH, load_settings

DEALS = {"kind": "deals_for_you", "weeks": 4, "discount": 0.5, "reach": 1.0}


def make(room: Room | None = None, **changes: Any) -> Stage:
    values = {"seed": 3, "consumers": 2000, "clock": SINCE_LAUNCH, "market_1": "west", "market_2": "asia"}
    visit = Visit(load_settings(), changes.pop("knobs", Knobs()), room or Room())
    return Stage(visit=visit, **(values | changes))


def test_the_markets_are_those_of_simulate() -> None:
    stage = make()
    stage.run_for(12)
    expected = simulate(list(stage.markets.values()), weeks=12, seed=3)
    np.testing.assert_array_equal(stage.trajectory().tallies, expected.tallies)


def test_the_twin_is_what_would_have_happened() -> None:
    """Same random numbers, no lever: exactly the run without it."""
    stage = make()
    stage.run_for(6)
    stage.fire("west", "Deals", DEALS)
    stage.run_for(8)
    without = simulate(list(stage.markets.values()), weeks=14, seed=3)
    twin = stage.twin_record()
    assert twin is not None
    np.testing.assert_array_equal(twin.tallies, without.tallies)
    with_lever = simulate(
        list(stage.markets.values()), weeks=14, seed=3, levers=[DEALS | {"market": "west", "start": 6}]
    )
    np.testing.assert_array_equal(stage.trajectory().tallies, with_lever.tallies)
    arms = records_of(stage)
    assert arms.arms[0]["adoption"][10] > arms.twins[0]["adoption"][10]
    np.testing.assert_array_equal(arms.arms[1]["adoption"], arms.twins[1]["adoption"])
    assert stage.pulled == [(6, "west", "Deals", 10)]


def test_a_lever_that_acts_is_not_pulled_twice() -> None:
    """A second click, or a third, would cost twice."""
    stage = make()
    stage.run_for(2)
    for _ in range(3):
        stage.fire("west", "Deals", DEALS)
    assert (stage.ends("west", DEALS), stage.ends("asia", DEALS)) == (6, None)
    stage.run_for(4)
    assert stage.ends("west", DEALS) is None
    stage.fire("west", "Deals", DEALS)
    assert [pull.week for pull in stage.pulled] == [2, 6]
    stage.run_for(4)
    assert len(stage.trajectory().ledger) == 8


def test_levers_for_good_add_up() -> None:
    stage = make()
    for _ in range(2):
        stage.fire("west", "Lay off", {"kind": "layoffs"})
    assert stage.pulled == [(0, "west", "Lay off", None)] * 2


def test_a_lever_that_is_refused_leaves_no_twin() -> None:
    stage = make()
    stage.fire("west", "Deals", DEALS | {"discount": 2.0})
    assert "allowed: 0 to 1" in stage.notice
    assert stage.twin is None
    assert stage.pulled == []
    stage.fire("west", "Deals", DEALS)
    assert stage.notice == ""


def test_knobs_act_from_the_next_week_and_survive_a_reset() -> None:
    knobs = Knobs()
    stage, plain = make(knobs=knobs), make()
    for one in (stage, plain):
        one.run_for(5)
    stage.turn("west", "trust.weight", 5.0, at_reset=False)
    stage.turn("west", "habit.initial", 0.9, at_reset=True)
    assert stage.value("west", "trust.weight") == 5.0
    for one in (stage, plain):
        one.run_for(5)
    mine, others = (one.trajectory().table for one in (stage, plain))
    assert mine[mine["week"] <= 5].equals(others[others["week"] <= 5])
    assert not mine.equals(others)
    again = make(knobs=knobs)
    assert again.markets["west"].trust.weight == 5.0
    assert again.markets["west"].habit.initial == 0.9


def test_a_knob_out_of_range_is_refused_in_words() -> None:
    stage = make()
    stage.turn("west", "trust.weight", -1.0, at_reset=False)
    assert "out of range" in stage.notice
    assert stage.knobs.values == {}


def test_who_switched_is_counted_by_friends() -> None:
    """Everyone who is at risk is counted once a week, and everyone who switched."""
    stage = make()
    stage.run_for(20)
    table = stage.trajectory().table
    for place, name in enumerate(stage.markets):
        rows = table[table["market"] == name]
        assert stage.exposure[place, 1].sum() == rows["switched_to_super"].sum() > 0
        assert stage.exposure[place, 0].sum() == (rows["consumers"] - rows["super"])[:-1].sum()
        assert 0 < stage.joined(place).sum() <= rows["switched_to_super"].sum()


def test_populations_are_capped_on_the_server() -> None:
    huge = make(room=Room(10_000), consumers=10**9)
    assert huge.markets["west"].consumers == 1000
    assert "full" in huge.notice
    with pytest.raises(MemoryError):
        make(room=Room(100))


def test_room_comes_back_when_a_model_is_gone() -> None:
    room = Room(20_000)
    first = make(room=room)
    assert room.taken == 8000
    assert make(room=room).markets["west"].consumers == 2000
    gc.collect()
    assert room.taken == 8000
    first.close()
    assert room.taken == 0
    first.step()  # a task may not know yet
    del first
    gc.collect()
    assert room.taken == 0


def test_unknown_markets_fall_back_to_the_first() -> None:
    assert list(make(market_1="<b>", market_2="none").markets) == ["west", "asia"]
    assert list(make(market_1="japan", market_2="japan").markets) == ["japan"]


def test_settings_of_an_experiment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONFIG, "experiments/countries.toml")
    settings = load_settings()
    assert settings.clock == CALENDAR
    assert set(settings.first) <= set(settings.markets)
    assert settings.week_of_year(settings.first[0], settings.start.year + 1, CALENDAR) > 20


def test_the_run_ends_with_the_experiment(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make(consumers=1000)
    object.__setattr__(stage.settings, "weeks", 3)
    stage.run_for(3)
    assert not stage.running


def test_mean_of_weeks() -> None:
    np.testing.assert_allclose(mean_of(np.array([0.0, 4, 2, 6]), 2), [0, 4, 3, 4])
    np.testing.assert_allclose(mean_of(np.array([0.5, 0.7]), 1), [0.5, 0.7])
    assert stage_module.SIZES[-1] == 1_000_000
