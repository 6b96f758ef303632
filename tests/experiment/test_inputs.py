"""A run's key: another one whenever anything that matters differs, the same when it is only written differently."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from pydantic import BaseModel

from abm import Market
from abm.analysis.result_cache import cache_key
from abm.experiment.config import parse_experiment
from abm.experiment.run_spec import RunSpec
from abm.experiment.shared_networks import network_key
from abm.levers import LEVERS, Lever
from abm.networks import Network

START = date(2024, 1, 1)


def spec_of(*markets: Market, levers: tuple[Lever, ...] = ()) -> RunSpec:
    return RunSpec("baseline", 0, 1, START, 10, markets, levers)


NAMES = {"complete": "ring"}  # only families that exist can be looked up


def another(value: Any) -> Any:  # noqa: PLR0911 - one for each kind
    """Return another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if value is None:
        return 1
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        return NAMES.get(value, value + "x")
    if isinstance(value, date):
        return value + timedelta(weeks=1)
    if isinstance(value, dict):
        return value | {type(next(iter(value)))(2199): 1.0}
    assert isinstance(value, tuple | list)
    return type(value)([*value, 7])


def variants(model: BaseModel, path: str = "") -> Iterator[tuple[str, BaseModel]]:
    """Yield every copy of a model in which a single field has another value."""
    for name in type(model).model_fields:
        value, key = getattr(model, name), f"{path}{name}"
        if key in {"network.file", "network.graph"}:
            continue  # files and graphs count by their content: see below
        if isinstance(value, BaseModel):
            for longer, changed in variants(value, f"{key}."):
                yield longer, model.model_copy(update={name: changed})
        else:
            yield key, model.model_copy(update={name: another(value)})


def example(kind: type[Lever]) -> Lever:
    given = {
        "market": "market",
        "start": 3,
        "weeks": 4,
        "values": {"price.discount": 0.1},
        "parameter": "norm.strength",
    }
    required = {name: given.get(name, 1) for name, field in kind.model_fields.items() if field.is_required()}
    return kind.model_construct(**required)


def test_every_field_of_a_market_is_part_of_the_key() -> None:
    market = Market()
    keys = {"": spec_of(market).key} | {path: spec_of(changed).key for path, changed in variants(market)}
    assert len(keys) > 50
    assert {"consumers", "annual_spend", "network.rewiring", "trust.bad_news", "choice.noise"} <= set(keys)
    assert len(set(keys.values())) == len(keys)
    analyses = {cache_key(market=market)} | {cache_key(market=changed) for _, changed in variants(market)}
    assert len(analyses) == len(keys)


@pytest.mark.parametrize("kind", LEVERS)
def test_every_field_of_a_lever_is_part_of_the_key(kind: str) -> None:
    lever = example(LEVERS[kind])
    changed = [lever, *(other for _, other in variants(lever))]
    keys = {spec_of(Market(), levers=(each,)).key for each in changed}
    assert len(keys) == len(changed) == len(LEVERS[kind].model_fields) + 1


def test_every_field_of_a_run_is_part_of_the_key() -> None:
    levers = (example(LEVERS["subsidy"]), example(LEVERS["set"]))
    spec = RunSpec("deal", 2, 1, START, 10, (Market(),), levers, {"markets.market.norm.strength": 1.0}, (1, 4))
    others: dict[str, Any] = {
        "markets": (Market(), Market(name="b")), "levers": levers[::-1],
        "point": {"markets.market.habit.strength": 1.0},
    }  # fmt: skip
    names = [each.name for each in fields(RunSpec)]
    changed = [replace(spec, **{name: others.get(name, another(getattr(spec, name)))}) for name in names]
    assert len({spec.key, *(each.key for each in changed)}) == len(names) + 1


def test_values_that_are_equal_give_one_key_however_written() -> None:
    def keys(text: dict[str, Any]) -> list[str]:
        return [spec.key for spec in parse_experiment(text).runs()]

    lever = {"kind": "set", "market": "us", "start": 1, "values": {"price.discount": 1, "norm.strength": 2}}
    other = {"values": {"norm.strength": 2.0, "price.discount": 1.0}, "start": 1, "market": "us", "kind": "set"}
    market = {"consumers": 50, "norm": {"strength": 1}, "annual_spend": {"2023": 1, "2024": 2}, "returns": 0}
    turned = {"returns": 0.0, "annual_spend": {"2024": 2.0, "2023": 1.0}, "norm": {"strength": 1.0}, "consumers": 50}
    sweep = "markets.us.habit.strength"
    first = {"name": "e", "weeks": 5, "markets": {"us": market}, "scenarios": [{"name": "s", "levers": [lever]}],
             "sweep": {sweep: [0, 1]}}  # fmt: skip
    second = {"sweep": {sweep: [0.0, 1.0]}, "scenarios": [{"levers": [other], "name": "s"}],
              "markets": {"us": turned}, "weeks": 5, "name": "e"}  # fmt: skip
    assert keys(first) == keys(second)
    assert len(set(keys(first))) == 4


def of_graph(graph: nx.Graph) -> Market:
    return Market(network=Network(family="graph", graph=graph))


GRAPHS: list[Callable[[], nx.Graph]] = [
    lambda: nx.path_graph(6),
    lambda: nx.star_graph(5),
    lambda: nx.Graph([(0, 1), (2, 3), (4, 5), (0, 5), (1, 2)]),  # as many nodes and ties as the first
    lambda: nx.relabel_nodes(nx.path_graph(6), {i: f"p{i}" for i in range(6)}),
    lambda: nx.empty_graph(6),
    lambda: nx.empty_graph(7),
]


def test_graphs_count_by_their_ties() -> None:
    for of in (lambda m: spec_of(m).key, lambda m: network_key(spec_of(m)), lambda m: cache_key(market=m)):
        assert len({of(of_graph(graph())) for graph in GRAPHS}) == len(GRAPHS)
        assert [of(of_graph(graph())) for graph in GRAPHS] == [of(of_graph(graph())) for graph in GRAPHS]
    turned = nx.Graph()
    turned.add_nodes_from(range(5, -1, -1))
    turned.add_edges_from([(b, a) for a, b in reversed(list(nx.path_graph(6).edges))])
    assert spec_of(of_graph(turned)).key == spec_of(of_graph(nx.path_graph(6))).key


def test_a_graph_that_is_changed_later_does_not_change_the_market() -> None:
    graph = nx.path_graph(6)
    market = of_graph(graph)
    key = spec_of(market).key
    graph.add_edge(0, 5)
    assert market.network.graph.number_of_edges() == 5
    assert market.replace({"norm.strength": 0.0}).network.graph is market.network.graph
    assert spec_of(of_graph(graph)).key != key
    with pytest.raises(nx.NetworkXError, match=r"(?i)frozen"):
        market.network.graph.add_edge(0, 5)


def test_files_count_by_their_content(tmp_path: Path) -> None:
    def of_file(name: str, text: str) -> str:
        (tmp_path / name).write_text(text)
        return spec_of(Market(network=Network(family="file", file=str(tmp_path / name)))).key

    first = of_file("a.csv", "0,1\n1,2\n")
    assert of_file("b.csv", "0,1\n1,2\n") == first
    assert of_file("b.csv", "0,1\n0,2\n") != first
    assert of_file("a.csv", "0,1\n0,2\n1,2\n") != first
