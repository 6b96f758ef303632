"""Scenarios that build on each other, precision and targets in a config."""

from datetime import date
from typing import Any

import pytest

from abm.base.errors import InputError
from abm.experiment.config import parse_experiment

DEAL = {"kind": "deals_for_you", "market": "us", "start": 3, "weeks": 2}
AD = {"kind": "advertising", "market": "us", "start": 5, "weeks": 4}


def config(**values: Any) -> dict[str, Any]:
    return {"name": "x", "weeks": 60, "start": date(2024, 1, 1), "markets": {"us": {}}} | values


def scenarios(*tables: dict[str, Any]) -> Any:
    return parse_experiment(config(scenarios=list(tables))).scenarios


def refused(**values: Any) -> str:
    with pytest.raises(InputError) as caught:
        parse_experiment(config(**values))
    return str(caught.value)


def test_a_scenario_inherits_levers_in_order() -> None:
    found = scenarios(
        {"name": "a", "levers": [DEAL]}, {"name": "b", "extends": "a", "levers": [AD]},
        {"name": "c", "extends": "b"}, {"name": "d", "levers": [AD]}, {"name": "e", "extends": ["d", "a"]},
    )  # fmt: skip
    assert [lever.kind for lever in found["b"].levers] == ["deals_for_you", "advertising"]
    assert found["c"].levers == found["b"].levers
    assert [lever.kind for lever in found["e"].levers] == ["advertising", "deals_for_you"]
    assert [name for name, scenario in found.items() if scenario.combines] == ["e"]


def test_the_window_spans_all_levers() -> None:
    found = scenarios(
        {"name": "a", "levers": [DEAL, AD]}, {"name": "b", "levers": [{k: v for k, v in AD.items() if k != "weeks"}]}
    )
    start = parse_experiment(config()).start
    assert found["a"].window(start) == (3, 9)
    assert found["b"].window(start) == (5, None)
    assert found["baseline"].window(start) is None


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ([{"name": "a", "extends": "z"}], ["scenarios.a.extends", "z", "no such scenario"]),
        ([{"name": "a", "extends": "a"}], ["scenarios.a.extends", "circle", "a -> a"]),
        ([{"name": "a", "extends": "b"}, {"name": "b", "extends": "a"}], ["scenarios.a.extends", "a -> b -> a"]),
        ([{"name": "a", "extends": "b"}, {"name": "b", "extends": "a"}], ["scenarios.b.extends", "b -> a -> b"]),
        ([{"name": "a"}, {"name": "a"}], ["scenarios[1].name", "twice"]),
        ([{"name": "baseline", "levers": [DEAL]}], ["scenarios[0].name", "has no levers"]),
        ([{"name": "a", "levers": [{**DEAL, "kind": []}]}], ["scenarios.a.levers[0].kind = []: no such lever"]),
        ([{"name": "a", "levers": [{**DEAL, "market": "uss"}]}], ["levers[0].market", "uss", 'did you mean "us"']),
        ([{"name": "a", "levers": [{**DEAL, "start": 60}]}], ["levers[0].start", "60", "week 0", "59"]),
        (
            [{"name": "a", "levers": [DEAL]}, {"name": "b", "extends": "a", "levers": [DEAL]}],
            ["scenarios.b", "one deal"],
        ),
    ],
)
def test_bad_scenarios_are_refused_by_name(tables: list[dict[str, Any]], words: list[str]) -> None:
    text = refused(scenarios=tables)
    for word in words:
        assert word in text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"replicates": "auto"}, ["precision"]),
        ({"replicates": "many"}, ["replicates", "many"]),
        ({"replicates": 0}, ["replicates", "0"]),
        ({"precision": {"relative": 0.1}}, ["precision"]),
        ({"replicates": "auto", "precision": {"outcome": "gmv"}}, ["outcome", "gmv", "gmv_usd"]),
        ({"replicates": "auto", "precision": {}}, ["half_width or relative"]),
        ({"replicates": "auto", "precision": {"relative": 0.1, "least": 9, "most": 4}}, ["least", "9", "4"]),
        ({"replicates": "auto", "precision": {"relative": -1.0}}, ["precision.relative", "-1"]),
        ({"replicates": "auto", "precision": {"relative": 0.1, "market": "uk"}}, ["precision.market", "uk", "us"]),
        ({"target": {"market": "us", "year": 2030, "gmv_usd": 1e9}}, ["target.year", "2030", "2024 to 2025"]),
        ({"target": {"market": "eu", "year": 2024, "gmv_usd": 1e9}}, ["target.market", "eu", "us"]),
        ({"target": {"market": "us", "year": 2024}}, ["target.gmv_usd", "required"]),
    ],
)
def test_bad_aims_are_refused_with_key_and_value(values: dict[str, Any], words: list[str]) -> None:
    text = refused(**values)
    for word in words:
        assert word in text


def test_groups_are_counted_from_the_first_lever_to_the_last() -> None:
    experiment = parse_experiment(config(scenarios=[{"name": "a", "levers": [DEAL]}, {"name": "b", "levers": [AD]}]))
    assert all(run.group_weeks == (3, 9) for run in experiment.runs())
    assert all(run.group_weeks is None for run in parse_experiment(config()).runs())


def test_a_window_that_ends_after_the_run_is_told() -> None:
    tables = [
        {"name": "long", "levers": [AD, DEAL | {"weeks": 4}]},
        {"name": "endless", "levers": [{**AD, "weeks": None}]},
    ]
    experiment = parse_experiment(config(scenarios=tables, weeks=7))
    assert experiment.notes == [
        "long: advertising in us was to act for 4 weeks from week 5; the run ends after 2 of them, and so do its "
        "effects and costs."
    ]


def test_a_window_outside_the_run_is_refused() -> None:
    for start in (60, date(2025, 3, 1), date(2023, 12, 1)):
        assert "outside the run" in refused(scenarios=[{"name": "late", "levers": [DEAL | {"start": start}]}])
