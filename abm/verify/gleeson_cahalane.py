"""Check 6, Gleeson-Cahalane: threshold cascades from a share of seeds, week by week, on a Poisson network.

Theory, on a tree and with all deciding at once: q(t+1) = rho0 + (1 - rho0) sum_k k p_k / z P(Bin(k-1, q(t)) >= phi k)
is the chance that a neighbour has adopted before oneself, and rho0 + (1 - rho0) sum_k p_k P(Bin(k, q(t)) >= phi k) the
share a week later.

Source: Gleeson & Cahalane (2007), "Seed size strongly affects cascades on random networks", Phys. Rev. E 75, 056103.
"""

import math
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from abm import Market, simulate
from abm.numerics.array_types import Floats
from abm.verify.check import Check, CheckSettings, Plot, Series, follows, near
from abm.verify.mean_field_maps import N_STANDARD_ERRORS


def market(z: float, phi: float, rho0: float, consumers: int) -> Market:
    """Return the market of thresholds with an exact share of seeds.

    Parameters
    ----------
    z : float
        Mean degree.
    phi : float
        Threshold.
    rho0 : float
        Share of seeds.
    consumers : int
        Size of the population.
    """
    return Market(
        consumers=consumers,
        initial_adoption=rho0,
        network={"family": "random", "degree": z},
        norm={"strength": 1.0},
        preference={"mean": -phi},
        choice={"noise": "none", "reversible": False},
    )


def needed(degree: int, phi: Fraction) -> int:
    """Return the least number of neighbours whose share reaches phi (equality does).

    Parameters
    ----------
    degree : int
    phi : Fraction
        Threshold.
    """
    return math.ceil(phi * degree)


class _Binomials(NamedTuple):
    """Coefficients C(n, m) of the terms that reach the threshold, by degree: those of n = k and of n = k - 1."""

    weight: Floats  # p_k
    excess: Floats  # k p_k / z
    own: Floats
    cavity: Floats


def _binomials(z: float, phi: float) -> _Binomials:
    largest = int(z + 10 * math.sqrt(z) + 15)
    exact = Fraction(phi).limit_denominator(10**6)
    own, cavity = np.zeros((2, largest + 1, largest + 1))
    weight = np.array([math.exp(-z + k * math.log(z) - math.lgamma(k + 1)) for k in range(largest + 1)])
    for k in range(1, largest + 1):
        for m in range(needed(k, exact), k + 1):
            own[k, m], cavity[k, m] = math.comb(k, m), math.comb(k - 1, m)
    return _Binomials(weight, weight * np.arange(largest + 1) / z, own, cavity)


def _reach(coefficients: Floats, n: Floats, q: float) -> Floats:
    """Return P(Bin(n, q) reaches the threshold) by degree."""
    m = np.arange(coefficients.shape[1])
    left = np.maximum(n[:, None] - m, 0)
    terms = coefficients * q**m * (1 - q) ** left
    sums: Floats = terms.sum(axis=1)
    return sums


def shares(z: float, phi: float, rho0: float, weeks: int) -> Floats:
    """Return the share of adopters by week, float64[weeks + 1].

    Parameters
    ----------
    z : float
        Mean degree.
    phi : float
        Threshold.
    rho0 : float
        Share of seeds.
    weeks : int
        Length of the run.
    """
    table = _binomials(z, phi)
    degrees = np.arange(table.weight.size, dtype=np.float64)
    values, q = np.empty(weeks + 1), rho0
    values[0] = rho0
    for week in range(weeks):
        values[week + 1] = rho0 + (1 - rho0) * float(table.weight @ _reach(table.own, degrees, q))
        q = rho0 + (1 - rho0) * float(table.excess @ _reach(table.cavity, degrees - 1, q))
    return values


def tolerance(z: float, phi: float, rho0: float, weeks: int, consumers: int) -> Floats:
    """Return by how much the mean of runs with ``consumers`` in all may differ, float64[weeks + 1].

    Five times the sum of two standard deviations: that of a share, half as much again for the network's own chance, and
    what chance among the first to follow the seeds comes to, as if their number varied (.8 of it, as measured).

    Parameters
    ----------
    z : float
        Mean degree.
    phi : float
        Threshold.
    rho0 : float
        Share of seeds.
    weeks : int
        Length of the run.
    consumers : int
        Size of the population.
    """
    curve = shares(z, phi, rho0, weeks)
    sensitivity = (shares(z, phi, rho0 * 1.001, weeks) - shares(z, phi, rho0 * 0.999, weeks)) / (0.002 * rho0)
    spread = 1.5 * np.sqrt(curve * (1 - curve)) + 0.8 * np.abs(sensitivity) * math.sqrt(rho0 * (1 - rho0))
    allowed: Floats = N_STANDARD_ERRORS * spread / math.sqrt(consumers) + 2 / consumers
    allowed[0] = 0.5 / consumers + 1e-12  # an exact count
    return allowed


def simulated(z: float, phi: float, rho0: float, weeks: int, settings: CheckSettings) -> Floats:
    """Return adoption by week, the mean over the runs of the settings.

    Parameters
    ----------
    z : float
        Mean degree.
    phi : float
        Threshold.
    rho0 : float
        Share of seeds.
    weeks : int
        Length of the run.
    settings : CheckSettings
    """
    weekly = [
        simulate(market(z, phi, rho0, settings.consumers), weeks=weeks, seed=seed).table["adoption"].to_numpy()
        for seed in settings.seeds
    ]
    mean: Floats = np.mean(weekly, axis=0)
    return mean


def check(settings: CheckSettings) -> Check:
    """Compare z = 4 week by week, ends for other z, and two other thresholds."""
    phi, rho0 = 0.18, 0.01
    many = settings.consumers * settings.runs
    comparisons, series = [], []
    for group, z in enumerate((4.0, 1.5, 3.0, 5.0)):
        weeks = 60 if z < 2 else 30
        theory, allowed = shares(z, phi, rho0, weeks), tolerance(z, phi, rho0, weeks, many)
        run = simulated(z, phi, rho0, weeks, settings)
        name = f"z = {z:g}, phi = {phi}, rho0 = {rho0}"
        if z == 4:
            comparisons += [near(f"{name}: week {t}", theory[t], run[t], allowed[t]) for t in range(9)]
        comparisons.append(near(f"{name}: end", theory[-1], run[-1], allowed[-1]))
        series += _series(f"z = {z:g}", theory[:25], run[:25], group)
    for z, phi, rho0 in ((6.0, 0.25, 0.08), (3.0, 0.4, 0.2)):
        theory = shares(z, phi, rho0, 30)
        run = simulated(z, phi, rho0, 30, settings)
        allowed = tolerance(z, phi, rho0, 30, many)
        comparisons.append(follows(f"z = {z:g}, phi = {phi}, rho0 = {rho0}", theory, run, allowed))
    plot = Plot("Cascades from 1 % seeds, phi = .18", "week", "share of consumers in the super-app", series)
    statement = "q' = rho0 + (1 - rho0) sum k p_k / z P(Bin(k - 1, q) >= phi k)"
    return Check(6, "Gleeson-Cahalane cascades", "Gleeson & Cahalane (2007)", statement, comparisons, [plot])


def _series(label: str, theory: Floats, got: Floats, group: int) -> list[Series]:
    weeks = np.arange(theory.size)
    return [Series(label, weeks, theory, "theory", group), Series("", weeks, got, "simulated", group)]
