"""Values as they stand in a configuration or manifest, of which every key is optional."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd


def moment(value: Any, start: date) -> date | None:
    """Return the date that a week number, date or ISO text stands for, or None.

    Parameters
    ----------
    value : Any
        As found in a configuration.
    start : date
        Date of week 0.

    Returns
    -------
    date or None
    """
    if isinstance(value, pd.Timestamp):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value)
    try:
        return start + timedelta(weeks=int(text)) if text.isdecimal() else date.fromisoformat(text[:10])
    except (ValueError, OverflowError):  # no date, or one that the calendar does not have
        return None


def table_of(tables: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return the table under a key, empty if there is none.

    Parameters
    ----------
    tables : mapping
        Tables by name.
    key : str
        Its name.

    Returns
    -------
    Mapping[str, Any]
    """
    value = tables.get(key)
    return value if isinstance(value, Mapping) else {}
