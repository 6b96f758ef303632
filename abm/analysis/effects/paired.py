"""Differences between runs under the same random numbers, and ratios of means."""

import numpy as np

from abm.analysis.effects.estimate import UNKNOWN, Estimate, estimate, half_width
from abm.numerics.array_types import Floats


def paired_difference(changed: Floats, baseline: Floats) -> Estimate:
    """Return the mean difference of two outcomes, paired by replicate.

    Parameters
    ----------
    changed, baseline : float64[replicates]
        The outcome with and without the change, replicate by replicate.

    Returns
    -------
    Estimate
        With ``se_independent``: what its standard error would be without common random numbers.
    """
    found = estimate(changed - baseline)
    if found.n < 2:
        return found
    independent = np.sqrt((changed.var(ddof=1) + baseline.var(ddof=1)) / found.n)
    return found._replace(se_independent=float(independent))


def ratio_of_means(part: Floats, whole: Floats) -> Estimate:
    """Return the ratio of two means over replicates, with its interval by linearisation (Cochran 1977, 6.4).

    Parameters
    ----------
    part, whole : float64[replicates]
        Numerator and denominator, replicate by replicate.

    Returns
    -------
    Estimate
        ``UNKNOWN`` if the whole cannot be distinguished from zero.
    """
    if not estimate(whole).certain:
        return UNKNOWN
    n, mean = len(whole), whole.mean()
    value = float(part.mean() / mean)
    se = float((part - value * whole).std(ddof=1) / (np.sqrt(n) * abs(mean)))
    half = half_width(n) * se
    return Estimate(value, value - half, value + half, se, n=n)
