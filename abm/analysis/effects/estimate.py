"""A mean over replicates with its 95 % confidence interval: the one type for it in the package."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

CONFIDENCE = 0.95


class Estimate(NamedTuple):
    """A mean over replicates with its 95 % confidence interval.

    Attributes
    ----------
    value : float
        The mean; NaN if it is unknown.
    low, high : float
        Ends of the interval (Student's t); NaN for a single replicate.
    se : float
        Standard error of the mean; NaN for a single replicate.
    se_independent : float
        For a paired difference, the standard error if both sides had random numbers of their own; otherwise NaN.
    n : int
        Number of replicates.
    """

    value: float
    low: float = np.nan
    high: float = np.nan
    se: float = np.nan
    se_independent: float = np.nan
    n: int = 1

    @property
    def known(self) -> bool:
        """Whether there is a value at all."""
        return not np.isnan(self.value)

    @property
    def certain(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0

    @property
    def always_zero(self) -> bool:
        """Whether the value is exactly zero in every replicate."""
        return self.value == 0 and (self.n == 1 or self.low == self.high == 0)

    def scaled(self, factor: float) -> "Estimate":
        """Return the estimate in another unit."""
        value, low, high, se, se_independent, n = self
        return Estimate(value * factor, low * factor, high * factor, se * factor, se_independent * factor, n)


UNKNOWN = Estimate(np.nan, n=0)


def estimate(values: npt.NDArray[np.float64] | Sequence[float]) -> Estimate:
    """Return the mean of values, one per replicate, with the 95 % interval of Student's t."""
    data = np.asarray(values, np.float64)
    n = len(data)
    mean = float(data.mean())
    if n < 2:
        return Estimate(mean, n=n)
    deviation, root = data.std(ddof=1), np.sqrt(n)
    half = float(half_width(n) * deviation / root)
    return Estimate(mean, mean - half, mean + half, float(deviation / root), n=n)


def half_width(n: int) -> float:
    """Return half of the interval of a mean over ``n`` >= 2 replicates, in standard errors (Student's t)."""
    from scipy.special import stdtrit  # here: slow to import, not needed for one replicate

    return float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2))
