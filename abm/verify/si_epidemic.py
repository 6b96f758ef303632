"""Check 2, SI: each contact infects independently, everyone meets everyone.

Theory: i' = i + (1 - i)(1 - (1 - q)^(i N)); with q = beta / N the last power tends to exp(-beta i).

Source: Allen (1994), "Some discrete-time SI, SIR, and SIS epidemic models", Mathematical Biosciences 124(1).
"""

import math

import numpy as np

from abm import Market, simulate
from abm.numerics.array_types import Floats
from abm.verify.check import Check, CheckSettings, Plot, Series, follows, near
from abm.verify.mean_field_maps import orbit, orbit_tolerance


def market(beta: float, start: float, consumers: int) -> Market:
    """Return the market that is an SI model.

    Parameters
    ----------
    beta : float
        Contacts times chance of infection: q = beta / N.
    start : float
        Share infected in week 0.
    consumers : int
        Size of the population.
    """
    return Market(
        consumers=consumers,
        initial_adoption=start,
        awareness={"word_of_mouth": beta / consumers, "initial": 0.0, "form": "independent"},
        choice={"noise": "none", "reversible": False},
        preference={"mean": 100.0},
    )


def _escape(beta: float, consumers: int, i: float) -> float:
    return math.exp(i * consumers * math.log1p(-beta / consumers))


def curve(beta: float, start: float, weeks: int, consumers: int) -> Floats:
    """Return the infected share by week that theory predicts, float64[weeks + 1].

    Parameters
    ----------
    beta : float
        Contacts times chance of infection: q = beta / N.
    start : float
        Share infected in week 0.
    weeks : int
        Length of the run.
    consumers : int
        Size of the population.
    """
    return orbit(lambda i: i + (1 - i) * (1 - _escape(beta, consumers, i)), start, weeks)


def tolerance(beta: float, start: float, weeks: int, consumers: int) -> Floats:
    """Return by how much a run may differ from the curve, float64[weeks + 1].

    Parameters
    ----------
    beta : float
        Contacts times chance of infection: q = beta / N.
    start : float
        Share infected in week 0.
    weeks : int
        Length of the run.
    consumers : int
        Size of the population.
    """

    def escape(i: float) -> float:
        return _escape(beta, consumers, i)

    return orbit_tolerance(
        lambda i: i + (1 - i) * (1 - escape(i)),
        lambda i: (1 - i) * escape(i) * (1 - escape(i)),
        start,
        weeks,
        consumers,
    )


def simulated(beta: float, start: float, weeks: int, consumers: int, seed: int) -> Floats:
    """Return the infected share by week of one run.

    Parameters
    ----------
    beta : float
        Contacts times chance of infection: q = beta / N.
    start : float
        Share infected in week 0.
    weeks : int
        Length of the run.
    consumers : int
        Size of the population.
    seed : int
    """
    return simulate(market(beta, start, consumers), weeks=weeks, seed=seed).table["adoption"].to_numpy()


def check(settings: CheckSettings) -> Check:
    """Compare beta = .5 from 1 % in detail, and two other rates as whole curves."""
    comparisons, series = [], []
    for group, (beta, start, weeks) in enumerate(((0.5, 0.01, 20), (0.2, 0.05, 30), (1.5, 0.002, 12))):
        theory = curve(beta, start, weeks, settings.consumers)
        allowed = tolerance(beta, start, weeks, settings.consumers)
        name = f"q = {beta}/N, i(0) = {start}"
        for seed in settings.seeds if group == 0 else [settings.seed]:
            got = simulated(beta, start, weeks, settings.consumers, seed)
            if group == 0 and seed == settings.seed:
                comparisons += [near(f"{name}: i({t})", theory[t], got[t], allowed[t]) for t in (5, 10, 15, 20)]
            comparisons.append(follows(f"{name}, seed {seed}", theory, got, allowed))
        axis = np.arange(weeks + 1)
        series += [Series(f"q = {beta}/N", axis, theory, "theory", group), Series("", axis, got, "simulated", group)]
    plot = Plot("Susceptible-infected", "week", "share of consumers in the super-app", series)
    return Check(2, "SI epidemic", "Allen (1994)", "i' = i + (1 - i)(1 - (1 - q)^(i N))", comparisons, [plot])
