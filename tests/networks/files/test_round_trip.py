"""Any list of ties, in every format and layout, is read back as it was; damaged, it is the same or refused."""

import csv
import io
import re
from pathlib import Path

import networkx as nx
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abm.networks import NetworkError
from abm.networks.files import read

Ties = list[tuple[str, str]]
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KINDS = {
    "numbers": st.integers(-50, 500).map(str),
    "19 digits": st.integers(2**60, 2**63 - 1).map(str),
    "leading zeros": st.from_regex(r"0[0-9]{1,4}", fullmatch=True),
    "words": st.from_regex(r"[a-zA-Zéß\u4e00-\u4e10]{3,6}", fullmatch=True),
    "names": st.from_regex(r"[A-Z][a-z]{1,5} [A-Z][a-z]{1,5}", fullmatch=True),
    "any text": st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=5),
}
HEADERS = [None, ["source", "target"], ["From_ID", "To_ID"], ["node1", "node2"], ["u", "v"]]


@st.composite
def tie_lists(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(KINDS)) -> Ties:
    """Return different ties between different people whose ids are all of one kind."""
    kind = draw(st.sampled_from(kinds))
    people = draw(st.lists(KINDS[kind], min_size=2, max_size=9, unique=True))
    pairs = [(a, b) for i, a in enumerate(people) for b in people[i + 1 :]]
    return draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=15, unique=True))


def ties_of(path: Path) -> set[frozenset[str]]:
    ids, (indptr, indices), _ = read(path)
    names = [str(one) for one in ids.tolist()]
    assert len(set(names)) == len(names)
    return {frozenset((names[i], names[j])) for i in range(len(names)) for j in indices[indptr[i] : indptr[i + 1]]}


def ties_or_message(path: Path) -> tuple[set[frozenset[str]] | None, str]:
    try:
        return ties_of(path), ""
    except NetworkError as error:
        return None, str(error)


def unordered(ties: Ties) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in ties}


def as_text(ties: Ties, separator: str, header: list[str] | None, n_extra: int, quoting: int) -> str:
    """Return an edge list with further columns in front, and with those of the ends last where it has a header."""
    rows = [
        [f"{i / 7:.2f}"] * n_extra + list(pair) if header else [*pair, *[f"{i}"] * n_extra]
        for i, pair in enumerate(ties)
    ]
    if header:
        rows.insert(0, [*(f"weight{i}x" for i in range(n_extra)), *header])
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, quoting=quoting, lineterminator="\n").writerows(rows)
    return stream.getvalue()


@FUZZ
@given(
    ties=tie_lists(),
    separator=st.sampled_from([",", ";", "\t", "|", " "]),
    header=st.sampled_from(HEADERS),
    n_extra=st.integers(0, 2),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)  # fmt: skip
def test_text(
    tmp_path: Path, ties: Ties, separator: str, header: list[str] | None, n_extra: int, quoting: int, ends: str,
    encoding: str,
) -> None:  # fmt: skip
    path = tmp_path / "ties.csv"
    text = as_text(ties, separator, header, n_extra, quoting).replace("\n", ends)
    path.write_bytes(text.encode(encoding))
    found, message = ties_or_message(path)
    assert found == unordered(ties) or re.search(r"line \d|separated by|names the ends twice", message)


@FUZZ
@given(
    ties=tie_lists(("numbers", "19 digits", "leading zeros", "words", "names")), header=st.sampled_from(HEADERS[1:4])
)
def test_plain_text_is_never_refused(tmp_path: Path, ties: Ties, header: list[str]) -> None:
    for separator in (",", ";", "\t", "|"):
        (tmp_path / "ties.csv").write_text(as_text(ties, separator, header, 1, csv.QUOTE_MINIMAL), encoding="utf-8")
        assert ties_of(tmp_path / "ties.csv") == unordered(ties)


@FUZZ
@given(ties=tie_lists(("numbers", "19 digits", "leading zeros", "words", "names")))
def test_formats_of_graphs(tmp_path: Path, ties: Ties) -> None:
    graph = nx.Graph(ties)
    nx.write_graphml(graph, tmp_path / "x.graphml")
    nx.write_gml(graph, tmp_path / "x.gml")
    pd.DataFrame(ties, columns=["source", "target"]).to_parquet(tmp_path / "x.parquet")
    vertices = {one: number for number, one in enumerate(graph, 1)}
    lines = [f"*Vertices {len(graph)}", *(f'{number} "{one}"' for one, number in vertices.items()), "*Edges"]
    lines += [f"{vertices[a]} {vertices[b]}" for a, b in ties]
    (tmp_path / "x.net").write_text("\n".join(lines), encoding="utf-8")
    for name in ("x.graphml", "x.gml", "x.parquet", "x.net"):
        assert ties_of(tmp_path / name) == unordered(ties), name


@FUZZ
@given(
    ties=tie_lists(("numbers", "words")),
    header=st.sampled_from(HEADERS[:2]),
    damage=st.sampled_from(["cut", "columns", "empty", "quote", "separator", "bytes", "blank"]),
    data=st.data(),
)
def test_damage_is_refused_with_its_line(
    tmp_path: Path, ties: Ties, header: list[str] | None, damage: str, data: st.DataObject
) -> None:
    more = (
        [("7777", "8888"), ("7777", "9999")]
        if ties[0][0].lstrip("-").isdigit()
        else [("Seventh", "Eighths"), ("Seventh", "Ninthly")]
    )
    lines = as_text([*ties, *more], ",", header, 0, csv.QUOTE_MINIMAL).splitlines()
    hit = data.draw(st.integers(1 if header else 0, len(lines) - 1))
    left, right = lines[hit].split(",")
    lines[hit] = {
        "cut": left, "columns": f"{left},{right},1", "empty": f"{left},", "quote": f'{left},"{right}',
        "separator": f"{left};{right}", "bytes": f"{left}\udcff,{right}", "blank": "  ",
    }[damage]  # fmt: skip
    path = tmp_path / "ties.csv"
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))
    found, message = ties_or_message(path)
    if damage == "blank":  # a blank line holds no tie; nothing else may be lost
        kept = [tuple(line.split(",")) for line in lines[bool(header) :] if line.strip()]
        assert found == unordered(kept) or "holds no ties" in message or "may be a header" in message
    else:
        assert found == unordered([*ties, *more]) or re.search(rf"line (\d+[ ,(].*)?{hit + 1}\b", message)
