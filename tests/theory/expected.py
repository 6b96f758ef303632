"""Curves and thresholds that theory predicts, in closed form or by iterating a map; no simulation here."""

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binom, poisson


def iterate(step: Callable[[float], float], start: float, weeks: int) -> list[float]:
    """Return ``start`` and what ``weeks`` steps make of it."""
    values = [start]
    for _ in range(weeks):
        values.append(step(values[-1]))
    return values


def bass(p: float, q: float, weeks: int) -> list[float]:
    """Bass (1969) in discrete time: F' = F + (p + q F)(1 - F)."""
    return iterate(lambda f: f + (p + q * f) * (1 - f), 0.0, weeks)


def si(q: float, n: int, start: float, weeks: int) -> list[float]:
    """Susceptible-infected, everyone meeting everyone: i' = i + (1 - i)(1 - (1 - q)**(i n))."""
    return iterate(lambda i: i + (1 - i) * (1 - (1 - q) ** (i * n)), start, weeks)


def logistic(v: float) -> float:
    return 1 / (1 + math.exp(-v))


def brock_durlauf(j: float, b: float, start: float, weeks: int, rho: float = 1.0) -> list[float]:
    """Brock & Durlauf (2001), equation 13 as a dynamics: x' = (1 - rho) x + rho / (1 + exp(-(b + J x)))."""
    return iterate(lambda x: (1 - rho) * x + rho * logistic(b + j * x), start, weeks)


def fixed_points(j: float, b: float) -> list[float]:
    """All x = logistic(b + J x), ascending."""
    grid = np.linspace(0, 1, 2001)
    gap = [logistic(b + j * x) - x for x in grid]
    return [
        brentq(lambda x: logistic(b + j * x) - x, low, high) if f_low else low
        for (low, f_low), (high, f_high) in pairwise(zip(grid, gap, strict=True))
        if f_low * f_high < 0 or f_low == 0
    ]


def bifurcation_points(j: float) -> tuple[float, float]:
    """The b at which a stable state vanishes, lower and upper: there J x (1 - x) = 1."""
    root = math.sqrt(0.25 - 1 / j)
    low, high = sorted(math.log(x / (1 - x)) - j * x for x in (0.5 + root, 0.5 - root))
    return low, high


def bethe(k: int, j: float, b: float) -> float:
    """The high state on a random k-regular network, locally a tree: the Ising model on the Bethe lattice.

    Spins are 2 y - 1, the coupling is J / 4k, the field (b + J/2) / 2. All consumers deciding at once (rho = 1)
    have the same law: theirs is the Ising model on the network's bipartite double cover, which is k-regular too.
    Source: Baxter (1982), Exactly solved models in statistical mechanics, chapter 4.
    """
    coupling, field = j / (4 * k), (b + j / 2) / 2
    message = 5.0
    for _ in range(100_000):
        message = math.atanh(math.tanh(coupling) * math.tanh((k - 1) * message + field))
    return (1 + math.tanh(k * message + field)) / 2


def bethe_critical(k: int) -> float:
    return 4 * k * math.atanh(1 / (k - 1))


def adopts(count: int, degree: int, phi: float) -> bool:
    """Whether ``count`` of ``degree`` reach the threshold; equality does (a quantum of 2**-32 is let pass)."""
    return degree > 0 and count / degree >= phi - 2**-32


def cascade_window(phi: float) -> tuple[float, float]:
    """Mean degrees between which one seed can start a global cascade, Watts (2002), equation 5, Poisson degrees."""
    vulnerable = range(2, int(1 / phi + 1e-9) + 1)

    def excess(z: float) -> float:
        return float(sum(k * (k - 1) * poisson.pmf(k, z) for k in vulnerable) - z)

    top = max(np.linspace(0.5, 12, 400), key=excess)
    return brentq(excess, 0.2, top), brentq(excess, top, 40)


def gleeson_cahalane(z: float, phi: float, rho0: float, weeks: int) -> list[float]:
    """Share of adopters by week on a Poisson network, all deciding at once, exact on trees.

    Source: Gleeson & Cahalane (2007), Physical Review E 75, 056103, equations 1-3, with the share of active
    neighbours one level down in place of the final one.
    """
    degrees = np.arange(1, int(z + 12 * math.sqrt(z) + 20))
    p = poisson.pmf(degrees, z)
    needed = np.array([next(m for m in range(k + 1) if adopts(m, k, phi)) for k in degrees])
    q, shares = rho0, [rho0]
    for _ in range(weeks):
        reached, reached_below = (binom.sf(needed - 1, others, q) for others in (degrees, degrees - 1))
        shares.append(rho0 + (1 - rho0) * float(np.dot(p, reached)))
        q = rho0 + (1 - rho0) * float(np.dot(degrees * p / z, reached_below))
    return shares


def voter_weeks(n: int, x: float) -> float:
    """Mean weeks to consensus, everyone copying someone each week (Wright-Fisher diffusion; Kimura 1969)."""
    return -2 * n * (x * math.log(x) + (1 - x) * math.log(1 - x))


def spread_of_map(
    step: Callable[[float], float], drawn: Callable[[float], float], start: float, weeks: int, n: int
) -> list[float]:
    """Return the standard deviations by week of a share that follows ``step`` in the mean among ``n`` consumers.

    ``drawn(x)`` is the variance that one week adds, times n; what is there already is stretched by the map's slope.
    """
    x, variance, spreads = start, 0.0, [0.0]
    for _ in range(weeks):
        slope = (step(x + 1e-6) - step(x - 1e-6)) / 2e-6
        variance = slope**2 * variance + drawn(x) / n
        x = step(x)
        spreads.append(math.sqrt(variance))
    return spreads
