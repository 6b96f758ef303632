"""Values as users hand them over, made what a config file would hold: Python's own numbers, texts, dates and tables."""

import os
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator

from abm.base.errors import InputError, Problem


def plain_value(value: Any) -> Any:
    """Return a number of NumPy as Python's, an array or range as a list, a path as text, midnight as its date.

    Whatever is none of these, and holds none, is returned as it is.
    """
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[us]").item()
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, datetime):  # those of pandas, too
        return value.date() if value.time() == time() else value
    if isinstance(value, Mapping):
        return {plain_value(key): plain_value(part) for key, part in value.items()}
    if isinstance(value, list | range):
        return [plain_value(part) for part in value]
    if type(value) is tuple:
        return tuple(plain_value(part) for part in value)
    return os.fspath(value) if isinstance(value, os.PathLike) else value


def read_date(value: Any) -> Any:
    """Return the date that a text such as ``2023-09-11`` or a plain value stands for; anything else as it is."""
    value = plain_value(value)
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError:  # the 30th of February
            return value
    return value


Date = Annotated[date, BeforeValidator(read_date)]  # of parameters and of keys of a config


def date_argument(key: str, value: Any) -> date:
    """Return a date that was given as an argument.

    Parameters
    ----------
    key : str
        Name of the argument.
    value : date, datetime, or str such as ``2023-09-11``

    Raises
    ------
    InputError
        It is none.
    """
    found = read_date(value)
    if not isinstance(found, date) or isinstance(found, datetime):
        raise InputError([Problem(key, value, "must be a date such as 2023-09-11")])
    return found


def whole_argument(key: str, value: Any, low: int, high: int) -> int:
    """Return a whole number that was given as an argument.

    Parameters
    ----------
    key : str
        Name of the argument.
    value : int
    low, high : int
        Least and greatest that is allowed.

    Raises
    ------
    InputError
        It is none, or out of range.
    """
    found = plain_value(value)
    if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
        raise InputError([Problem(key, value, f"allowed: whole numbers {low} to {high:,}")])
    return found
