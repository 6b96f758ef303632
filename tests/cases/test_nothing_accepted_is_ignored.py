"""A key without effect is refused, or warned about by name."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from abm import Market, ShoppingModel, simulate
from abm.base.errors import InputError
from abm.cli.parsing import read_table
from abm.experiment.config import load_experiment
from abm.experiment.schema import config_schema
from abm.networks import IgnoredWarning
from tests.cases.experiments import config, refusal

ROOT = Path(__file__).parents[2]
TWO = """
name = "slip"
weeks = 30
[markets.us]
profile = "us"
consumers = 100
[[scenarios]]
name = "deals"
levers = [
    { kind = "deals_for_you", market = "us", start = 3, weeks = 2, discount = 0.1 },
    { kind = "set", market = "us", start = 8, weeks = 2, values = { "price.discount" = 0.3 } },
]
[sweep]
"markets.us.norm.strength" = [0, 1]
"""


def as_json(file: Path) -> Any:
    return json.loads(json.dumps(tomllib.loads(file.read_text()), default=str))


def test_schema_refs() -> None:
    schema = config_schema()
    named = set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema)))
    assert named == set(schema["$defs"])
    jsonschema.Draft202012Validator.check_schema(schema)
    valid = jsonschema.Draft202012Validator(schema)
    for file in sorted((ROOT / "experiments").glob("*.toml")):
        assert not list(valid.iter_errors(as_json(file))), file.name
    slips = {"name": "x", "target": {"market": "us", "yaer": 2024}, "markets": {"us": {"norm": {"strength": "1"}}}}
    assert {error.json_path for error in valid.iter_errors(slips)} == {"$.target", "$.markets.us.norm.strength"}


def test_set_new_market(tmp_path: Path) -> None:
    said = refusal(config(tmp_path, TWO), "markets.uss.norm.strength=2")
    assert said == 'markets.uss.norm.strength: no such market: uss; did you mean "us"?'


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("markets={ uss = { consumers = 5 } }", 'no such market: uss; did you mean "us"?'),
        ("markets.us.norm.strenght=2", 'markets.us.norm.strenght: unknown key; did you mean "strength"?'),
        ("markets.us.name=them", "markets.us.name = 'them': has no effect"),
        ("extends=other.toml", "extends = 'other.toml': is read from the file only"),
        ("scenarios.deal.levers.0.discount=0.2", 'no such scenario: deal; did you mean "deals"?'),
        ("scenarios.deals.levers.2.discount=0.2", "no such lever: 2; they are numbered 0 to 1"),
        ("scenarios.deals.levers.one.discount=0.2", "no such lever: one"),
        ("scenarios.deals.levers.0.discont=0.2", 'discont: unknown key; did you mean "discount"?'),
        ("scenarios.deals.levers.1.values.price.discont=0.2", 'did you mean "price.discount"?'),
        ("sweep.markets.uss.norm.strength=[1]", 'did you mean "us"?'),
        ("sweep.seed=3", "sweep.seed = 3: only for latin_hypercube and sobol"),
        ("wekks=3", 'wekks: unknown key; did you mean "weeks"?'),
    ],
)
def test_set_that_reaches_nothing_is_refused(tmp_path: Path, override: str, words: str) -> None:
    assert words in refusal(config(tmp_path, TWO), override)


def test_set_reaches_levers_and_sweeps(tmp_path: Path) -> None:
    overrides = (
        "scenarios.deals.levers.0.discount=0.4",
        "scenarios.deals.levers.1.values.price.discount=0.2",
        "sweep.markets.us.norm.strength=[2, 3, 4]",
    )
    experiment = load_experiment(config(tmp_path, TWO), overrides)
    deal, values = experiment.scenarios["deals"].levers
    assert deal.discount == 0.4  # type: ignore[attr-defined]
    assert values.values == {"price.discount": 0.2}  # type: ignore[attr-defined]
    assert [point.columns for point in experiment.points] == [{"markets.us.norm.strength": n} for n in (2.0, 3.0, 4.0)]


def test_half_of_what_sales_need_is_noted(tmp_path: Path) -> None:
    experiment = load_experiment(config(tmp_path, "name = 'n'\nweeks = 3\n[markets.us]\nannual_spend = 900\n"))
    assert experiment.notes == ["markets.us.annual_spend has no effect: shoppers is 0, so there are no sales in US$."]


def test_awareness_that_everybody_has_is_noted(tmp_path: Path) -> None:
    text = "name = 'n'\nweeks = 3\n[markets.us]\nawareness = { advertising = 0.1, initial = 1 }\n"
    notes = load_experiment(config(tmp_path, text)).notes
    assert notes == [
        "markets.us.awareness.advertising: no effect, as awareness.initial is 1: everybody knows the shop from the "
        "start."
    ]
    assert not load_experiment(tmp_path / "config.toml", ("markets.us.awareness.initial=0.9",)).notes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("markets.hi.norm.strength\n1.5,3\n1.7,4\n", "line 2: 2 values, but the header names 1 columns"),
        ("a,b\n1,2\n\n3\n", "line 4: 1 values, but the header names 2 columns"),
        ("a,a\n1,2\n", "column a is there twice"),
    ],
)
def test_draws_shift(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "draws.csv").write_text(text)
    with pytest.raises(InputError, match=re.escape(words)):
        read_table(tmp_path / "draws.csv")


def test_draws_are_read_as_written(tmp_path: Path) -> None:
    (tmp_path / "draws.csv").write_text('\ufeffa,"b"\n1,2\n\n3,4.5\n', encoding="utf-8")
    assert read_table(tmp_path / "draws.csv").to_dict("list") == {"a": [1, 3], "b": [2.0, 4.5]}


TOWN = 'name = "town"\nweeks = 2\n[markets.town]\nnetwork = {{ {network} }}\n'
CROWD = 'consumers = 100\n[sweep]\n"markets.town.network.family" = ["random", "ring"]\n'


def town(folder: Path, network: str, more: str = "") -> Path:
    (folder / "ties.csv").write_text("source,target,weight\n1,2,0.5\n")
    return config(folder, TOWN.format(network=network) + more)


def test_a_file_of_another_family(tmp_path: Path) -> None:
    assert 'needs network.family = "file" beside it' in refusal(town(tmp_path, 'file = "ties.csv"'))
    assert 'needs network.family = "file" beside it' in refusal(town(tmp_path, 'file = "ties.csv"', 'profile = "us"'))
    with pytest.raises(InputError, match='needs family = "file" beside it'):
        Market().replace({"network.file": "ties.csv"})
    notes = load_experiment(town(tmp_path, 'family = "random", file = "ties.csv"')).notes
    assert notes == ["town: network.file has no effect with network.family = 'random'"]


def test_weights_and_directions_of_ties(tmp_path: Path) -> None:
    file = town(tmp_path, 'family = "file", file = "ties.csv"')
    (note,) = load_experiment(file).notes
    assert re.match("town: .*ties.csv: ignored: weight .*the model counts neighbours", note)
    with pytest.warns(IgnoredWarning, match="ignored: weight"):
        simulate(load_experiment(file).markets["town"], weeks=1)
    with pytest.warns(IgnoredWarning, match="ignored: weight"):
        ShoppingModel(markets=load_experiment(file).markets["town"], rng=1)
    (tmp_path / "ties.graphml").write_text(
        '<graphml><graph edgedefault="directed"><edge source="1" target="2"/></graph></graphml>'
    )
    (note,) = load_experiment(town(tmp_path, 'family = "file", file = "ties.graphml"')).notes
    assert "its ties have directions: each is read as a tie between both ends" in note


def test_parameters_that_a_family_does_not_use(tmp_path: Path) -> None:
    notes = load_experiment(town(tmp_path, 'family = "ring", degree = 4, rewiring = 0.3')).notes
    assert notes == ["town: network.rewiring has no effect with network.family = 'ring'"]
    swept = '[sweep]\n"markets.town.network.within" = [0.5, 0.6]\n'
    notes = load_experiment(town(tmp_path, 'family = "ring", degree = 4', swept)).notes
    assert notes == ["town: network.within has no effect with network.family = 'ring'"]
    assert load_experiment(town(tmp_path, 'family = "ring", degree = 4, rewiring = 0.3', CROWD)).notes == []
