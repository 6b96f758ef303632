"""GraphML, GML, Pajek and Parquet: every node and tie is read, or the file is refused."""

from pathlib import Path

import networkx as nx
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from abm.networks import NetworkError
from abm.networks.files import read

VERTICES = '*Vertices 3\n1 "a"\n2 "b"\n3 "c d"\n'


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def ids_and_ties(path: Path) -> tuple[list, int]:
    network = read(path)
    return network.ids.tolist(), network.csr.indices.size // 2


@pytest.mark.parametrize(
    ("text", "ids", "n_ties"),
    [
        (VERTICES + "*Arcs\n1 2 1\n*Edges\n2 3\n", ["a", "b", "c d"], 2),
        (VERTICES + "*Arcslist\n1 2 3\n", ["a", "b", "c d"], 2),
        ('*Network x\n% hm\n*vertices 4\n*edges :1 "kin"\n1 2\n', [1, 2, 3, 4], 1),
        ('*Vertices 2\n1 "a"\n2 "a"\n*Edges\n1 2\n', [1, 2], 1),
    ],
)
def test_pajek(tmp_path: Path, text: str, ids: list, n_ties: int) -> None:
    assert ids_and_ties(written(tmp_path, "x.net", text)) == (ids, n_ties)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2\n", "line 1"),
        (VERTICES + "*Matrix\n0 1 0\n", r"line 5 \(\*Matrix\)"),
        (VERTICES + "*Edges\n1 2\n*Vertices 2\n", r"line 7 .*one network"),
        (VERTICES + "*Edges\n1 9\n", r"line 6 .*vertices 1 to 3"),
        (VERTICES + "*Edges\n1\n", r"line 6 .*a tie takes two"),
        ('*Vertices 2\n1 "a"\n1 "b"\n', "line 3 .*listed before"),
    ],
)
def test_pajek_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(NetworkError, match=message):
        read(written(tmp_path, "x.net", text))


def test_gml(tmp_path: Path) -> None:
    graph = nx.Graph([("a", "b"), ("b", "Zoë"), ("lone", "a")])
    graph.add_node("nobody", size=3)
    nx.write_gml(graph, tmp_path / "x.gml")
    assert ids_and_ties(tmp_path / "x.gml") == (["Zoë", "a", "b", "lone", "nobody"], 3)
    ties = "edge [ source 1 target 20 value 2 ] edge [ source 20 target 1 ]"
    both = f"graph [ directed 1 node [ id 1 ] node [ id 20 ] {ties} ]"
    network = read(written(tmp_path, "y.gml", both))
    assert network.ids.tolist() == [1, 20]
    assert "value" in network.notes[0]
    assert "directions" in network.notes[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("graph [ node [ id 1 ] ] graph [ node [ id 2 ] ]", "2 graphs"),
        ("graph [ node [ id 1 graph [ node [ id 2 ] ] ] ]", "inside something"),
        ("graph [ node [ id 1 edge [ source 1 target 2 ] ] node [ id 2 ] ]", "inside something"),
        ("graph [ node [ id 1 ] extra [ edge [ source 1 target 2 ] ] ]", "inside something"),
        ("graph [ node [ id 1 ] edge [ source 1 target 2 ] ]", "edge 1: there is no node 2"),
        ("graph [ node [ id 1 label a ] node [ id 2 label a ] ]", "listed before: a"),
        ("graph [ node [ id 1 ] edge [ source 1 target 1 ] ]", r"a loop .*: edge 1 \(1, 1\)"),
        ("graph [ node [ id 1 ]", "ends within"),
        ("graph [ ] ]", "not opened"),
        ("hello", "within a table"),
    ],
)
def test_gml_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(NetworkError, match=message):
        read(written(tmp_path, "x.gml", text))


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("<graph><node id='1'/></graph><graph><node id='2'/></graph>", "2 graphs"),
        ("<graph><node id='1'><graph><node id='2'/></graph></node></graph>", "2 graphs"),
        ("<graph><node id='1'/><hyperedge><endpoint node='1'/></hyperedge></graph>", "hyperedge"),
        ("<graph><node id='1'/><node id='1'/></graph>", "1 x a node listed before: 1"),
        ("<graph><node id='1'/><edge source='1'/></graph>", "a missing id: edge 1"),
        ("<graph><node/><node id='2'/></graph>", "somebody without ties"),
        ("", "0 graphs"),
    ],
)
def test_graphml_refused(tmp_path: Path, inside: str, message: str) -> None:
    with pytest.raises(NetworkError, match=message):
        read(written(tmp_path, "x.graphml", f"<graphml>{inside}</graphml>"))


