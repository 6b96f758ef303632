"""Readers of edge lists (CSV, Parquet) and of GraphML.

Strict on purpose: an edge list with loops, duplicates or unreadable ids is usually not the list that was
meant. (a, b) and (b, a) are one edge. Only GraphML can hold consumers without edges.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from abm.networks.csr_builder import csr_from_pairs
from abm.networks.edge_table import EdgeTable, validated
from abm.networks.errors import NetworkError
from abm.networks.graph_types import CSR, Index

_SEPARATORS: Final = (",", "\t", ";")


def read(path: Path) -> tuple[list[Any], CSR]:
    """Return the ids in ascending order and the network whose row i belongs to the i-th id.

    Raises
    ------
    NetworkError
        File missing, empty, of unknown kind or unreadable; or one message with all faults of the list.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise NetworkError(f"{path}: unknown kind of file {path.suffix!r}: one of {', '.join(_READERS)}")
    if not path.is_file():
        raise NetworkError(f"{path}: there is no such file")
    left, right, isolated = validated(path, reader(path))
    ids = np.unique(np.concatenate([left, right, isolated]))
    if ids.size == 0:
        raise NetworkError(f"{path}: holds no ties")
    return ids.tolist(), csr_from_pairs(ids.size, *_rows(ids, left, right))


def _rows(ids: Index, left: Index, right: Index) -> tuple[Index, Index]:
    return np.searchsorted(ids, left), np.searchsorted(ids, right)


def _read_csv(path: Path) -> EdgeTable:
    separator = _separator(path)
    try:
        table = pd.read_csv(
            path,
            sep=separator,
            header=None,
            usecols=[0, 1],
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
            encoding="utf-8-sig",
        )
    except ValueError as error:  # covers pandas' parser errors and bad encoding
        raise NetworkError(f"{path}: cannot be read as CSV: {error}") from error
    table = table.fillna("")
    left, right = table[0].str.strip(), table[1].str.strip()
    lines = np.arange(1, len(table) + 1)
    kept = np.array((left != "") | (right != ""))  # blank lines count as lines, but hold no edge
    kept[0] &= not _is_header(left[0], right[0])
    return EdgeTable(left[kept], right[kept], lines[kept], "line")


def _separator(path: Path) -> str:
    """Return what separates the columns of a CSV file, by its first line."""
    try:
        with path.open(encoding="utf-8-sig") as stream:
            first = stream.readline()
    except ValueError as error:
        raise NetworkError(f"{path}: cannot be read as CSV: {error}") from error
    if not first.strip():
        raise NetworkError(f"{path}: the file is empty or its first line is blank")
    for separator in _SEPARATORS:
        if separator in first:
            return separator
    raise NetworkError(f"{path}: only one column in line 1: {first.strip()[:60]!r}; a tie takes two")


def _is_header(left: str, right: str) -> bool:
    return not any(text.lstrip("+-").isdigit() or text == "" for text in (left, right))


def _read_parquet(path: Path) -> EdgeTable:
    try:
        names = pq.read_schema(path).names
        if len(names) < 2:
            raise NetworkError(f"{path}: only one column; a tie takes two")
        table = pq.read_table(path, columns=names[:2])
    except pa.ArrowException as error:
        raise NetworkError(f"{path}: cannot be read as Parquet: {error}") from error
    left, right = (_plain_column(column) for column in table.columns)
    return EdgeTable(left, right, np.arange(1, len(left) + 1), "row")


def _plain_column(column: Any) -> "pd.Series[Any]":
    """Return an integer column as it is, any other one as text, empty where a value is missing."""
    if pa.types.is_integer(column.type) and not column.null_count:
        return pd.Series(column.to_numpy())
    values = pd.Series(column.to_pylist(), dtype=object)
    return values.map(lambda value: "" if pd.isna(value) else str(value).strip())


def _read_graphml(path: Path) -> EdgeTable:
    try:
        graph = nx.read_graphml(path, force_multigraph=True)
    except (ParseError, nx.NetworkXException, ValueError, KeyError) as error:
        raise NetworkError(f"{path}: cannot be read as GraphML: {error}") from error
    edges = list(graph.edges())
    isolated = [node for node, degree in graph.degree() if degree == 0]
    return EdgeTable(
        pd.Series([tail for tail, _ in edges], dtype=str),
        pd.Series([head for _, head in edges], dtype=str),
        np.arange(1, len(edges) + 1),
        "edge",
        pd.Series(isolated, dtype=str),
    )


_READERS: Final[dict[str, Callable[[Path], EdgeTable]]] = {
    ".csv": _read_csv,
    ".parquet": _read_parquet,
    ".graphml": _read_graphml,
}
