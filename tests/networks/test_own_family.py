"""A family of one's own in one file: built, simulated, named in schema, table and messages."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from abm import Market, simulate
from abm.base.errors import InputError
from abm.experiment.config import parse_experiment
from abm.experiment.memory import size_of
from abm.experiment.schema import config_schema, parameter_table
from abm.networks import FAMILIES, Network, NetworkError, build
from abm.networks.family import family_table

ROOT = Path(__file__).parents[2]
TREE = """
import numpy as np

from abm.networks import CSR, Network, Stream, csr_from_pairs, network_family, random_index
from abm.numerics.jit import entry_point


@entry_point
def choose(stream, n, left, right):
    for edge in range(left.size):
        left[edge] = 1 + edge % (n - 1)
        right[edge] = random_index(stream, edge, 0, left[edge])


@network_family(
    "random_tree", meaning="everyone is tied to one of those who came before", source="Na & Rapoport (1970)",
    may_have_hubs=True, build_bytes_per_tie=16,
)
def build(network: Network, n: int, stream: Stream, threads: int | None) -> CSR:
    left, right = np.empty(n - 1, np.int64), np.empty(n - 1, np.int64)
    choose(stream, n, left, right)
    return csr_from_pairs(n, left, right)
"""
CONFIG = {"name": "trees", "weeks": 3, "markets": {"us": {"consumers": 50, "network": {"family": "random_tree"}}}}


@pytest.fixture(scope="module", autouse=True)
def _random_tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Load the file as a plugin is loaded, and forget the family afterwards."""
    assert len(TREE.strip().splitlines()) <= 30
    file = tmp_path_factory.mktemp("plugin") / "random_tree.py"
    file.write_text(TREE)
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    yield
    FAMILIES.remove("random_tree")


def test_built(assert_simple) -> None:
    csr = build(Network(family="random_tree"), n=500, seed=1)
    assert_simple(csr, 500)
    assert csr.indices.size == 2 * 499
    assert np.array_equal(csr.indices, build(Network(family="random_tree"), n=500, seed=1, threads=2).indices)
    assert not np.array_equal(csr.indices, build(Network(family="random_tree"), n=500, seed=2).indices)


def test_too_few_consumers() -> None:
    with pytest.raises(NetworkError, match="family 'random_tree': degree 10 with 3 consumers"):
        build(Network(family="random_tree"), n=3)


@pytest.mark.parametrize("engine", ["kernel", "mesa"])
def test_simulated(engine: str) -> None:
    market = Market(consumers=300, network={"family": "random_tree"}, norm={"strength": 3.0}, initial_adoption=0.3)
    weeks = simulate(market, weeks=5, seed=1, engine=engine)
    ring = simulate(market.replace({"network.family": "ring"}), weeks=5, seed=1, engine=engine)
    assert weeks.tallies.shape == ring.tallies.shape
    assert not np.array_equal(weeks.tallies, ring.tallies)


def test_in_a_config() -> None:
    experiment = parse_experiment(CONFIG)
    assert experiment.markets["us"].network.family == "random_tree"


def test_memory() -> None:
    tree, ring = (size_of([Market(consumers=1000, network={"family": name})]) for name in ("random_tree", "ring"))
    assert tree.building - ring.building == 1000 * 16 * 10 / 2
    assert tree.running - ring.running == 3 * 1000  # wider numbers of neighbours, counts and changes


def test_schema_and_table() -> None:
    names = config_schema()["$defs"]["Network"]["properties"]["family"]["enum"]
    assert names == list(FAMILIES)
    assert names[0] == "complete"
    assert names[-1] == "random_tree"
    assert "file, graph, random_tree |" in parameter_table()


def test_documented() -> None:
    """The page shows this family as its example, and lists all that come with the package."""
    page = (ROOT / "docs" / "networks.md").read_text()
    assert TREE.strip() in page
    assert "\n".join(family_table().splitlines()[:-1]) in page


def test_message() -> None:
    with pytest.raises(InputError, match=r"network.family = 'random_tre': .* did you mean \"random_tree\""):
        Market(network={"family": "random_tre"})


def test_a_name_is_taken_once() -> None:
    with pytest.raises(InputError, match="there is a network family of this name already"):
        FAMILIES.add("ring", FAMILIES["ring"])
