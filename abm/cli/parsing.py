"""Option values and files of the analyses, read and checked."""

import csv
import io
from pathlib import Path

import pandas as pd

from abm.analysis.tipping.hysteresis import Ramp
from abm.analysis.tipping.phase_diagram import Axis
from abm.base.errors import InputError, Problem


def axis_of(key: str, text: str) -> Axis:
    """Return the axis that ``PATH:FIRST:LAST[:POINTS]`` stands for.

    Parameters
    ----------
    key : str
        Name of the option, for messages.
    text : str

    Raises
    ------
    InputError
    """
    path, first, last, *rest = _parts(key, text, "PATH:FIRST:LAST[:POINTS]", 4)
    return Axis(path, float(first), float(last), _whole(key, rest[0], 2) if rest else 9)


def ramp_of(text: str) -> Ramp:
    """Return the ramp that ``PATH:FIRST:LAST[:STEPS[:WEEKS]]`` stands for.

    Raises
    ------
    InputError
    """
    path, first, last, *rest = _parts("ramp", text, "PATH:FIRST:LAST[:STEPS[:WEEKS]]", 5)
    steps, weeks = (_whole("ramp", rest[i], 1) if len(rest) > i else default for i, default in enumerate((50, 52)))
    return Ramp(path, float(first), float(last), steps, weeks)


def _parts(key: str, text: str, form: str, most: int) -> list[str]:
    parts = text.split(":")
    try:
        fits = 3 <= len(parts) <= most and float(parts[1]) < float(parts[2])
    except ValueError:
        fits = False
    if not fits:
        raise InputError([Problem(key, text, f"must be {form}, the first number below the last")])
    return parts


def _whole(key: str, text: str, least: int) -> int:
    if not text.isdecimal() or not least <= int(text) <= 10_000:
        raise InputError([Problem(key, text, f"allowed: whole numbers {least} to 10,000")])
    return int(text)


def read_table(file: Path) -> pd.DataFrame:
    """Read a table from CSV or Parquet.

    Raises
    ------
    InputError
    """
    if not file.is_file():
        raise InputError([Problem("", None, "no such file", str(file))])
    try:
        return pd.read_parquet(file) if file.suffix == ".parquet" else _read_csv(file)
    except (ValueError, OSError, csv.Error) as error:
        raise InputError([Problem("", None, f"cannot be read as a table: {error}", str(file))]) from None


def _read_csv(file: Path) -> pd.DataFrame:
    """Read a table of which every row has a value for every column: pandas alone would move or invent values."""
    text = file.read_text(encoding="utf-8-sig")
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(rows, [])
    if twice := [name for position, name in enumerate(header) if name in header[:position]]:
        raise ValueError(f"column {twice[0]} is there twice")
    for row in rows:
        if row and len(row) != len(header):
            raise ValueError(f"line {rows.line_num}: {len(row)} values, but the header names {len(header)} columns")
    return pd.read_csv(io.StringIO(text), index_col=False)