def test_graphml_says_what_it_ignores(tmp_path: Path) -> None:
    graph = nx.DiGraph()
    graph.add_edge("n1", "n2", weight=2.0)
    nx.write_graphml(graph, tmp_path / "x.graphml")
    network = read(tmp_path / "x.graphml")
    assert network.ids.tolist() == ["n1", "n2"]
    assert ["weight" in network.notes[0], "directions" in network.notes[1]] == [True, True]


@pytest.mark.parametrize(
    ("table", "ids"),
    [
        (pa.table({"a": [1, 2], "b": [2, 30]}), [1, 2, 30]),
        (pa.table({"id": [7, 8], "source": ["x", "y"], "target": ["y", "z"]}), ["x", "y", "z"]),
        (pa.table({"a": [1], "b": ["bob"]}), ["1", "bob"]),
        (pa.table({"a": ["1"], "b": [2]}), [1, 2]),
        (pa.table({"a": pa.array([2**63], pa.uint64()), "b": [1]}), ["1", str(2**63)]),
        (pa.table({"a": pa.array(["x"]).dictionary_encode(), "b": ["y"]}), ["x", "y"]),
        (pa.table({"x": [1], "y": [2], "z": [3]}), [1, 2]),
        (pa.table({"a": pa.array([5], pa.int8()), "b": pa.array([300], pa.uint16())}), [5, 300]),
    ],
)
def test_parquet(tmp_path: Path, table: pa.Table, ids: list) -> None:
    pq.write_table(table, tmp_path / "x.parquet")
    assert read(tmp_path / "x.parquet").ids.tolist() == ids


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pa.table({"node": [1], "neighbours": [[2, 3]]}), "column neighbours holds list"),
        (pa.table({"a": [True], "b": [False]}), "column a holds bool"),
        (pa.table({"foo": [1], "bar": [2], "baz": [3]}), "columns foo, bar, baz: which hold the ends"),
        (pa.table({"a": [1.0, 2.0], "b": [2, 3]}), r"no whole number, beside others that are: row 1 \(1.0, 2\)"),
        (pa.table({"a": pa.array([1, None]), "b": [2, 3]}), "a missing id: row 2"),
    ],
)
def test_parquet_refused(tmp_path: Path, table: pa.Table, message: str) -> None:
    pq.write_table(table, tmp_path / "x.parquet")
    with pytest.raises(NetworkError, match=message):
        read(tmp_path / "x.parquet")


def test_the_same_in_all_formats(tmp_path: Path) -> None:
    graph = nx.relabel_nodes(nx.karate_club_graph(), lambda i: f"member {i:02d}")
    nx.write_graphml(graph, tmp_path / "x.graphml")
    nx.write_gml(graph, tmp_path / "x.gml")
    nx.write_pajek(graph, tmp_path / "x.net")
    ties = pd.DataFrame(graph.edges(), columns=["source", "target"])
    ties.to_csv(tmp_path / "x.csv", index=False)
    ties.to_csv(tmp_path / "x.tsv", index=False, sep="\t")
    ties.to_parquet(tmp_path / "x.parquet")
    expected = read(tmp_path / "x.csv")
    for name in ("x.graphml", "x.gml", "x.net", "x.tsv", "x.parquet"):
        found = read(tmp_path / name)
        assert found.ids.tolist() == expected.ids.tolist() == sorted(graph)
        assert found.csr.indptr.tolist() == expected.csr.indptr.tolist()
        assert found.csr.indices.tolist() == expected.csr.indices.tolist()
