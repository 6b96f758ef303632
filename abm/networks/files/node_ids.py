"""What the ids of a file are, numbers or text, and which row each gets.

Ids are numbers if every one of them is a whole number as one writes it (no leading zeros, no sign but a minus, at most
2**63 - 1); else all of them are text, compared as written: ``00123`` and ``123`` are two people. Rows are in order of
the ids, numbers by number and text by code point.
"""

import re
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from abm.networks.graph_types import Index

_WHOLE: Final = re.compile(r"-?[0-9]+")
# What programs make of whole numbers: 7.0, 7,0, +7, 1.5e+18.
_ODD: Final = re.compile(r"\+[0-9]+|-0+|[+-]?[0-9]*[.,][0-9]+([eE][+-]?[0-9]+)?|[+-]?[0-9]+[.,]|[0-9]+[eE][+-][0-9]+")


class Nodes(NamedTuple):
    """Who is there, and between whom there are ties.

    Attributes
    ----------
    ids : int64[nodes] or object[nodes]
        Ascending; numbers or text.
    left, right : int64[edges]
        Rows of both ends.
    isolated : int64
        Rows of those listed beside the ties.
    """

    ids: NDArray[Any]
    left: Index
    right: Index
    isolated: Index


def numbered(left: Any, right: Any, isolated: Any = None) -> Nodes:
    """Return ids in the order of their rows, and the rows of all that were given.

    Parameters
    ----------
    left, right, isolated : Array
        All int64 or all text.
    """
    parts = [left, right] if isolated is None else [left, right, isolated]
    encoded = pa.chunked_array(parts).dictionary_encode().unify_dictionaries()
    ids = _numbers(encoded.chunk(0).dictionary if encoded.num_chunks else parts[0])
    order = pc.array_sort_indices(ids)
    row = np.empty(len(ids), np.int64)
    row[order.to_numpy()] = np.arange(len(ids))
    codes = np.concatenate([np.zeros(0, np.int32), *(chunk.indices.to_numpy() for chunk in encoded.chunks)])
    rows = np.split(row[codes], np.cumsum([len(part) for part in parts])[:-1])
    values = ids.take(order)
    in_order = values.to_numpy() if pa.types.is_integer(ids.type) else np.array(values.to_pylist(), dtype=object)
    in_order.setflags(write=False)
    return Nodes(in_order, rows[0], rows[1], rows[2] if isolated is not None else np.zeros(0, np.int64))


def _numbers(ids: Any) -> Any:
    """Return different ids as int64 if each is written as this number is, else as they are."""
    if pa.types.is_integer(ids.type):
        return ids
    try:
        numbers = pc.cast(ids, pa.int64())
    except pa.ArrowInvalid:
        return ids
    return numbers if pc.cast(numbers, ids.type).equals(ids) else ids


def odd_numbers(ids: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which ids are numbers but no whole ones, or whole with a sign or point, if others are whole numbers.

    Where 7 and 7.0 may occur together, they would be taken for two people.
    """
    odd = np.array([bool(_ODD.fullmatch(one)) for one in ids.tolist()], np.bool_)
    return odd if odd.any() and any(_WHOLE.fullmatch(one) for one in ids.tolist()) else np.zeros(ids.size, np.bool_)


def is_whole(text: str) -> bool:
    """Say whether a text is a whole number."""
    return bool(_WHOLE.fullmatch(text))
