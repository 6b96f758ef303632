"""Numbers as text: percentages, points, dollars, dates, lists, intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date

from abm.analysis.effects.estimate import Estimate

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_THIN = "\u00a0"  # number and unit stay on one line
_SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "thousand"))


def number(value: float, decimals: int) -> str:
    """Return a number with a proper minus sign, and none on a rounded zero.

    Parameters
    ----------
    value : float
        The number.
    decimals : int
        Digits after the point.

    Returns
    -------
    str
    """
    text = f"{value:,.{decimals}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text.replace("-", "\u2212")


def percent(share: float) -> str:
    """Return a share as a percentage, finer below 1 %."""
    return number(100 * share, _decimals(100 * share)) + f"{_THIN}%"


def points(difference: float) -> str:
    """Return a difference of shares in percentage points, with its sign."""
    value = 100 * difference
    text = number(value, _decimals(value))
    return ("+" if value > 0 and text.strip("0.") else "") + text


def dollars(value: float) -> str:
    """Return an amount such as ``US$ 12.3 bn``."""
    for scale, word in _SCALES:
        if abs(value) >= scale:
            scaled = value / scale
            return f"US${_THIN}{number(scaled, 0 if abs(scaled) >= 100 else 1)}{_THIN}{word}"
    return f"US${_THIN}{number(value, 0)}"


def signed_dollars(value: float) -> str:
    """Return a difference of amounts, with its sign in front."""
    sign = "\u2212" if value < 0 else "+" if value > 0 else ""
    return sign + dollars(abs(value))


def format_date(moment: date) -> str:
    """Return a date such as ``7 Jul 2025``, the same in every locale."""
    return f"{moment.day}{_THIN}{MONTHS[moment.month - 1]}{_THIN}{moment.year}"


def scenario_label(name: str) -> str:
    """Return the name of a scenario as words."""
    return name.replace("_", " ")


def quoted(name: str) -> str:
    """Return the name of a scenario as it stands in a sentence."""
    return f"\u201c{scenario_label(name)}\u201d"


def join_words(items: Sequence[str]) -> str:
    """Return items as ``a, b and c``."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]


def capitalized(text: str) -> str:
    """Return text with a capital first letter."""
    return text[:1].upper() + text[1:]


def format_interval(estimate: Estimate, form: Callable[[float], str], floor: float = -math.inf) -> str:
    """Return ``low to high`` of the 95 % interval, cut at ``floor``; empty for one replicate.

    Parameters
    ----------
    estimate : Estimate
        What is shown.
    form : callable
        From a number to text.
    floor : float
        Least value shown.

    Returns
    -------
    str
    """
    if math.isnan(estimate.low):
        return ""
    return f"{form(max(estimate.low, floor))} to {form(max(estimate.high, floor))}"


def format_change(estimate: Estimate, form: Callable[[float], str]) -> str:
    """Return a paired difference with its interval; says so if it is zero in every replicate.

    Parameters
    ----------
    estimate : Estimate
        What is shown.
    form : callable
        From a number to text.

    Returns
    -------
    str
    """
    if estimate.always_zero:
        return "exactly 0"
    around = format_interval(estimate, form)
    return form(estimate.value) + (f" ({around})" if around else "")


def _decimals(value: float) -> int:
    size = abs(value)
    return 0 if size == 0 or size == 100 else 1 if size >= 10 else 2 if size >= 0.1 else 3 if size >= 0.01 else 4
