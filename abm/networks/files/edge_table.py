"""Edges as read from a file, the check for all their faults, and the rows that consumers get."""

from collections import Counter
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from abm.networks.csr_builder import csr_from_pairs
from abm.networks.errors import NetworkError
from abm.networks.files.node_ids import Nodes, numbered, odd_numbers
from abm.networks.graph_types import CSR, Index

BOTH_WAYS: Final = ("its ties have directions: each is read as a tie between both ends",)
_MOST_SHOWN: Final = 5
_MOST_NAMED: Final = 10
_WITHOUT_WEIGHT: Final = "ties have no weights, dates or kinds: the model counts neighbours"
_MISSING: Final = ("", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null", "None", "<NA>", "NaT")


class EdgeTable(NamedTuple):
    """Edges as read from a file.

    Attributes
    ----------
    left, right : Array[edges]
        Ids of the two ends: both int64, or both text without white space around it ("" for missing).
    positions : int64[edges]
        Where each edge is in the file.
    unit : str
        What positions count: line, row or edge.
    isolated : Array
        Ids without edges (or all ids, where the file lists them), of the same type.
    faults : tuple of str
        What was found to be wrong while reading.
    notes : tuple of str
        What the file says that no network holds.
    """

    left: Any
    right: Any
    positions: Index
    unit: str
    isolated: Any = None
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class FileNetwork(NamedTuple):
    """A network read from a file: row i belongs to the i-th id."""

    ids: NDArray[Any]
    csr: CSR
    notes: tuple[str, ...]


def network_of(path: Path, edges: EdgeTable) -> FileNetwork:
    """Return the network of the edges.

    Parameters
    ----------
    path : path
        The file, for messages.
    edges : EdgeTable

    Raises
    ------
    NetworkError
        One message with every kind of fault, how often it occurs and where first; or there is nobody.
    """
    nodes = numbered(edges.left, edges.right, edges.isolated)
    faults = [fault for fault in (*edges.faults, *_faults(edges, nodes)) if fault]
    if faults:
        raise NetworkError(f"{path}: ids are whole numbers or text, ties are listed once:\n  " + "\n  ".join(faults))
    if nodes.ids.size == 0:
        raise NetworkError(f"{path}: holds no ties")
    return FileNetwork(nodes.ids, csr_from_pairs(nodes.ids.size, nodes.left, nodes.right), edges.notes)


def _faults(edges: EdgeTable, nodes: Nodes) -> list[str]:
    is_text = nodes.ids.dtype == object
    nobody = np.isin(nodes.ids, _MISSING) if is_text else np.zeros(nodes.ids.size, np.bool_)
    odd = odd_numbers(nodes.ids) if is_text else nobody
    missing = nobody[nodes.left] | nobody[nodes.right]
    decimal = (odd[nodes.left] | odd[nodes.right]) & ~missing
    good = ~(missing | decimal)
    loops = good & (nodes.left == nodes.right)
    keys = nodes.left * np.int64(nodes.ids.size) + nodes.right
    keys[~good] = -1 - np.flatnonzero(~good)
    twice = ~loops & pd.Series(keys).duplicated().to_numpy()
    alone = "a missing or odd id of somebody without ties" if (nobody | odd)[nodes.isolated].any() else ""
    return [
        _describe(edges, missing, "a missing id"),
        _describe(edges, decimal, "an id that is no whole number, beside others that are", values=True),
        _describe(edges, loops, "a loop (a tie of a consumer with itself)", values=True),
        _describe(edges, twice, "a tie listed before in the same direction", values=True),
        alone,
    ]


def _describe(edges: EdgeTable, where: NDArray[np.bool_], fault: str, *, values: bool = False) -> str:
    """Return one fault, its count and first positions, or an empty text if it does not occur."""
    found = np.flatnonzero(where)
    if found.size == 0:
        return ""
    shown = [
        f"{edges.positions[i]}" + (f" ({edges.left[i]}, {edges.right[i]})" if values else "")
        for i in found[:_MOST_SHOWN].tolist()
    ]
    more = ", ..." if found.size > _MOST_SHOWN else ""
    return f"{found.size:,} x {fault}: {edges.unit} {', '.join(shown)}{more}"


def stripped(column: Any) -> Any:
    """Return a column of text as one array without white space around the values, "" where one is missing."""
    text = pc.utf8_trim_whitespace(pc.cast(column, pa.large_string()))
    filled = pc.fill_null(text, "")
    return filled.combine_chunks() if isinstance(filled, pa.ChunkedArray) else filled


def as_text(values: list[str]) -> Any:
    """Return some texts as an array of Arrow."""
    return pa.array(values, pa.large_string())


def ignored(attributes: list[str]) -> tuple[str, ...]:
    """Return a note that these attributes of ties are not used, none without any."""
    if not attributes:
        return ()
    names = [name or "without a name" for name in dict.fromkeys(attributes)]
    more = ", ..." if len(names) > _MOST_NAMED else ""
    return (f"ignored: {', '.join(names[:_MOST_NAMED])}{more} ({_WITHOUT_WEIGHT})",)


def listed_twice(ids: list[str]) -> tuple[str, ...]:
    """Return a fault if somebody is listed more than once, none otherwise."""
    twice = [one for one, n in Counter(ids).items() if n > 1]
    shown = ", ".join(twice[:_MOST_SHOWN]) + (", ..." if len(twice) > _MOST_SHOWN else "")
    return (f"{len(twice):,} x a node listed before: {shown}",) if twice else ()
