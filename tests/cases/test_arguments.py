"""Arguments are forgiving and consistent: the same value in Python, in TOML and with ``--set``; NumPy, dates, paths."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic.fields import FieldInfo

from abm import Market, ShoppingModel, Simulation, load, run, simulate
from abm.base.errors import InputError, Problem
from abm.base.parameters import bounds, choices_of
from abm.experiment.config import load_experiment, parse_experiment
from abm.levers import LEVERS, DealsForYou, Lever, make_lever
from abm.markets.market import parameter_paths
from abm.networks import Network

DAY = date(2023, 9, 11)
BASE = {"network": {"family": "small_world", "degree": 4}, "consumers": 100}


def field_of(path: str) -> FieldInfo:
    model: Any = Market
    *tables, last = path.split(".")
    for table in tables:
        model = model.model_fields[table].annotation
    return model.model_fields[last]  # type: ignore[no-any-return]


def valid_value(path: str) -> Any:
    """Return a value that a parameter may have and that is not its default."""
    field = field_of(path)
    if path in SPECIAL:
        return SPECIAL[path]
    if choices := choices_of(field):
        return next(each for each in choices if each != field.default)
    if field.annotation is bool:
        return not field.default
    low, high = bounds(field)
    if field.annotation is int:
        return int(low or 0) + 3
    return (0.25 if field.default != 0.25 else 0.75) if high is not None and high <= 1 else (low or 0.0) + 1.5


SPECIAL: Mapping[str, Any] = {
    "launch": DAY, "annual_spend": {2020: 900.0, 2021: 950.5}, "seed_consumers": [3, 5, 8], "network.family": "random",
    "network.degree": 6, "consumers": 120,
}  # fmt: skip
PATHS = [path for path, _ in parameter_paths() if path not in {"name", "network.graph", "network.file"}]


def same_in_other_types(value: Any) -> list[Any]:
    """Return a value as NumPy, pandas and the standard library would hand it over."""
    kinds = {
        bool: [np.bool_],
        int: [np.int64, np.int32, np.uint16, np.array],
        float: [np.float64, np.float32, np.array],
    }
    if type(value) in kinds:
        return [kind(value) for kind in kinds[type(value)]]
    if isinstance(value, date):
        return ["2023-09-11", datetime(2023, 9, 11), np.datetime64("2023-09-11"), pd.Timestamp("2023-09-11"),
                np.datetime64("2023-09-11T00:00:00.000000000")]  # fmt: skip
    if isinstance(value, dict):
        return [{str(year): spend for year, spend in value.items()},
                {np.int64(year): np.float64(spend) for year, spend in value.items()}]  # fmt: skip
    if isinstance(value, list):
        return [tuple(value), np.array(value), [np.int16(part) for part in value]]
    return [np.str_(value)]


def toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


HEAD = 'name = "same"\nweeks = 300\nstart = 2020-01-06\n[markets.m]\n'


def in_python(path: str, value: Any, folder: Path) -> Market:
    return Market(name="m", **BASE).replace({path: value})


def in_file(path: str, value: Any, folder: Path) -> Market:
    file = folder / "file.toml"
    lines = {f"{key}.{name}": part for key in ("network",) for name, part in BASE[key].items()}  # type: ignore[attr-defined]
    lines |= {"consumers": BASE["consumers"]} | {path: value}
    file.write_text(HEAD + "\n".join(f"{key} = {toml(part)}" for key, part in lines.items()))
    return load_experiment(file).markets["m"]


def with_set(path: str, value: Any, folder: Path) -> Market:
    file = folder / "set.toml"
    file.write_text(HEAD + "\n".join(f"{key} = {toml(part)}" for key, part in BASE.items()))
    return load_experiment(file, (f"markets.m.{path}={toml(value)}",)).markets["m"]


WAYS: list[Callable[[str, Any, Path], Market]] = [in_python, in_file, with_set]


@pytest.mark.parametrize("path", PATHS)
def test_a_value_is_the_same_given_three_ways_and_in_every_type(path: str, tmp_path: Path) -> None:
    value = valid_value(path)
    expected = in_python(path, value, tmp_path)
    assert expected != Market(name="m", **BASE)
    for way in WAYS[1:]:
        assert way(path, value, tmp_path) == expected, way.__name__
    for other in same_in_other_types(value):
        found = in_python(path, other, tmp_path)
        assert found == expected, type(other)
        assert found.model_dump_json() == expected.model_dump_json()
    if isinstance(value, date):
        for way in WAYS[1:]:
            assert way(path, str(value), tmp_path) == expected, "quoted"


def problems(way: Callable[[str, Any, Path], Market], path: str, value: Any, folder: Path) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        way(path, value, folder)
    return sorted(each._replace(key=each.key.removeprefix("markets.m."), file="") for each in caught.value.problems)


WRONG: list[Any] = ["soon", -7, [], {"a": 1}, "2023-02-30", "11.9.2023", datetime(2023, 9, 11, 10, 30)]


@pytest.mark.parametrize("path", PATHS)
def test_a_wrong_value_is_refused_in_the_same_words_three_ways(path: str, tmp_path: Path) -> None:
    n_refused = 0
    for value in WRONG:
        try:
            in_python(path, value, tmp_path)
        except InputError:
            n_refused += 1
            said = [problems(way, path, value, tmp_path) for way in WAYS]
            assert said[0] == said[1] == said[2]
        else:
            assert in_file(path, value, tmp_path) == with_set(path, value, tmp_path) == in_python(path, value, tmp_path)
    assert n_refused >= 5


LEVER_FIELDS = [
    (kind, name)
    for kind, model in LEVERS.items()
    for name in model.model_fields
    if name not in {"kind", "market", "values"} and (kind, name) != ("launch", "weeks")  # a launch has no end
]


@pytest.mark.parametrize(("kind", "name"), LEVER_FIELDS)
def test_levers_take_the_same_values_three_ways(kind: str, name: str, tmp_path: Path) -> None:
    field = LEVERS[kind].model_fields[name]
    low, high = bounds(field)
    value: Any = (
        DAY if name == "start" else 3 if "int" in str(field.annotation) else 0.25 if high == 1 else (low or 0) + 1.5
    )
    table: dict[str, Any] = {"kind": kind, "market": "m", "start": 200}
    if kind == "set":
        table["values"] = {"price.discount": 0.5}
    file = tmp_path / "levers.toml"

    def lever_in(written: dict[str, Any], *overrides: str) -> Lever:
        levers = toml(written).replace("price.discount", '"price.discount"')
        file.write_text(f'{HEAD}consumers = 50\n[[scenarios]]\nname = "s"\nlevers = [{levers}]\n')
        return load_experiment(file, overrides).scenarios["s"].levers[0]

    expected = make_lever(table | {name: value})
    assert expected != make_lever(table)
    assert lever_in(table | {name: value}) == expected
    assert lever_in(table, f"scenarios.s.levers.0.{name}={toml(value)}") == expected
    for other in same_in_other_types(value):
        assert make_lever(table | {name: other}) == expected


@pytest.mark.parametrize("value", ["soon", "2023-02-30", "20230911", datetime(2023, 9, 11, 10), 5, None])
def test_what_is_no_date_is_refused_with_an_example(value: Any) -> None:
    with pytest.raises(InputError, match=r"start.*must be a date such as 2023-09-11"):
        simulate(Market(consumers=10), weeks=1, start=value)


@pytest.mark.parametrize("start", [DAY, *same_in_other_types(DAY)], ids=str)
def test_dates_of_all_kinds(start: Any) -> None:
    town = Market(consumers=20, launch=start)
    lever = {"kind": "deals_for_you", "market": "market", "start": start, "weeks": 2}
    for trajectory in (
        simulate(town, weeks=3, start=start, levers=lever),
        ShoppingModel(markets=town, rng=0, start=start, levers=[lever]).trajectory(),
        Simulation(town, start=start, levers=[lever]).trajectory(),
    ):
        assert trajectory.table["date"].iloc[0] == pd.Timestamp(DAY)
        assert trajectory.start == DAY
        assert trajectory.markets[0].launch == DAY


def test_markets_by_name_alone_in_lists_and_as_mapping() -> None:
    west, town = Market.profile("west").replace({"consumers": 50}), Market(name="town", consumers=50)
    assert Simulation("west").markets == [Market.profile("west")]
    for markets in (["west", town], ("west", town), iter(["west", town]), {"any": "west", "other": town}):
        model = ShoppingModel(markets=markets, rng=1)
        assert list(model.markets) == ["west", "town"]
    table = simulate({"a": west, "b": town}.values(), weeks=1, seed=1).table
    assert table.equals(simulate([west, town], weeks=1, seed=1).table)
    for wrong in (5, [5], [None], [["west"]]):
        with pytest.raises(InputError, match="must be a Market or the name of a profile"):
            simulate(wrong, weeks=1)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="did you mean"):
        simulate("wset", weeks=1)


def test_numbers_of_numpy_are_taken_everywhere() -> None:
    town = Market(
        name="town", consumers=np.int32(70), norm={"strength": np.float32(0.5)}, choice={"reversible": np.False_}
    )
    plain = Market(name="town", consumers=70, norm={"strength": 0.5}, choice={"reversible": False})
    assert town == plain
    expected = simulate(plain, weeks=4, seed=3, replicate=2, threads=1).table
    numbers = {"weeks": np.int64(4), "seed": np.uint32(3), "replicate": np.int8(2), "threads": np.int16(1)}
    assert simulate(town, **numbers).table.equals(expected)
    model = ShoppingModel(markets=town, rng=np.uint8(3), replicate=np.int64(2), threads=np.int64(1))
    model.run_for(4)
    assert model.trajectory().table.equals(expected)
    tables: list[dict[str, Any]] = [
        {"kind": "deals_for_you", "market": "town", "start": whole(2), "weeks": whole(3), "discount": number(0.25)}
        for whole, number in ((int, float), (np.int64, np.float32))
    ]
    assert make_lever(tables[0]) == make_lever(tables[1]) == DealsForYou(**tables[1])
    values = {"price.discount": np.float64(0.5)}
    assert make_lever({"kind": "set", "market": "town", "start": 1, "values": values}).model_dump()["values"] == {
        "price.discount": 0.5
    }
    assert Network(family="ring", degree=np.int64(4)) == Network(family="ring", degree=4)


@pytest.mark.parametrize("wrong", [True, np.True_, 1.0, np.float64(2), "4", -1, 2**40])
@pytest.mark.parametrize("key", ["weeks", "seed", "replicate", "threads"])
def test_what_is_no_whole_number_is_refused(key: str, wrong: Any) -> None:
    with pytest.raises(InputError, match=rf"{key} = .*allowed: whole numbers \d to"):
        simulate(Market(consumers=10), **{"weeks": 1, key: wrong})


def test_sweeps_through_python_take_arrays() -> None:
    def config(strengths: Any, dates: Any) -> dict[str, Any]:
        return {
            "name": "swept", "weeks": 60, "start": "2023-09-04", "markets": {"us": {"consumers": 50}},
            "sweep": {"markets.us.norm.strength": strengths, "markets.us.launch": dates},
        }  # fmt: skip

    plain = parse_experiment(config([0.0, 0.5, 1.0], [DAY, date(2023, 10, 2)]))
    days = np.array(["2023-09-11", "2023-10-02"], "datetime64[D]")
    for dates in (days, ["2023-09-11", "2023-10-02"], list(pd.to_datetime(days))):
        found = parse_experiment(config(np.linspace(0, 1, 3), dates))
        assert found.points == plain.points
        assert [spec.key for spec in found.runs()] == [spec.key for spec in plain.runs()]


def test_paths_as_text_or_path(tmp_path: Path) -> None:
    config = tmp_path / "small.toml"
    config.write_text('name = "small"\nweeks = 2\n[markets.town]\nconsumers = 30\n')
    for path, out in ((str(config), tmp_path / "a"), (config, str(tmp_path / "b"))):
        results = run(path, out=out, workers=np.int64(1), overrides="seed=2")
        assert load(str(out)).table.equals(results.table)
        assert load(Path(out)).table.equals(results.table)
    ties = tmp_path / "ties.csv"
    ties.write_text("from,to\n0,1\n1,2\n")
    by_path, by_text = (Market(network={"family": "file", "file": file}) for file in (ties, str(ties)))
    assert by_path == by_text
    assert simulate(by_path, weeks=1).table["consumers"].iloc[0] == 3
