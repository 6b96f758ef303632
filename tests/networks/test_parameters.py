import networkx as nx
import pytest
from pydantic import ValidationError

from abm.networks import Network


def test_defaults():
    network = Network()
    assert network.model_dump() == {
        "family": "complete",
        "degree": 10,
        "rewiring": 0.1,
        "communities": 10,
        "within": 0.8,
        "file": None,
        "ties_abroad": 0,
    }
    assert Network.model_validate(network.model_dump()) == network
    with pytest.raises(ValidationError):
        network.degree = 3


@pytest.mark.parametrize("family", ["small_world", "scale_free", "ring"])
def test_even_degree(family):
    with pytest.raises(ValidationError, match=r"degree = 7.*even"):
        Network(family=family, degree=7)


@pytest.mark.parametrize("family", ["small_world", "scale_free", "ring", "regular"])
def test_whole_degree(family):
    with pytest.raises(ValidationError, match=r"degree = 2\.5.*whole"):
        Network(family=family, degree=2.5)


def test_other_families_take_any_degree():
    assert Network(family="random", degree=2.5).degree == 2.5
    assert Network(family="communities", degree=7).degree == 7
    assert Network(family="regular", degree=7).degree == 7


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("family", "smallworld"),
        ("degree", -1),
        ("degree", 10_001),
        ("degree", float("nan")),
        ("degree", "10"),
        ("degree", True),
        ("rewiring", 1.1),
        ("communities", 0),
        ("communities", 2.5),
        ("within", -0.1),
        ("ties_abroad", 2),
        ("ties_abroad", 0.1),  # complete by default
        ("graph", "a graph"),
        ("size", 3),
    ],
)
def test_refused_value_names_its_key(key, value):
    with pytest.raises(ValidationError) as caught:
        Network(**{key: value})
    assert [error["loc"] for error in caught.value.errors()] == [(key,)]


@pytest.mark.parametrize("key", ["file", "graph"])
def test_family_needs_its_source(key):
    with pytest.raises(ValidationError) as caught:
        Network(family=key)
    assert caught.value.errors()[0]["loc"] == (key,)
    assert f"{key} = None" in caught.value.errors()[0]["msg"]


def test_graph_is_for_python_only():
    network = Network(family="graph", graph=nx.path_graph(3))
    assert "graph" not in network.model_dump()
    assert "graph" not in Network.model_json_schema()["properties"]


def test_every_field_is_documented():
    for name, field in Network.model_fields.items():
        assert field.description, name
        assert set(field.json_schema_extra) == {"unit", "source"}, name
