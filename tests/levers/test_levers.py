from datetime import date

import numpy as np
import pytest

from abm import Market, simulate
from abm.base.errors import InputError
from abm.engine.parameter_schedule import Schedule
from abm.levers import make_lever, window_problems

START = date(2020, 1, 6)


def lever(**values: object) -> dict[str, object]:
    return {"kind": "set", "market": "market", "start": 5, "values": {"norm.strength": 2.0}} | values


def test_set_acts_in_its_window_only() -> None:
    schedule = Schedule([Market()], [make_lever(lever(weeks=3))], START)
    strength = schedule.parameters(0, 12)["norm.strength"][:, 0]
    assert np.flatnonzero(strength).tolist() == [5, 6, 7]


def test_without_weeks_a_lever_holds_to_the_end() -> None:
    schedule = Schedule([Market()], [make_lever(lever())], START)
    assert np.flatnonzero(schedule.parameters(0, 9)["norm.strength"][:, 0]).tolist() == [5, 6, 7, 8]


def test_dates_and_weeks_mean_the_same() -> None:
    by_date = make_lever(lever(start=date(2020, 2, 12)))
    assert by_date.window(START) == make_lever(lever()).window(START)


def test_the_last_of_overlapping_levers_wins() -> None:
    levers = [make_lever(lever(start=0)), make_lever(lever(start=2, weeks=2, values={"norm.strength": 1.0}))]
    strength = Schedule([Market()], levers, START).parameters(0, 6)["norm.strength"][:, 0] / 2**32
    assert strength.tolist() == [2, 2, 1, 1, 2, 2]


def test_a_lever_acts_in_its_own_market_only() -> None:
    markets = [Market(), Market(name="other")]
    parameters = Schedule(markets, [make_lever(lever(start=0))], START).parameters(0, 1)
    assert parameters["norm.strength"][0, 0] > 0
    assert parameters["norm.strength"][0, 1] == 0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "bribe"}, ["kind", "bribe", "no such lever", "subsidy"]),
        ({"start": -1}, ["start", "0 or more"]),
        ({"weeks": 0}, ["weeks", "1 to"]),
        ({"values": {}}, ["values", "at least one"]),
        ({"values": {"norm.strenght": 1.0}}, ["norm.strenght", 'did you mean "norm.strength"']),
        ({"values": {"norm.strength": 1e9}}, ["norm.strength", "-100 to 100"]),
        ({"values": {"network.degree": 4}}, ["network.degree", "week 0"]),
        ({"values": {"trust.initial": 0.5}}, ["trust.initial", "week 0"]),
        ({"discount": 0.3}, ["discount", "unknown key"]),
        ({"market": 3}, ["market", "must be text"]),
    ],
)
def test_bad_levers_are_refused_with_key_value_and_range(values: dict[str, object], words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        make_lever(lever(**values))
    for word in words:
        assert word in str(caught.value)


def test_a_lever_that_is_no_table_is_refused() -> None:
    with pytest.raises(InputError, match="must be a table"):
        make_lever(5)


@pytest.mark.parametrize("start", [10, date(2019, 12, 1), date(2021, 1, 1)])
def test_a_window_outside_the_run_is_refused(start: object) -> None:
    problems = window_problems([make_lever(lever(start=start))], ["market"], START, weeks=10)
    assert [problem.key for problem in problems] == ["levers[0].start"]
    assert "outside the run" in str(problems[0])


def test_an_unknown_market_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean"):
        simulate([Market()], weeks=10, levers=[lever(market="markt")])
