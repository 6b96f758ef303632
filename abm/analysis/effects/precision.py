"""When replicates are enough: the interval of the named outcome is as narrow as wanted.

Source: sequential fixed-width intervals, Chow & Robbins (1965), Annals of Mathematical Statistics 36(2).
"""

import math

import pandas as pd

from abm.experiment.stopping import StoppingRule

_MOST_GROWTH = 4  # times: an early estimate of the spread may be far off


def widest(summary: pd.DataFrame, precision: StoppingRule) -> float:
    """Return the half-width of the widest 95 % interval there is, divided by what is wanted (1: just enough).

    Parameters
    ----------
    summary : pandas.DataFrame
        A row per scenario, sweep point and market.
    precision : StoppingRule
        What is wanted.

    Returns
    -------
    float
    """
    rows = summary
    for column, name in (("scenario", precision.scenario), ("market", precision.market)):
        rows = rows if name is None else rows[rows[column] == name]
    half = rows[f"{precision.outcome}_high"] - rows[precision.outcome]
    wanted = precision.half_width if precision.half_width is not None else rows[precision.outcome].abs()
    if precision.relative is not None:
        wanted = wanted * precision.relative
    ratio = half / wanted
    return float(ratio.where(half > 0, 0.0).max())


def replicates_needed(summary: pd.DataFrame, precision: StoppingRule, n: int) -> int | None:
    """Return how many replicates to try next, None if the ``n`` there are suffice or no more are allowed.

    Parameters
    ----------
    summary : pandas.DataFrame
        A row per scenario, sweep point and market.
    precision : StoppingRule
        What is wanted.
    n : int
        Replicates so far.

    Returns
    -------
    int or None
    """
    ratio = widest(summary, precision)
    if ratio <= 1 or n >= precision.most:
        return None
    estimate = precision.most if math.isinf(ratio) else math.ceil(n * min(ratio, 1e3) ** 2)
    return min(max(estimate, n + 1), _MOST_GROWTH * n, precision.most)
