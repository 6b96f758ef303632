"""The weekly map of logistic choice with a norm: its noise, fixed points and bifurcation points."""

import math
from collections.abc import Callable
from itertools import pairwise

from abm.verify.mean_field_maps import N_STANDARD_ERRORS

_EDGE = 1e-15


def step(j: float, b: float, rho: float = 1.0) -> Callable[[float], float]:
    """Return the weekly map.

    Parameters
    ----------
    j : float
        Norm.
    b : float
        Private utility.
    rho : float
        Occasion rate.
    """
    return lambda x: (1 - rho) * x + rho / (1 + math.exp(-(b + j * x)))


def noise(j: float, b: float, rho: float = 1.0) -> Callable[[float], float]:
    """Return the variance that a week adds, times N: who is on an occasion chooses anew.

    Parameters
    ----------
    j : float
        Norm.
    b : float
        Private utility.
    rho : float
        Occasion rate.
    """

    def added(x: float) -> float:
        p = 1 / (1 + math.exp(-(b + j * x)))
        leaves, joins = rho * (1 - p), rho * p
        return x * leaves * (1 - leaves) + (1 - x) * joins * (1 - joins)

    return added


def field_of(x: float, j: float) -> float:
    """Return the b for which x is a fixed point.

    Parameters
    ----------
    x : float
        Share in mode super.
    j : float
        Norm.
    """
    return math.log(x / (1 - x)) - j * x


def bifurcation_points(j: float) -> tuple[float, float]:
    """Return the b between which two states are stable, lower and upper; NaN for J <= 4."""
    if j <= 4:
        return math.nan, math.nan
    offset = math.sqrt(1 / 4 - 1 / j)
    return field_of(0.5 + offset, j), field_of(0.5 - offset, j)


def fixed_points(j: float, b: float) -> list[float]:
    """Return all fixed points, ascending: one per piece on which ``field_of`` is monotonic, if it passes b there.

    Parameters
    ----------
    j : float
        Norm.
    b : float
        Private utility.
    """
    offset = math.sqrt(1 / 4 - 1 / j) if j > 4 else 0.0
    borders = [_EDGE, 0.5 - offset, 0.5 + offset, 1 - _EDGE] if j > 4 else [_EDGE, 1 - _EDGE]
    found = []
    for low, high in pairwise(borders):
        if (field_of(low, j) - b) * (field_of(high, j) - b) <= 0:
            found.append(_bisect(lambda x: field_of(x, j) - b, low, high))
    return found


def _bisect(function: Callable[[float], float], low: float, high: float) -> float:
    rising = function(high) > function(low)
    for _ in range(200):
        middle = (low + high) / 2
        if (function(middle) > 0) == rising:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def long_run_tolerance(x: float, j: float, weeks: int, consumers: int) -> float:
    """Return by how much the mean over many weeks may differ from a stable state x (rho = 1).

    Around it the share is an autoregression of slope J x (1 - x) and noise x (1 - x) / N.

    Parameters
    ----------
    x : float
        Share in mode super.
    j : float
        Norm.
    weeks : int
        Number of weeks in the mean.
    consumers : int
        Size of the population.
    """
    response = x * (1 - x) / (1 - j * x * (1 - x))  # dx / db
    return N_STANDARD_ERRORS * response / math.sqrt(x * (1 - x) * consumers * weeks) + 2 / consumers
