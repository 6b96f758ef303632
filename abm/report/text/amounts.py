"""Amounts with their 95 % interval as text: the unit once, the range in brackets, as fine as the range is wide."""

from __future__ import annotations

import math

from abm.analysis.effects.estimate import Estimate
from abm.report.text.number_format import number

_SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "thousand"))


def money(found: Estimate, *, signed: bool = False) -> str:
    """Return ``US$ 645 m (611 to 679)``; without ``signed``, the size of a loss as if it were a gain.

    Parameters
    ----------
    found : Estimate
        What is shown.
    signed : bool
        Keep the sign.

    Returns
    -------
    str
    """
    return _scaled_text(_oriented(found, signed), "US$\u00a0", least=0.0)


def people(found: Estimate, *, signed: bool = False) -> str:
    """Return ``965 thousand (926 to 1,003)``; up to ten thousand as they are.

    Parameters
    ----------
    found : Estimate
        What is shown.
    signed : bool
        Keep the sign.

    Returns
    -------
    str
    """
    return _scaled_text(_oriented(found, signed), "", least=1e4)


def price(found: Estimate) -> str:
    """Return an amount of a few dollars with cents, such as ``US$ 0.18 (0.17 to 0.19)``."""
    shown = _oriented(found, signed=False)
    return _text(shown, "US$\u00a0", 3 if shown.value < 0.1 else 2 if shown.value < 100 else 0)


def share(found: Estimate) -> str:
    """Return ``3.2 % (2.6 to 3.7)``."""
    shown = _oriented(found, signed=True).scaled(100.0)
    return _text(shown, "", 0 if shown.value >= 100 else 1, "\u00a0%")


def _scaled_text(shown: Estimate, unit: str, least: float) -> str:
    size = abs(shown.value)
    scale, word = next(((s, w) for s, w in _SCALES if size >= max(s, least)), (1.0, ""))
    scaled = shown.scaled(1 / scale)
    if scale == 1.0:
        return _text(scaled, unit, 0)
    narrow = 0 < scaled.high - scaled.low < 0.5 and abs(scaled.value) < 100
    return _text(scaled, unit, 2 if narrow else 0 if abs(scaled.value) >= 100 else 1, f"\u00a0{word}")


def _oriented(found: Estimate, signed: bool) -> Estimate:
    """Return the estimate, turned around if only the size of a loss is stated."""
    turned = -1.0 if found.value < 0 and not signed else 1.0
    low, high = sorted((turned * found.low, turned * found.high))
    return Estimate(turned * found.value, low, high, n=found.n)


def _text(shown: Estimate, unit: str, decimals: int, ending: str = "") -> str:
    """Return ``unit value ending (low to high)``; no range where it is empty or unknown."""
    sign = "\u2212" if shown.value < 0 else ""
    text = f"{sign}{unit}{number(abs(shown.value), decimals)}{ending}"
    if math.isnan(shown.low) or shown.low == shown.high:
        return text
    return f"{text} ({number(shown.low, decimals)} to {number(shown.high, decimals)})"
