"""How results show themselves in a Python session: a line or two of text, a small table in a notebook."""

from collections.abc import Iterable
from html import escape
from typing import Final

import pandas as pd

_MOST: Final = 6  # entries; the others are counted


def few(entries: Iterable[str]) -> str:
    """Return the first entries of a list as text, and how many more there are."""
    listed = list(entries)
    more = len(listed) - _MOST
    return "; ".join(listed[:_MOST]) + (f"; and {more:,} more" if more > 0 else "")


def html(heading: str, table: pd.DataFrame) -> str:
    """Return a heading and a small table for a notebook.

    Parameters
    ----------
    heading : str
    table : DataFrame
        Its first rows are shown.
    """
    more = len(table) - 2 * _MOST
    note = f"<p>and {more:,} more rows</p>" if more > 0 else ""
    rows = table.head(2 * _MOST).to_html(index=False, border=0, float_format=lambda value: f"{value:,.4g}")
    return f"<p>{escape(heading)}</p>{rows}{note}"
