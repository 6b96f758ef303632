"""Amounts with their 95 % interval as text: the unit once, the range in brackets, as fine as the range is wide."""

from __future__ import annotations

import math
from typing import NamedTuple

from abm.report.experiment.effects_frame import Outcome
from abm.report.experiment.statistics import Estimate
from abm.report.text.number_format import number

Spread = Outcome | Estimate
_SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "thousand"))


class _Range(NamedTuple):
    """A value with its interval, both turned around where only the size of a loss is to be told."""

    value: float
    low: float
    high: float

    def scaled(self, factor: float) -> _Range:
        return _Range(self.value * factor, self.low * factor, self.high * factor)

    def text(self, unit: str, decimals: int, ending: str = "") -> str:
        """Return ``unit value ending (low to high)``; no range where it is empty or unknown."""
        sign = "\u2212" if self.value < 0 else ""
        text = f"{sign}{unit}{number(abs(self.value), decimals)}{ending}"
        if math.isnan(self.low) or self.low == self.high:
            return text
        return f"{text} ({number(self.low, decimals)} to {number(self.high, decimals)})"


def money(found: Spread, *, signed: bool = False) -> str:
    """Return ``US$ 645 m (611 to 679)``; without ``signed``, the size of a loss as if it were a gain."""
    return _in_words(_range(found, signed), "US$\u00a0", least=0.0)


def people(found: Spread, *, signed: bool = False) -> str:
    """Return ``965 thousand (926 to 1,003)``; up to ten thousand as they are."""
    return _in_words(_range(found, signed), "", least=1e4)


def price(found: Spread) -> str:
    """Return an amount of a few dollars with cents, such as ``US$ 0.18 (0.17 to 0.19)``."""
    shown = _range(found, signed=False)
    return shown.text("US$\u00a0", 3 if shown.value < 0.1 else 2 if shown.value < 100 else 0)


def share(found: Spread) -> str:
    """Return ``3.2 % (2.6 to 3.7)``."""
    shown = _range(found, signed=True).scaled(100.0)
    return shown.text("", 0 if shown.value >= 100 else 1, "\u00a0%")


def _in_words(shown: _Range, unit: str, least: float) -> str:
    size = abs(shown.value)
    scale, word = next(((s, w) for s, w in _SCALES if size >= max(s, least)), (1.0, ""))
    scaled = shown.scaled(1 / scale)
    if scale == 1.0:
        return scaled.text(unit, 0)
    narrow = 0 < scaled.high - scaled.low < 0.5 and abs(scaled.value) < 100
    return scaled.text(unit, 2 if narrow else 0 if abs(scaled.value) >= 100 else 1, f"\u00a0{word}")


def _range(found: Spread, signed: bool) -> _Range:
    value = float(found.value if isinstance(found, Outcome) else found.mean)
    turned = -1.0 if value < 0 and not signed else 1.0
    low, high = sorted((turned * found.low, turned * found.high))
    return _Range(turned * value, low, high)
