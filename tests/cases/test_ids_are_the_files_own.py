"""People are known by the ids of the user's file, in every format and wherever the program speaks of them."""

from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from abm import Market, ShoppingModel, simulate
from abm.analysis.explain.mechanism_groups import two_markets
from abm.base.errors import InputError
from abm.engine.simulation import Simulation
from abm.experiment.config import load_experiment
from abm.networks import Network, NetworkError, build, node_ids, node_rows
from tests.cases.experiments import complete, config, refusal

FRIENDS = "source,target\nzoe,alice\nalice,bob\nbob,00123\n"
TOWN = """
name = "town"
weeks = 2
[markets.town]
{seeds}
norm.strength = 2.0
network = {{ family = "file", file = "ties.csv" }}
"""


def network(folder: Path, text: str, name: str = "ties.csv") -> Network:
    (folder / name).write_text(text, encoding="utf-8")
    return Network(family="file", file=str(folder / name))


def n_ties(of: Network) -> int:
    return build(of).indices.size // 2


@pytest.mark.parametrize(
    ("text", "message"),
    [("1,2\n1,3,4,5\n2,6\n", r"line 2 \(4\)"), ("1,000,2,000\n3,000,4,000\n", "line 1: '1,000,2,000'")],
)
def test_adjacency_csv(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(NetworkError, match=message):
        node_ids(network(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "ids", "ties"),
    [
        ("id,source,target\n100,1,2\n101,2,3\n102,3,1\n", [1, 2, 3], 3),
        ("weight,from,to\n1,10,20\n2,20,30\n", [10, 20, 30], 2),
    ],
)
def test_edge_id_first(tmp_path: Path, text: str, ids: list[int], ties: int) -> None:
    found = network(tmp_path, text)
    assert (node_ids(found), n_ties(found)) == (ids, ties)


def graphml(nodes: list[int], ties: list[tuple[int, int]], inside: str = "") -> str:
    people = "".join(f'<node id="{n}">{inside if n == 1 else ""}</node>' for n in nodes)
    return f"<graph>{people}{''.join(f'<edge source="{a}" target="{b}"/>' for a, b in ties)}</graph>"


def test_graphml_parts(tmp_path: Path) -> None:
    head, pair = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">', graphml([1, 2], [(1, 2)])
    for body, message in (
        (pair + graphml([7, 8], [(7, 8)]), "2 graphs"),
        (graphml([1, 2], [(1, 2)], graphml([10, 11], [(10, 11)])), "2 graphs"),
        (graphml([1, 2, 3, 4], [(3, 4), (2, 3), (4, 4), (1, 2)]), r"edge 3 \(4, 4\)"),
    ):
        with pytest.raises(NetworkError, match=message):
            node_ids(network(tmp_path, f"{head}{body}</graphml>", "x.graphml"))
    for key, inside in (
        ('<key id="k" for="node" attr.name="pos" attr.type="vector_float"/>', ""),
        ('<key id="k" for="node" attr.name="b" attr.type="boolean"/>', '<data key="k">yes</data>'),
    ):
        text = f"{head}{key}{graphml([1, 2], [(1, 2)], inside)}</graphml>"
        assert n_ties(network(tmp_path, text, "x.graphml")) == 1


def test_parquet_lists(tmp_path: Path) -> None:
    pq.write_table(pa.table({"node": [1, 2, 3], "neighbours": [[2, 3], [3], [1]]}), tmp_path / "ties.parquet")
    with pytest.raises(NetworkError, match="column neighbours holds list"):
        build(Network(family="file", file=str(tmp_path / "ties.parquet")))
    file = config(tmp_path, TOWN.format(seeds="").replace("ties.csv", "ties.parquet"))
    assert "column neighbours holds list" in refusal(file)


@pytest.mark.parametrize("text", ["1;2;0,5\n2;3;0,7\n", "1\t2\tLondon, UK\n2\t3\tParis, FR\n"])
def test_separator_guess(tmp_path: Path, text: str) -> None:
    assert node_ids(network(tmp_path, text)) == [1, 2, 3]


def test_snowflake_ids(tmp_path: Path) -> None:
    ties = pd.DataFrame({"a": [1529877576591609861, 1529877576591609861], "b": [1529877576591609862, 783214]})
    ties.to_csv(tmp_path / "x.csv", index=False, header=False)
    ties.to_parquet(tmp_path / "int.parquet")
    ties.astype(str).to_parquet(tmp_path / "text.parquet")
    nx.write_graphml(nx.Graph(list(ties.itertuples(index=False, name=None))), tmp_path / "x.graphml")
    for name in ("x.csv", "int.parquet", "text.parquet", "x.graphml"):
        found = Network(family="file", file=str(tmp_path / name))
        assert node_ids(found) == [783214, 1529877576591609861, 1529877576591609862]
        assert node_rows(found, 3, [783214, "1529877576591609862"]).tolist() == [0, 2]


def test_seed_many(tmp_path: Path) -> None:
    network(tmp_path, "\n".join(f"{i},{i - 1}" for i in range(1, 12_001)))
    for seeds in ("seed_adopters = 11000", "seed_consumers = [11500]"):
        assert load_experiment(config(tmp_path, TOWN.format(seeds=seeds))).markets["town"].consumers == 12_001
    assert "0 to consumers = 12,001" in refusal(config(tmp_path, TOWN.format(seeds="seed_adopters = 12002")))
    assert "12001: no such consumer" in refusal(config(tmp_path, TOWN.format(seeds="seed_consumers = [12001]")))


def test_explain_two_files(tmp_path: Path) -> None:
    ring = network(tmp_path, "0,1\n1,2\n2,3\n3,0\n", "ring.csv")
    star = network(tmp_path, "0,1\n0,2\n0,3\n0,4\n0,5\n", "star.csv")
    small, large = Market(name="small", consumers=4, network=ring), Market(name="large", consumers=6, network=star)
    with pytest.raises(InputError, match="networks of different sizes cannot be swapped"):
        two_markets({"small": small, "large": large}, None, None)
    square = network(tmp_path, "a,b\nb,c\nc,d\n", "square.csv")
    seeded = Market(name="other", consumers=4, network=square, seed_consumers=["a"])
    with pytest.raises(InputError, match="small lacks seed consumers of other"):
        two_markets({"small": small, "other": seeded}, None, None)
    same = Market(name="same", consumers=4, network=square)
    assert two_markets({"small": small, "same": same}, None, None) == (small, same)


def test_a_config_names_its_seeds_as_the_file_does(tmp_path: Path) -> None:
    network(tmp_path, FRIENDS)
    complete(config(tmp_path, TOWN.format(seeds='seed_consumers = ["zoe", "00123"]')))
    for seeds, message in (
        (
            '["zo"]',
            "seed_consumers: 'zo': no such consumer; allowed: ids of .*ties.csv, such as 00123, alice.*mean zoe",
        ),
        ("[123]", "123: no such consumer"),
        ("[1.5]", "an id is a whole number or text"),
    ):
        with pytest.raises(InputError, match=message):
            load_experiment(config(tmp_path, TOWN.format(seeds=f"seed_consumers = {seeds}")))
    swept = TOWN.format(seeds="") + '[sweep]\n"markets.town.seed_consumers" = [["zoe"], ["nobody"]]\n'
    assert "'nobody': no such consumer" in refusal(config(tmp_path, swept))


def test_consumers_and_snapshots_speak_of_the_files_ids(tmp_path: Path) -> None:
    market = Market(network=network(tmp_path, FRIENDS), seed_consumers=["zoe"])
    names = ["00123", "alice", "bob", "zoe"]
    table = simulate(market, weeks=0).consumers.to_frame()
    assert table["node_id"].tolist() == names
    assert table.loc[table["mode"] == 1, "node_id"].tolist() == ["zoe"]
    assert table["degree"].tolist() == [1, 2, 2, 1]
    kept = Simulation([market]).snapshot()
    assert list(kept.node_ids[0]) == names
    others = network(tmp_path, FRIENDS.replace("bob", "carl"), "others.csv")
    with pytest.raises(InputError, match=r"of other people: '(bob|carl)'"):
        Simulation([Market(network=others)]).restore(kept)
    Simulation([market]).restore(kept)


def test_ids_stay_those_of_the_run(tmp_path: Path) -> None:
    given = network(tmp_path, FRIENDS)
    trajectory = simulate(Market(network=given), weeks=1)
    network(tmp_path, FRIENDS.replace("zoe", "yan"))
    assert trajectory.consumers.node_id.tolist() == ["00123", "alice", "bob", "zoe"]
    assert node_ids(given)[-1] == "yan"


def test_mesa_speaks_of_the_files_ids(tmp_path: Path) -> None:
    towns = [Market(network=network(tmp_path, FRIENDS), name="town"), Market(consumers=2, name="other")]
    model = ShoppingModel(markets=towns, rng=1)
    assert model.agents.get("node_id").tolist() == ["00123", "alice", "bob", "zoe", 0, 1]
    assert [consumer.unique_id for consumer in model.agents] == [1, 2, 3, 4, 5, 6]
    (zoe,) = model.agents.select(lambda consumer: consumer.node_id == "zoe")
    assert [friend.node_id for friend in zoe.neighbors] == ["alice"]
    assert "(id 'zoe')" in repr(zoe)
    assert repr(model.agents[5]).startswith("<Consumer 6 in other")


def test_numbers_stay_numbers(tmp_path: Path) -> None:
    market = Market(network=network(tmp_path, "30,10\n10,-2\n"), seed_consumers=[np.int64(30)])
    consumers = simulate(market, weeks=0).consumers
    assert consumers.node_id.dtype == np.int64
    assert consumers.node_id[consumers.mode == 1].tolist() == [30]
    assert type(ShoppingModel(markets=market, rng=1).agents[0].node_id) is int
    plain = simulate(Market(consumers=3), weeks=0).consumers.to_frame()
    assert plain["node_id"].tolist() == [0, 1, 2]


def test_nodes_of_a_graph() -> None:
    graph = nx.grid_2d_graph(2, 2)
    market = Market(network={"family": "graph", "graph": graph}, seed_consumers=[(1, 0)])
    table = simulate(market, weeks=0).consumers.to_frame()
    assert table.loc[table["mode"] == 1, "node_id"].tolist() == [(1, 0)]
    with pytest.raises(InputError, match=r"'x': no such consumer; allowed: ids of its graph, such as \(0, 0\)"):
        simulate(market.replace({"seed_consumers": ["x"]}), weeks=0)


def test_without_a_file_ids_are_numbers() -> None:
    for wrong in ("x", 10_000, -1):
        with pytest.raises(InputError, match="ids 0 to 9,999"):
            Market(seed_consumers=[wrong])
