"""Edge lists in text: separators, headers, comments, quotes, and what is refused with its line."""

from pathlib import Path

import pytest

from abm.networks import NetworkError
from abm.networks.files import read


def graph_of(folder: Path, text: str | bytes, name: str = "ties.csv") -> tuple[list, set]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    ids, csr, _ = read(path)
    names = ids.tolist()
    ties = {
        (names[i], names[j])
        for i in range(len(names))
        for j in csr.indices[csr.indptr[i] : csr.indptr[i + 1]].tolist()
        if i < j
    }
    return names, ties


ONE_TWO_THREE = ([1, 2, 3], {(1, 2), (2, 3)})


@pytest.mark.parametrize(
    "text",
    [
        "1,2\n2,3\n", "1;2\n2;3\n", "1\t2\n2\t3\n", "1|2\n2|3\n", "1 2\n2 3", "  1   2\n2\t \t3  \n", "1, 2\n2, 3\n",
        "1;2;0,5\n2;3;0,7\n", "1\t2\tLondon, UK\n2\t3\tParis, FR\n", "1 2 0,5\n2 3 0,7\n", '"1","2"\n"2","3"\n',
        '1,2,"a, b"\n2,3,"c"\n', "1,2\r\n2,3\r\n", "1,2\r2,3\r", "\ufeff1,2\n2,3\n", "\n1,2\n,\n\n2,3\n\n",
        "# a\n# b c\n1 2\n2 3\n", "% sym unweighted\n1 2\n% 3\n2 3\n", "1,2,\n2,3,\n", "1,2\n2,3\n".encode("utf-16"),
        "id,source,target\n9,1,2\n8,2,3\n", "weight,from,to\n9,1,2\n8,2,3\n", "w,Ego_ID,Alter_ID\n9,1,2\n8,2,3\n",
        "x;node1;node2\n9;1;2\n8;2;3\n", ",source,target\n0,1,2\n1,2,3\n", "v,u,w\n1,2,9\n2,3,9\n", "a,b\n1,2\n2,3\n",
        "# FromNodeId\tToNodeId\n1\t2\n2\t3\n", "#id,source,target\n9,1,2\n8,2,3\n",
        "# id source target\n9 1 2\n8 2 3\n",
        '# a,"b\n1,2\n2,3\n',
        '# a,"b\n"1","2"\n"2","3"\n',
        '"1", "2"\n2, "3"\n',
        "'x',source,target\n'5\" a',1,2\n'6\"',2,3\n",
        "person,contact\n1,2\n2,3\n", '"source","target"\n1,2\n2,3\n', "person_a,when,person_b\n1,9,2\n2,9,3\n",
    ],
)  # fmt: skip
def test_the_same_network(tmp_path: Path, text: str | bytes) -> None:
    assert graph_of(tmp_path, text) == ONE_TWO_THREE


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("alice,bob\nbob,carl\n", ["alice", "bob", "carl"]),
        ("source,target\nzoe,Ann\n", ["Ann", "zoe"]),
        ("node1,node2\nalice,bob\n", ["alice", "bob"]),
        ("a,b\nb,c\n", ["a", "b", "c"]),
        ("Ann Lee,Bob Ray\nBob Ray,Zoe Orr\n", ["Ann Lee", "Bob Ray", "Zoe Orr"]),
        ("Ann Lee\tBob Ray\n", ["Ann Lee", "Bob Ray"]),
        ('"Lee, Ann","Ray ""R"" Bob"\n', ["Lee, Ann", 'Ray "R" Bob']),
        ('"#blm","#metoo"\n', ["#blm", "#metoo"]),
        ("00123,123\n", ["00123", "123"]),
        ("1529877576591609861,783214\n", [783214, 1529877576591609861]),
        ("9223372036854775807,-9223372036854775808\n", [-(2**63), 2**63 - 1]),
        ("9223372036854775808,1\n", ["1", "9223372036854775808"]),
        ("10,9\n9,alice\n", ["10", "9", "alice"]),
        ("-5,1000000\n", [-5, 1000000]),
        ("1.1,1.2\n1.2,2.1\n", ["1.1", "1.2", "2.1"]),
        ("Zoë,Émile\n", ["Zoë", "Émile"]),
        ("\U0001f600,\uffee\n", ["\uffee", "\U0001f600"]),  # by code point
    ],
)
def test_ids(tmp_path: Path, text: str, ids: list) -> None:
    assert graph_of(tmp_path, text)[0] == ids


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,2\n1,3,4,5\n2,6\n", r"not 2 columns .*: line 2 \(4\)"),
        ("1,000,2,000\n3,000,4,000\n", r"line 1: '1,000,2,000' looks like numbers with commas"),
        ("1,2,0.5\n1,3\n", r"not 3 columns .*: line 2 \(2\)"),
        ("1,2\n3\n4,5\n", r"missing id: line 2"),
        ("1,2\n3,\n", r"missing id: line 2"),
        ("1,2\nNaN,3\n", r"missing id: line 2"),
        ("1,2\n3,4.0\n", r"no whole number, beside others that are: line 2 \(3, 4.0\)"),
        ("1,2\n+3,4\n", r"no whole number, beside others that are: line 2"),
        ("foo,bar,baz\n1,2,3\n", r"line 1 \(foo, bar, baz\) .* name these source and target"),
        ("x0,y0\n1,2\n", r"line 1 \(x0, y0\)"),
        ("\n\nx0,y0\n1,2\n", r"line 3 \(x0, y0\)"),
        ("a,b\nc,d\n", r"line 1 \(a, b\) may be a header or a tie"),
        ("source,target\nsource,bob\n", r"line 1 \(source, target\)"),
        ("source,target,from,to\n1,2,3,4\n", "names the ends twice"),
        ("Lee, Ann;Ray, Bob\n", "may be separated by ; and ,"),
        ("#blm,#metoo\n#metoo,bob\n", "may be a comment or a tie .*: line 1, 2"),
        ('1,2\n"3,4\n', "line 2"),
        ('1,2\n"3"x,4\n', "line 2"),
        (b"1,2\n\xff,3\n", "line 2: cannot be read as CSV"),
        (b"1,2\n3,\x004\n", "line 2.*NUL"),
        ("# only\n", "holds no ties"),
    ],
)
def test_refused_with_the_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(NetworkError, match=rf"(?s)ties.csv.*{message}"):
        graph_of(tmp_path, text)


def test_further_columns_are_named(tmp_path: Path) -> None:
    path = tmp_path / "ties.csv"
    path.write_text("kind,source,target,weight\nx,1,2,3\n")
    (note,) = read(path).notes
    assert note.startswith("ignored: kind, weight (ties have no weights")
    path.write_text("1,2,3\n")
    assert read(path).notes[0].startswith("ignored: column 3 (")
    path.write_text("1,2\n")
    assert read(path).notes == ()
