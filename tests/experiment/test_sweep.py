"""Sweeps: grid, listed points, Latin hypercube and Sobol; what is wrong is named."""

from typing import Any

import numpy as np
import pytest

from abm.base.errors import InputError, Problem
from abm.experiment.config import parse_experiment
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
