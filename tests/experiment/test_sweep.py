"""Sweeps: grid, listed points, Latin hypercube and Sobol; what is wrong is named."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from abm.base.errors import InputError, Problem
from abm.experiment.config import load_experiment, parse_experiment
from abm.experiment.sweep import parse_sweep
from abm.experiment.swept_parameter import find_swept
from abm.markets.market import Market

MARKETS = {"us": Market.profile("us")}
TRUST, DEGREE = "markets.us.trust.initial", "markets.us.network.degree"
SIZE = "markets.us.consumers"


def parsed(table: Any, problems: list[Problem]) -> Any:
    return parse_sweep(table, lambda path: find_swept(path, MARKETS, MARKETS, []), problems)


def points(table: dict[str, Any]) -> list[dict[str, Any]]:
    problems: list[Problem] = []
    found = parsed(table, problems)
    assert not problems
    return [dict(point.columns) for point in found]


def test_no_sweep_is_one_empty_point() -> None:
    assert points({}) == [{}]


def test_a_grid_takes_all_combinations() -> None:
    found = points({TRUST: [0.4, 0.5], DEGREE: [8, 10, 12]})
    assert len(found) == 6
    assert found[0] == {TRUST: 0.4, DEGREE: 8}


def test_points_can_be_listed_in_quotes_or_as_tables() -> None:
    listed = [{TRUST: 0.4, DEGREE: 8}, {"markets": {"us": {"trust": {"initial": 0.5}, "network": {"degree": 10}}}}]
    assert points({"points": listed}) == [{TRUST: 0.4, DEGREE: 8}, {TRUST: 0.5, DEGREE: 10}]


@pytest.mark.parametrize("design", ["latin_hypercube", "sobol"])
def test_samples_fill_the_ranges_evenly(design: str) -> None:
    found = points({"design": design, "samples": 32, TRUST: [0.2, 0.6], SIZE: [24, 31]})
    trust = np.array([point[TRUST] for point in found])
    slices = np.floor((trust - 0.2) / 0.4 * 32).astype(int)
    assert sorted(slices.tolist()) == list(range(32))  # one in each of 32 equal slices
    sizes = [point[SIZE] for point in found]
    assert all(isinstance(value, int) for value in sizes)
    assert set(sizes) == set(range(24, 32))


def test_the_same_seed_gives_the_same_samples() -> None:
    table = {"design": "latin_hypercube", "samples": 8, TRUST: [0.2, 0.6]}
    assert points(table) == points(table)
    assert points(table) != points(table | {"seed": 1})


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"markets.eu.trust.initial": [0.1]}, ["sweep.markets.eu.trust.initial", "name of a market", "us"]),
        ({"markets.us.trust.inital": [0.1]}, ["sweep.markets.us.trust.inital", "trust.initial"]),
        ({"markets.us.trust.inital": [0.1]}, ["unknown parameter"]),
        ({TRUST: [0.1, 1.5]}, [f"sweep.{TRUST}", "1.5", "0 to 1"]),
        ({TRUST: []}, [f"sweep.{TRUST}", "at least one value"]),
        ({TRUST: 0.5}, [f"sweep.{TRUST}", "0.5", "list"]),
        ({TRUST: [0.5, 0.5]}, [f"sweep.{TRUST}", "0.5", "twice"]),
        ({"design": "sobal", TRUST: [0.1, 0.5]}, ["sweep.design", "sobal", "latin_hypercube"]),
        ({"design": "sobol", TRUST: [0.1, 0.5]}, ["sweep.samples", "required"]),
        ({"design": "sobol", "samples": 0, TRUST: [0.1, 0.5]}, ["sweep.samples", "0", "1 to 1,000,000"]),
        ({"design": "sobol", "samples": 4, TRUST: [0.5, 0.1]}, [f"sweep.{TRUST}", "low < high"]),
        ({"design": "sobol", "samples": 4, TRUST: [0.5, 7.0]}, [f"sweep.{TRUST}", "0 to 1"]),
        ({"design": "latin_hypercube", "samples": 4}, ["sweep", "at least one parameter"]),
        ({"samples": 4, TRUST: [0.1]}, ["sweep.samples", "4", "grid"]),
        ({"points": [{TRUST: 0.1}, {DEGREE: 8}]}, ["sweep.points[1]", "same parameters", "degree"]),
        ({"points": []}, ["sweep.points", "at least one"]),
        ({"points": [{TRUST: 0.1}], TRUST: [0.1]}, [f"sweep.{TRUST}", "not both"]),
        ({"points": [{TRUST: 9.0}]}, [f"sweep.{TRUST}", "9.0", "0 to 1"]),
        ({"points": [{TRUST: 0.1}], "design": "sobol"}, ["sweep.points", "leave out"]),
        (5, ["sweep", "table"]),
    ],
)
def test_bad_sweeps_are_refused_with_key_value_and_range(table: Any, words: list[str]) -> None:
    problems: list[Problem] = []
    found = parsed(table, problems)
    if not problems:  # values are checked by the markets that get them
        with pytest.raises(InputError) as caught:
            parse_experiment({"name": "x", "weeks": 2, "markets": {"us": {"profile": "us"}}, "sweep": table})
        problems = caught.value.problems
    else:
        assert list(found) == [({}, {})]
    text = "\n".join(str(problem) for problem in problems)
    for word in words:
        assert word in text


def test_an_experiment_runs_each_point() -> None:
    experiment = parse_experiment(
        {
            "name": "x", "weeks": 2, "replicates": 3, "markets": {"us": {"consumers": 10}},
            "sweep": {"design": "sobol", "samples": 4, "markets.us.norm.strength": [0.0, 1.0]},
        }
    )  # fmt: skip
    runs = list(experiment.runs())
    assert len(runs) == 12
    assert len({run.key for run in runs}) == 12
    assert runs[0].markets[0].norm.strength == runs[0].point["markets.us.norm.strength"]


@pytest.mark.parametrize(
    ("path", "listed", "columns"),
    [
        ("norm.strength", [1, 1.5], [1.0, 1.5]),
        ("seed_adopters", [1, 2], [1, 2]),
        ("choice.reversible", [True, False], [True, False]),
        ("network.family", ["ring", "random"], ["ring", "random"]),
        ("launch", [0, date(2020, 2, 3)], ["0", "2020-02-03"]),
        ("annual_spend", [5, {2021: 7.5, 2020: 6}], ["5", "2020: 6, 2021: 7.5"]),
        ("seed_consumers", [[1, 2], [12], []], ["1, 2", "12", ""]),
        ("network.file", ["a/ring.csv", "./star.csv"], ["a/ring.csv", "star.csv"]),
    ],
)
def test_columns_have_the_type_of_the_parameter(path: str, listed: list[Any], columns: list[Any]) -> None:
    full = f"markets.us.{path}"
    assert [repr(point[full]) for point in points({full: listed})] == [repr(column) for column in columns]
    assert points({"points": [{full: value} for value in listed]}) == [{full: column} for column in columns]


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("norm.strength", [1, 1.0]), ("annual_spend", [1000, 1000.0]), ("network.file", ["a.csv", "./a.csv"]),
        ("annual_spend", [{2020: 1, 2021: 2}, {2021: 2.0, 2020: 1.0}]),
    ],
)  # fmt: skip
def test_equal_values_are_found_however_written(path: str, listed: list[Any]) -> None:
    problems: list[Problem] = []
    parsed({f"markets.us.{path}": listed}, problems)
    parsed({"points": [{f"markets.us.{path}": value} for value in listed]}, problems)
    assert [problem.key for problem in problems] == [f"sweep.markets.us.{path}", "sweep.points[1]"]
    assert all(problem.message == "is there twice" for problem in problems)


def test_samples_are_values_of_the_parameter() -> None:
    table = {"design": "sobol", "samples": 16, "markets.us.seed_adopters": [0, 3], DEGREE: [3, 9], TRUST: [0, 1]}
    found = points(table)
    assert {point["markets.us.seed_adopters"] for point in found} == {0, 1, 2, 3}
    assert {point[DEGREE] for point in found} == {4.0, 6.0, 8.0}  # even: a small world
    assert all(isinstance(point[TRUST], float) and 0 < point[TRUST] < 1 for point in found)
    once = points({"design": "sobol", "samples": 64, "markets.us.seed_adopters": [0, 3]})
    assert sorted(point["markets.us.seed_adopters"] for point in once) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("path", "ends", "words"),
    [
        ("seed_adopters", [0.5, 3], "two whole numbers"), ("choice.reversible", [0, 1], "has no range"),
        ("network.degree", [5, 5.5], "no multiple of 2"), ("norm.strength", [0, float("inf")], "two numbers"),
        ("norm.strength", [0, True], "two numbers"), ("seed_consumers", [0, 1], "has no range"),
    ],
)  # fmt: skip
def test_ends_that_give_no_samples_are_refused(path: str, ends: list[Any], words: str) -> None:
    problems: list[Problem] = []
    parsed({"design": "sobol", "samples": 4, f"markets.us.{path}": ends}, problems)
    assert words in str(problems[0])


def test_an_inherited_sweep_over_files_means_those_of_its_own_config(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "ring.csv").write_text("0,1\n1,2\n2,0\n")
    (tmp_path / "pair.csv").write_text("0,1\n")
    (tmp_path / "base.toml").write_text(
        'name = "b"\nweeks = 2\n[markets.m]\nnetwork = { family = "file", file = "ring.csv" }\n'
        '[sweep]\npoints = [{ "markets.m.network.file" = "pair.csv" }, { markets.m.network.file = "ring.csv" }]\n'
    )
    (tmp_path / "sub" / "child.toml").write_text('extends = "../base.toml"\nname = "c"\n')
    experiment = load_experiment(tmp_path / "sub" / "child.toml")
    assert [point.markets["m"].consumers for point in experiment.points] == [2, 3]
