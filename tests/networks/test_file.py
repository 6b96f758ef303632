from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from abm.networks import CSR, Network, NetworkError, build, node_ids

DATA = Path(__file__).parents[2] / "experiments" / "data"


def read(path: Path, **options) -> CSR:
    return build(Network(family="file", file=path.name), base_dir=path.parent, **options)


def written(folder: Path, text: str, name: str = "ties.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("header", ["", "ego,alter\n", "\ufeffego,alter\n"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("extra", ["", ",0.5"])
def test_csv(tmp_path, header, separator, extra):
    lines = "\n".join(f"{a},{b}{extra}" for a, b in [(30, 10), (10, 30), (7, 10), (-2, 30)])
    if extra:
        header = header.replace("alter", "alter,weight")
    path = written(tmp_path, (header + lines + "\n\n").replace(",", separator))
    csr = read(path)
    assert node_ids(Network(family="file", file=str(path))) == [-2, 7, 10, 30]
    assert csr.indptr.tolist() == [0, 1, 2, 4, 6]
    assert csr.indices.tolist() == [3, 2, 1, 3, 0, 2]


def test_parquet_is_the_same(tmp_path, assert_simple):
    ties = pd.DataFrame({"a": [3, 1, 2], "b": [1, 2, 9], "weight": [0.1, 0.2, 0.3]})
    ties.to_parquet(tmp_path / "ties.parquet")
    ties.to_csv(tmp_path / "ties.csv", index=False)
    csr = read(tmp_path / "ties.parquet")
    assert_simple(csr, 4)
    assert all(np.array_equal(*pair) for pair in zip(csr, read(tmp_path / "ties.csv"), strict=True))
    ties.astype({"a": str, "b": "uint64"}).to_parquet(tmp_path / "text.parquet")
    assert np.array_equal(read(tmp_path / "text.parquet").indices, csr.indices)


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph])
def test_graphml(tmp_path, kind, assert_simple):
    graph = kind([(10, 9), (9, 200)])
    graph.add_node(77)
    nx.write_graphml(graph, tmp_path / "ties.graphml")
    csr = read(tmp_path / "ties.graphml", n=4)
    assert_simple(csr, 4)
    assert node_ids(Network(family="file", file=str(tmp_path / "ties.graphml"))) == [9, 10, 77, 200]
    assert np.diff(csr.indptr).tolist() == [2, 1, 0, 1]


def test_all_faults_in_one_message(tmp_path):
    path = written(tmp_path, "ego,alter\n1,2\n3,3\nanna,4\n5,\n1,2\n2,1\n\n2.5,4\n7,7\n1,2\n,\n8\n")
    with pytest.raises(NetworkError) as caught:
        read(path)
    text = str(caught.value)
    assert "ties.csv" in text
    assert "2 x a missing id: line 5, 13" in text
    assert "1 x an id that is no whole number, beside others that are: line 9 (2.5, 4)" in text
    assert "2 x a loop (a tie of a consumer with itself): line 3 (3, 3), 10 (7, 7)" in text
    assert "2 x a tie listed before in the same direction: line 6 (1, 2), 11 (1, 2)" in text


def test_only_the_first_places_are_shown(tmp_path):
    path = written(tmp_path, "1,2\n" + "".join(f"{i},{i}\n" for i in range(2000)))
    with pytest.raises(NetworkError, match=r"2,000 x a loop.*line 2 .* 6 \(4, 4\), \.\.\.$"):
        read(path)


def test_parquet_faults_name_rows(tmp_path):
    path = tmp_path / "ties.parquet"
    pd.DataFrame({"a": [1, None, 3], "b": ["x", "2", "3"]}).to_parquet(path)
    with pytest.raises(NetworkError, match=r"row 2") as caught:
        read(path)
    assert "row 1 (1.0, x)" in str(caught.value)
    pd.DataFrame({"a": pd.array([1, None, 3], "Int64"), "b": [2, 3, 4]}).to_parquet(path)
    with pytest.raises(NetworkError, match=r"once:\n  1 x a missing id: row 2$"):
        read(path)


def test_graphml_faults(tmp_path):
    graph = nx.MultiDiGraph([("1", "2"), ("1", "2"), ("1", "1"), ("anna", "1")])
    graph.add_node("ben")
    nx.write_graphml(graph, tmp_path / "ties.graphml")
    with pytest.raises(NetworkError) as caught:
        read(tmp_path / "ties.graphml")
    for part in ("1 x a tie listed before in the same direction: edge 2 (1, 2)", "a loop", "edge 3 (1, 1)"):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("ties.csv", None, "no such file"),
        ("ties.csv", "", "empty"),
        ("ties.csv", "ego,alter\n", "no ties"),
        ("ties.csv", "1\n2\n", "only one column"),
        ("ties.csv", '1,2\n"3,4\n', "cannot be read as CSV"),
        (
            "ties.xlsx",
            "1,2\n",
            r"unknown kind of file '.xlsx': one of .csv, .tsv, .txt, .edges, .edgelist, .parquet, .graphml, .gml, .net",
        ),
        ("ties.parquet", "1,2\n", "cannot be read as Parquet"),
        ("ties.graphml", "1,2\n", "cannot be read as GraphML"),
        ("ties.graphml", "", "cannot be read as GraphML"),
    ],
)
def test_unreadable(tmp_path, name, text, message):
    if text is not None:
        written(tmp_path, text, name)
    with pytest.raises(NetworkError, match=message) as caught:
        read(tmp_path / name)
    assert name in str(caught.value)


def test_bad_encoding(tmp_path):
    (tmp_path / "ties.csv").write_bytes(b"1,2\n\xff\xfe,3\n")
    with pytest.raises(NetworkError, match="cannot be read as CSV"):
        read(tmp_path / "ties.csv")


def test_one_parquet_column(tmp_path):
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "ties.parquet")
    with pytest.raises(NetworkError, match="only one column"):
        read(tmp_path / "ties.parquet")


def test_wrong_number_of_consumers(tmp_path):
    path = written(tmp_path, "1,2\n")
    assert read(path, n=2).indices.tolist() == [1, 0]
    with pytest.raises(NetworkError, match="set consumers = 2"):
        read(path, n=3)


def test_korean_family_planning(assert_simple):
    csr = read(DATA / "kfamily.graphml", n=1_047)
    assert_simple(csr, 1_047)
    assert csr.indices.size // 2 == 3_931
    assert np.sum(np.diff(csr.indptr) == 0) == 11
    women = pd.read_csv(DATA / "kfamily_nodes.csv")
    assert node_ids(Network(family="file", file=str(DATA / "kfamily.graphml"))) == sorted(women["id"])
    with_ties = read(DATA / "kfamily_edges.csv")
    assert_simple(with_ties, 1_036)
    assert np.array_equal(np.diff(with_ties.indptr), [k for k in np.diff(csr.indptr) if k])
