"""Reader of GML: nodes and ties of the one graph in a file; their other attributes are not looked at."""

import html
import re
from pathlib import Path
from typing import Any, Final

import numpy as np

from abm.networks.errors import NetworkError
from abm.networks.files.edge_table import BOTH_WAYS, EdgeTable, as_text, ignored, listed_twice
from abm.networks.files.text_lines import read_lines

_TOKEN: Final = re.compile(r'\s+|#[^\n]*|"([^"]*)"|([\[\]])|([^\s\[\]"]+)')
_PARTS: Final = ("node", "edge", "graph")

Table = list[tuple[str, Any]]  # keys may occur several times


def read(path: Path) -> EdgeTable:
    """Return the ties of the graph, in the order of the file, and all of its nodes.

    People are called by the labels of the nodes if each has one, else by their ``id``.

    Raises
    ------
    NetworkError
        No GML; or it holds several graphs, or ties inside something else.
    """
    try:
        return _edges_of(_graph_of(_parsed(read_lines(path).text.decode())))
    except ValueError as error:
        raise NetworkError(f"{path}: cannot be read as GML: {error}") from error


def _parsed(text: str) -> Table:
    """Return keys and values as they are nested in the text; values are text or tables.

    Raises
    ------
    ValueError
    """
    open_tables: list[Table] = [[]]
    key, position = "", 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        line = text.count("\n", 0, position) + 1 if token is None else 0
        if token is None:
            raise ValueError(f"line {line}: a quote is not closed")
        position = token.end()
        quoted, bracket, word = token.groups()
        if bracket is None and quoted is None and word is None:
            continue
        if bracket == "]":
            open_tables.pop()
        elif not key:
            key = word or ""
        elif bracket == "[":
            table: Table = []
            open_tables[-1].append((key, table))
            open_tables.append(table)
            key = ""
        else:
            open_tables[-1].append((key, word if quoted is None else html.unescape(quoted)))
            key = ""
        if not open_tables:
            raise ValueError(f"line {text.count(chr(10), 0, position) + 1}: a bracket that was not opened")
    if key or len(open_tables) > 1:
        raise ValueError("it ends within a table")
    return open_tables[0]


def _graph_of(parsed: Table) -> Table:
    graphs = [value for key, value in parsed if key == "graph" and isinstance(value, list)]
    if len(graphs) != 1:
        raise ValueError(f"it holds {len(graphs)} graphs: put one into a file")
    beside = [value for key, value in parsed if key != "graph"]
    if _holds_parts([*beside, *(value for key, value in graphs[0] if key not in ("node", "edge"))]) or any(
        _holds_parts([inner for _, inner in value]) or any(name in _PARTS for name, _ in value)
        for key, value in graphs[0]
        if key in ("node", "edge") and isinstance(value, list)
    ):
        raise ValueError("it holds nodes or edges inside something other than the graph")
    return graphs[0]


def _holds_parts(values: list[Any]) -> bool:
    """Say whether a table somewhere inside has nodes, edges or graphs."""
    return any(
        key in _PARTS or _holds_parts([value]) for table in values if isinstance(table, list) for key, value in table
    )


def _edges_of(graph: Table) -> EdgeTable:
    nodes = [dict(value) for key, value in graph if key == "node"]
    edges = [dict(value) for key, value in graph if key == "edge"]
    for what, tables, keys in (("node", nodes, ("id",)), ("edge", edges, ("source", "target"))):
        for number, table in enumerate(tables, 1):
            if missing := [key for key in keys if key not in table]:
                raise ValueError(f"{what} {number} has no {missing[0]}")
    numbers = [str(node["id"]).strip() for node in nodes]
    labelled = bool(nodes) and all(str(node.get("label", "")).strip() for node in nodes)
    names = [str(node["label"]).strip() for node in nodes] if labelled else numbers
    name_of = dict(zip(numbers, names, strict=True))
    ends = [[str(edge[key]).strip() for edge in edges] for key in ("source", "target")]
    for number, pair in enumerate(zip(*ends, strict=True), 1):
        if unknown := [end for end in pair if end not in name_of]:
            raise ValueError(f"edge {number}: there is no node {unknown[0]}")
    attributes = dict.fromkeys(key for edge in edges for key in edge if key not in ("source", "target", "id", "label"))
    return EdgeTable(
        as_text([name_of[end] for end in ends[0]]),
        as_text([name_of[end] for end in ends[1]]),
        np.arange(1, len(edges) + 1),
        "edge",
        as_text(names),
        faults=(*listed_twice(numbers), *(listed_twice(names) if labelled else ())),
        notes=ignored(list(attributes)) + (BOTH_WAYS if dict(graph).get("directed") == "1" else ()),
    )
