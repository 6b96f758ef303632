"""Differences between runs under the same random numbers, and how far to trust them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from abm.analysis.effects.summary import half_width, interval

Floats = npt.NDArray[np.float64]


class Effect(NamedTuple):
    """A mean over replicates with its 95 % interval, and its standard errors.

    ``se_independent`` is what the standard error would be if the two scenarios had random numbers of their own.
    With one replicate everything but ``value`` is NaN.
    """

    value: float
    low: float
    high: float
    se: float
    se_independent: float
    n: int

    @property
    def certain(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0


NOTHING = Effect(np.nan, np.nan, np.nan, np.nan, np.nan, 0)


def difference(changed: Floats, usual: Floats) -> Effect:
    """Return the paired difference of two outcomes, float64[replicates] each."""
    gained = changed - usual
    n = len(gained)
    if n < 2:
        return Effect(float(gained.mean()), np.nan, np.nan, np.nan, np.nan, n)
    apart = np.sqrt((changed.var(ddof=1) + usual.var(ddof=1)) / n)
    return Effect(*interval(gained.tolist()), float(gained.std(ddof=1) / np.sqrt(n)), float(apart), n)


def ratio(part: Floats, whole: Floats) -> Effect:
    """Return the ratio of two means over replicates, with its interval by linearisation (Cochran 1977, 6.4).

    A whole that cannot be told from zero has no ratio: NaN.
    """
    if not difference(whole, np.zeros_like(whole)).certain:
        return NOTHING
    n, mean = len(whole), whole.mean()
    value = float(part.mean() / mean)
    se = float((part - value * whole).std(ddof=1) / (np.sqrt(n) * abs(mean)))
    half = half_width(n) * se
    return Effect(value, value - half, value + half, se, np.nan, n)
