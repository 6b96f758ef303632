from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from abm.base.errors import InputError
from abm.experiment.config import load_experiment
from abm.experiment.toml_file import parse_override, read_config

Write = Callable[[str], Path]
SHIPPED = sorted((Path(__file__).parents[2] / "experiments").glob("*.toml"))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_config(text: str, name: str = "config.toml") -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return write_config


SMALL = """
name = "small"
weeks = 10
replicates = 2
[markets.us]
profile = "us"
consumers = 200
norm.strength = 1.4
network = { family = "random", degree = 4 }
[[scenarios]]
name = "deal"
levers = [{ kind = "set", market = "us", start = 3, weeks = 2, values = { "price.discount" = 0.3 } }]
[sweep]
"markets.us.trust.initial" = [0.45, 0.6]
"""


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_experiment_is_fine_and_named_like_its_file(path: Path) -> None:
    experiment = load_experiment(path)
    assert experiment.name == path.stem
    assert experiment.question.endswith("?")


def test_the_default_experiment_is_the_one_promised() -> None:
    path = next(path for path in SHIPPED if path.stem == "west_vs_asia")
    experiment = load_experiment(path)
    assert sum(run.consumer_weeks for run in experiment.runs()) == 1_497_600_000
    assert list(experiment.scenarios) == ["baseline", "deals_for_you", "livestream_investment"]


def test_runs_are_markets_by_scenarios_by_sweep_by_replicates(write: Write) -> None:
    runs = list(load_experiment(write(SMALL)).runs())
    assert len(runs) == 2 * 2 * 2
    assert len({run.key for run in runs}) == 8
    assert {run.scenario for run in runs} == {"baseline", "deal"}
    assert {run.markets[0].trust.initial for run in runs} == {0.45, 0.6}
    assert all(run.markets[0].norm.strength == 1.4 for run in runs)
    assert all(run.start == date(2020, 1, 6) for run in runs)


def test_a_key_changes_with_every_input(write: Write) -> None:
    def first_key(*overrides: str) -> str:
        return next(load_experiment(path, overrides).runs()).key

    path = write(SMALL)
    keys = [
        first_key(), first_key("seed=1"), first_key("weeks=11"), first_key("start=2020-01-13"),
        first_key("markets.us.norm.strength=1.5"), first_key("markets.us.consumers=201"),
    ]  # fmt: skip
    assert len(set(keys)) == len(keys)
    assert first_key() == first_key("question='what?'")


def test_a_key_changes_with_the_content_of_an_edge_list(write: Write, tmp_path: Path) -> None:
    edges = tmp_path / "edges.csv"
    edges.write_text("a,b\n1,2\n2,3\n")
    path = write('name = "f"\nweeks = 1\n[markets.m]\nnetwork = { family = "file", file = "edges.csv" }\n')
    run = next(load_experiment(path).runs())
    assert run.markets[0].consumers == 3
    before = run.key
    edges.write_text("a,b\n1,2\n1,3\n")
    assert next(load_experiment(path).runs()).key != before


def test_extends_inherits_key_by_key(write: Write) -> None:
    write(SMALL, "base.toml")
    child = write('name = "child"\nextends = "base.toml"\nmarkets.us.norm.strength = 3.0\n', "child.toml")
    experiment = load_experiment(child)
    assert experiment.name == "child"
    assert experiment.markets["us"].norm.strength == 3.0
    assert experiment.markets["us"].network.degree == 4


def test_an_inherited_edge_list_is_found_where_the_parent_meant_it(write: Write, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "edges.csv").write_text("1,2\n")
    (tmp_path / "sub").mkdir()
    write('name = "p"\nweeks = 1\n[markets.m]\nnetwork = { family = "file", file = "data/edges.csv" }\n', "p.toml")
    (tmp_path / "sub" / "c.toml").write_text('name = "c"\nextends = "../p.toml"\n')
    assert load_experiment(tmp_path / "sub" / "c.toml").markets["m"].consumers == 2


def test_extends_in_a_circle_is_refused(write: Write) -> None:
    write('extends = "b.toml"', "a.toml")
    write('extends = "a.toml"', "b.toml")
    with pytest.raises(InputError, match=r"circle: a.toml -> b.toml -> a.toml"):
        read_config(write('extends = "b.toml"', "a.toml"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("weeks=5", ("weeks", 5)), ("markets.us.norm.strength = 2.5", ("markets.us.norm.strength", 2.5)),
        ("name=plain text", ("name", "plain text")), ("x=[1, 2]", ("x", [1, 2])),
        ("start=2024-01-01", ("start", date(2024, 1, 1))), ("a=b=c", ("a", "b=c")),
        ('sweep."markets.us.norm.strength"=[1]', ("sweep.markets.us.norm.strength", [1])),
    ],
)  # fmt: skip
def test_overrides_are_toml_or_text(text: str, value: object) -> None:
    assert parse_override(text) == value


