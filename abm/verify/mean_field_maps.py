"""Maps x(t+1) = f(x(t)) of a share among N consumers: the orbit, and how far chance spreads runs around it."""

from collections.abc import Callable

import numpy as np

from abm.numerics.array_types import Floats

N_STANDARD_ERRORS = 5.0
Step = Callable[[float], float]


def orbit(step: Step, start: float, weeks: int) -> Floats:
    """Return x(0) = ``start`` .. x(weeks), float64[weeks + 1].

    Parameters
    ----------
    step : callable
        The weekly map of the share.
    start : float
        Share in week 0.
    weeks : int
        Length of the run.
    """
    values = np.empty(weeks + 1)
    values[0] = start
    for week in range(weeks):
        values[week + 1] = step(values[week])
    return values


def orbit_tolerance(step: Step, noise: Step, start: float, weeks: int, consumers: int) -> Floats:
    """Return five standard deviations of the share around its orbit, float64[weeks + 1], plus two consumers.

    A week adds ``noise(x)`` / N to the variance; the map stretches what is there by the square of its slope
    (van Kampen's expansion, first order). The two consumers are what the map itself neglects, of order 1 / N.

    Parameters
    ----------
    step : callable
        The weekly map of the share.
    noise : callable
        Variance that a week adds at share x, times the number of consumers.
    start : float
        Share in week 0.
    weeks : int
        Length of the run.
    consumers : int
        Size of the population.
    """
    allowed = np.zeros(weeks + 1)
    x, variance = start, 0.0
    for week in range(weeks):
        low, high = max(0.0, x - 1e-7), min(1.0, x + 1e-7)
        slope = (step(high) - step(low)) / (high - low)
        variance = slope * slope * variance + noise(x) / consumers
        x = step(x)
        allowed[week + 1] = N_STANDARD_ERRORS * np.sqrt(variance) + 2 / consumers
    return allowed
