"""Edges as read from a file, and the check for all their faults."""

from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from abm.networks.errors import NetworkError
from abm.networks.graph_types import Index

_MOST_SHOWN: Final = 5
_WHOLE_NUMBER: Final = r"[+-]?[0-9]{1,18}"  # fits int64
_TEXT: Final = "object"


class EdgeTable(NamedTuple):
    """Edges as read from a file.

    Attributes
    ----------
    left, right : Series[edges]
        Ids of the two ends: integers, or stripped text with "" for missing.
    positions : int64[edges]
        Where each edge is in the file.
    unit : str
        What positions count: line, row or edge.
    isolated : Series
        Ids without edges.
    """

    left: "pd.Series[Any]"
    right: "pd.Series[Any]"
    positions: Index
    unit: str
    isolated: "pd.Series[Any]" = pd.Series(dtype=_TEXT)


def validated(path: Path, edges: EdgeTable) -> tuple[Index, Index, Index]:
    """Return both ends of the edges and the ids without edges, as int64.

    Parameters
    ----------
    path : path
        The file, for messages.
    edges : EdgeTable

    Raises
    ------
    NetworkError
        One message with every kind of fault, how often it occurs and where first.
    """
    (left, fault_left), (right, fault_right) = _numbers(edges.left), _numbers(edges.right)
    isolated, fault_isolated = _numbers(edges.isolated)
    missing = (edges.left == "").to_numpy() | (edges.right == "").to_numpy()
    text = (fault_left | fault_right) & ~missing
    good = ~(fault_left | fault_right)
    loops = good & (left == right)
    twice = good & ~loops & _listed_before(left, right, good)
    faults = [
        _describe(edges, missing, "a missing id"),
        _describe(edges, text, "an id that is no whole number", values=True),
        _describe(edges, loops, "a loop (a tie of a consumer with itself)", values=True),
        _describe(edges, twice, "a tie listed before in the same direction", values=True),
    ]
    if fault_isolated.any():
        ids = ", ".join(repr(str(value)) for value in edges.isolated[fault_isolated][:_MOST_SHOWN])
        faults.append(f"{int(fault_isolated.sum()):,} x an id without ties that is no whole number: {ids}")
    faults = [fault for fault in faults if fault]
    if faults:
        raise NetworkError(f"{path}: ids are whole numbers, ties are listed once:\n  " + "\n  ".join(faults))
    return left, right, isolated


def _numbers(ids: "pd.Series[Any]") -> tuple[Index, NDArray[np.bool_]]:
    """Return ids as int64 (0 where that is impossible) and where that is."""
    if pd.api.types.is_integer_dtype(ids.dtype):
        values = ids.to_numpy()
        fault: NDArray[np.bool_] = values > np.iinfo(np.int64).max
        return np.where(fault, 0, values).astype(np.int64), fault
    fault = ~ids.astype(str).str.fullmatch(_WHOLE_NUMBER).to_numpy(dtype=bool)
    return np.asarray(ids.where(~fault, "0"), dtype=object).astype(np.int64), fault


def _listed_before(left: Index, right: Index, good: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where a good pair occurs for the second time or more."""
    ids, ends = np.unique(np.concatenate([left, right]), return_inverse=True)
    keys = ends[: left.size] * ids.size + ends[left.size :]
    keys[~good] = -1 - np.flatnonzero(~good)
    return pd.Series(keys).duplicated().to_numpy()


def _describe(edges: EdgeTable, where: NDArray[np.bool_], fault: str, *, values: bool = False) -> str:
    """Return one fault, its count and first positions, or an empty text if it does not occur."""
    found = np.flatnonzero(where)
    if found.size == 0:
        return ""
    first = found[:_MOST_SHOWN]
    shown = [
        f"{position}" + (f" ({left}, {right})" if values else "")
        for position, left, right in zip(
            edges.positions[first], edges.left.iloc[first], edges.right.iloc[first], strict=True
        )
    ]
    more = ", ..." if found.size > _MOST_SHOWN else ""
    return f"{found.size:,} x {fault}: {edges.unit} {', '.join(shown)}{more}"
