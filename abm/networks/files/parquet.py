"""Reader of edge lists in Parquet: the columns that hold the ends, found by name or the only two."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from abm.networks.errors import NetworkError
from abm.networks.files.edge_table import EdgeTable, as_text, ignored, stripped
from abm.networks.files.header import named_ends


def read(path: Path) -> EdgeTable:
    """Return the ties of a table, a row each.

    Raises
    ------
    NetworkError
        No Parquet, no columns that are the ends, or columns of another kind than whole numbers and text.
    """
    try:
        names = pq.read_schema(path).names
        left, right = _ends(names)
        table = pq.read_table(path, columns=[names[left], names[right]])
        columns = [_ids(table.column(i), table.column_names[i]) for i in range(2)]
    except (pa.ArrowException, ValueError, OSError) as error:
        raise NetworkError(f"{path}: cannot be read as Parquet: {error}") from error
    if any(pa.types.is_large_string(column.type) for column in columns):
        columns = [stripped(column) for column in columns]
    further = [name for i, name in enumerate(names) if i not in (left, right)]
    positions = np.arange(1, len(columns[0]) + 1)
    return EdgeTable(columns[0], columns[1], positions, "row", notes=ignored(further))


def _ends(names: list[str]) -> tuple[int, int]:
    if len(names) < 2:
        raise ValueError("only one column; a tie takes two")
    if len(set(names)) < len(names):
        raise ValueError("two columns have the same name")
    if named := named_ends(names):
        return named.left, named.right
    if len(names) > 2:
        raise ValueError(f"columns {', '.join(names)[:60]}: which hold the ends of ties? name these source and target")
    return 0, 1


def _ids(column: Any, name: str) -> Any:
    """Return a column of whole numbers as int64, one of text (or numbers beyond it, or missing) as text.

    Raises
    ------
    ValueError
        It holds something else.
    """
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    column = column.cast(kind)
    if pa.types.is_integer(kind):
        whole = None if column.null_count else _as_int64(column)
        return stripped(column) if whole is None else whole
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return stripped(column)
    if pa.types.is_floating(kind) or pa.types.is_null(kind):  # whole numbers of which some are missing
        return as_text(["" if pd.isna(value) else str(value) for value in column.to_pylist()])
    raise ValueError(f"column {name} holds {kind}: ids are whole numbers or text, one tie a row")


def _as_int64(column: Any) -> Any:
    """Return whole numbers as one array of int64, None if one is beyond."""
    try:
        whole = column.cast(pa.int64())
    except pa.ArrowInvalid:
        return None
    return whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole
