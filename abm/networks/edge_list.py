"""An edge list as it came from a file, and the search for all its faults."""

from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from abm.networks.errors import NetworkError
from abm.networks.graph_types import Index

_N_SHOWN: Final = 5
_WHOLE_NUMBER: Final = r"[+-]?[0-9]{1,18}"  # fits int64
_TEXT: Final = "object"


class EdgeList(NamedTuple):
    """One tie a place: two ids, integers or stripped text with "" for missing, and where it was listed."""

    left: "pd.Series[Any]"
    right: "pd.Series[Any]"
    places: Index
    place: str  # what a place is called: line, row or edge
    alone: "pd.Series[Any]" = pd.Series(dtype=_TEXT)  # ids without ties


def checked(path: Path, edges: EdgeList) -> tuple[Index, Index, Index]:
    """Return both ends of the ties and the ids without ties, as int64.

    Raises
    ------
    NetworkError
        One message with every kind of fault, how often it occurs and where first.
    """
    (left, fault_left), (right, fault_right) = _numbers(edges.left), _numbers(edges.right)
    alone, fault_alone = _numbers(edges.alone)
    missing = (edges.left == "").to_numpy() | (edges.right == "").to_numpy()
    text = (fault_left | fault_right) & ~missing
    good = ~(fault_left | fault_right)
    loops = good & (left == right)
    twice = good & ~loops & _listed_before(left, right, good)
    faults = [
        _shown(edges, missing, "a missing id"),
        _shown(edges, text, "an id that is no whole number", values=True),
        _shown(edges, loops, "a loop (a tie of a consumer with itself)", values=True),
        _shown(edges, twice, "a tie listed before in the same direction", values=True),
    ]
    if fault_alone.any():
        ids = ", ".join(repr(str(value)) for value in edges.alone[fault_alone][:_N_SHOWN])
        faults.append(f"{int(fault_alone.sum()):,} x an id without ties that is no whole number: {ids}")
    faults = [fault for fault in faults if fault]
    if faults:
        raise NetworkError(f"{path}: ids are whole numbers, ties are listed once:\n  " + "\n  ".join(faults))
    return left, right, alone


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


def _shown(edges: EdgeList, where: NDArray[np.bool_], fault: str, *, values: bool = False) -> str:
    """Return one fault, its count and first places, or an empty text if it does not occur."""
    found = np.flatnonzero(where)
    if found.size == 0:
        return ""
    first = found[:_N_SHOWN]
    shown = [
        f"{place}" + (f" ({left}, {right})" if values else "")
        for place, left, right in zip(edges.places[first], edges.left.iloc[first], edges.right.iloc[first], strict=True)
    ]
    more = ", ..." if found.size > _N_SHOWN else ""
    return f"{found.size:,} x {fault}: {edges.place} {', '.join(shown)}{more}"
