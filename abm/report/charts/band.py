"""A curve over weeks with the spread of its replicates around it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from abm.numerics.array_types import Floats

MANY = 40  # replicates from which 2.5 and 97.5 % quantiles lie inside the range of the sample


class Band(NamedTuple):
    """A curve over weeks with what lies around it; ``low`` and ``high`` equal ``middle`` for one replicate."""

    middle: Floats
    low: Floats
    high: Floats
    n: int

    def scaled(self, factor: float) -> Band:
        """Return the band in another unit."""
        return Band(self.middle * factor, self.low * factor, self.high * factor, self.n)

    def line_alone(self) -> Band:
        """Return the band without its width: drawn on each other, bands would hide the lines."""
        return Band(self.middle, self.middle, self.middle, 1)


def band(paths: Floats) -> Band:
    """Return mean and spread of paths, float64[replicates, weeks]: the range, or 95 % of it for many replicates."""
    n = len(paths)
    edges = np.quantile(paths, [0.025, 0.975], axis=0) if n >= MANY else (paths.min(0), paths.max(0))
    return Band(paths.mean(0), edges[0], edges[1], n)


def describe_band(n: int) -> str:
    """Return what the band of ``n`` replicates is, as a sentence."""
    if n == 1:
        return "One replicate, so there is no band."
    if n >= MANY:
        return f"Line: mean of {n} replicates; band: the middle 95 % of them."
    return f"Line: mean of {n} replicates; band: from the lowest to the highest of them."
