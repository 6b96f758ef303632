"""The files that an analysis leaves in a results folder: its facts and its tables."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from abm.base.errors import ResultsError


def read_analysis(
    folder: Path, name: str, tables: Sequence[str], what: str
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """Return facts and tables of analysis ``name``; a table that was not asked for is empty.

    Parameters
    ----------
    folder : Path
        The results folder.
    name : str
        Name of the analysis, its folder and its facts.
    tables : sequence of str
        Tables by name.
    what : str
        What the message of an error calls it.

    Returns
    -------
    tuple[dict[str, Any], dict[str, pandas.DataFrame]]

    Raises
    ------
    ResultsError
        There is no such analysis, called ``what`` in the message, or it is unreadable.
    """
    own = Path(folder) / name
    try:
        facts = json.loads((own / f"{name}.json").read_text(encoding="utf-8"))
        files = {table: own / f"{table}.parquet" for table in tables}
        read = {table: pd.read_parquet(file) if file.is_file() else pd.DataFrame() for table, file in files.items()}
    except (OSError, ValueError) as error:
        raise ResultsError(f"{own}: no {what} that can be read here ({error})") from None
    return facts, read