@pytest.mark.parametrize("text", ["weeks", "=5", "a..b=1"])
def test_malformed_overrides_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="must look like"):
        parse_override(text)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("weeks = 0", ["weeks = 0", "1 to 100,000"]),
        ("weeks = 1.5", ["weeks = 1.5", "whole number"]),
        ("seeds = 1", ["seeds", "unknown key", 'did you mean "seed"']),
        ("start = 'now'", ["start"]),
        ('name = "../x"', ["name", "letters"]),
        ("markets = {}", ["markets", "at least one"]),
        ("replicates = 0", ["replicates = 0: out of range; allowed: 1 or more; or must be 'auto'"]),
        ("markets.us.launch = 'soon'", ["launch = 'soon': must be a whole number; or must be a date"]),
        ("markets.us.network.family = 'smallworld'", ["network.family", 'did you mean "small_world"']),
        ("date = 2024-01-01", ["date: unknown key"]),
        ("markets.us.date = 2024-01-01", ["markets.us.date: unknown key"]),
        ("markets.us.norm.float = 1", ["markets.us.norm.float: unknown key"]),
        (
            "markets.date = 3\nmarkets.int = 3",
            ["markets.date = 3: must be a table", "markets.int = 3: must be a table"],
        ),
        ("scenarios = [{ name = 'a', extends = { a = 1 } }]", ["extends = {'a': 1}: must be text; or must be a list"]),
        ("scenarios.push.levers = []", ["scenarios: must be a list: write [[scenarios]]"]),
        ("markets.us.profle = 'us'", ["markets.us.profle", "unknown key", 'did you mean "profile"']),
        ("markets.us.lunch = 3", ["markets.us.lunch", "unknown key", 'did you mean "launch"']),
        ("markets.us.profile = 'usa'", ["markets.us.profile", "'usa'", 'did you mean "us"']),
        ("markets.us.consumers = 0", ["markets.us.consumers = 0", "1 to"]),
        ("markets.us.consumers = 3", ["markets.us.network", "degree 4", "3 consumers"]),
        ("markets.us.network = { family = 'regular', degree = 3 }\nmarkets.us.consumers = 7", ["must be even"]),
        ("markets.us.network.file = 'none.csv'\nmarkets.us.network.family = 'file'", ["none.csv"]),
        ('scenarios = [{ name = "baseline", levers = [1] }]', ["baseline", "has no levers"]),
        ('scenarios = [{ name = "a" }, { name = "a" }]', ["scenarios[1].name", "twice"]),
        ("scenarios = [{ levers = [] }]", ["scenarios[0].name", "required"]),
        ('scenarios = ["x"]', ["scenarios", "must be a table"]),
        ('sweep."us.norm" = [1]', ["sweep.us.norm", 'must start with "markets."']),
        ('sweep."markets.us.norm.size" = [1]', ["sweep.markets.us.norm.size", "unknown parameter"]),
        ('sweep."markets.us.norm.strength" = []', ["sweep.markets.us.norm.strength", "at least one"]),
        ('sweep."markets.us.norm.strength" = [1, "x"]', ["sweep.markets.us.norm.strength", "'x'", "number"]),
    ],
)
def test_what_is_wrong_is_named_with_file_and_key(write: Write, change: str, words: list[str]) -> None:
    write(SMALL, "base.toml")
    path = write(f'name = "x"\nextends = "base.toml"\n{change}\n' if "name =" not in change[:6] else
                 f'extends = "base.toml"\n{change}\n')  # fmt: skip
    if change.startswith("markets = {}"):
        path = write('name = "x"\nweeks = 1\nmarkets = {}\n')
    with pytest.raises(InputError) as caught:
        load_experiment(path)
    for word in [*words, "config.toml"]:
        assert word in str(caught.value)


def test_all_problems_of_a_file_come_at_once(write: Write) -> None:
    path = write('name = "x"\nweeks = 0\n[markets.a]\nconsumers = 0\n[markets.b]\nprofile = "zz"\n[sweep]\nq = [1]\n')
    with pytest.raises(InputError) as caught:
        load_experiment(path)
    keys = {problem.key for problem in caught.value.problems}
    assert keys == {"weeks", "markets.a.consumers", "markets.b.profile", "sweep.q"}


@pytest.mark.parametrize("content", ["= 3", "name = 'x", "a = 1\na = 2"])
def test_broken_toml_is_one_clean_problem(write: Write, content: str) -> None:
    with pytest.raises(InputError, match="not valid TOML"):
        load_experiment(write(content))


def test_a_missing_file_is_one_clean_problem(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        load_experiment(tmp_path / "none.toml")
    with pytest.raises(InputError, match="is a folder"):
        load_experiment(tmp_path)
