"""Check 1, Bass: advertising p and word of mouth q make aware, whoever is aware adopts for ever.

Theory: F' = F + (p + q F)(1 - F), the weekly map; the continuous closed form lies elsewhere and is not used.

Source: Bass (1969), "A new product growth for model consumer durables", Management Science 15(5), table 1.
"""

from typing import Final

import numpy as np

from abm import Market, simulate
from abm.numerics.array_types import Floats
from abm.verify.check import Check, CheckSettings, Comparison, Plot, Series, equal, follows, near
from abm.verify.mean_field_maps import orbit, orbit_tolerance

PRODUCTS: Final = {
    "refrigerator": (0.0026, 0.216),
    "b&w television": (0.0279, 0.251),
    "air conditioner": (0.0104, 0.419),
    "clothes dryer": (0.0172, 0.357),
    "electric blanket": (0.0059, 0.244),
    "record player": (0.0248, 0.654),
}


def market(p: float, q: float, consumers: int) -> Market:
    """Return the market that is a Bass model.

    Parameters
    ----------
    p : float
        Advertising.
    q : float
        Word of mouth.
    consumers : int
        Size of the population.
    """
    return Market(
        consumers=consumers,
        awareness={"advertising": p, "word_of_mouth": q, "initial": 0.0},
        choice={"noise": "none", "reversible": False},
        preference={"mean": 100.0},
    )


def curve(p: float, q: float, weeks: int) -> Floats:
    """Return the share of adopters by week that theory predicts, float64[weeks + 1].

    Parameters
    ----------
    p : float
        Advertising.
    q : float
        Word of mouth.
    weeks : int
        Length of the run.
    """
    return orbit(lambda f: f + min(1.0, p + q * f) * (1 - f), 0.0, weeks)


def tolerance(p: float, q: float, weeks: int, consumers: int) -> Floats:
    """Return by how much a run may differ from the curve, float64[weeks + 1].

    Parameters
    ----------
    p : float
        Advertising.
    q : float
        Word of mouth.
    weeks : int
        Length of the run.
    consumers : int
        Size of the population.
    """

    def hazard(f: float) -> float:
        return min(1.0, p + q * f)

    return orbit_tolerance(
        lambda f: f + hazard(f) * (1 - f), lambda f: (1 - f) * hazard(f) * (1 - hazard(f)), 0.0, weeks, consumers
    )


def simulated(p: float, q: float, weeks: int, consumers: int, seed: int) -> Floats:
    """Return the share of adopters by week of one run.

    Parameters
    ----------
    p : float
        Advertising.
    q : float
        Word of mouth.
    weeks : int
        Length of the run.
    consumers : int
        Size of the population.
    seed : int
    """
    return simulate(market(p, q, consumers), weeks=weeks, seed=seed).table["adoption"].to_numpy()


def compare_curve(what: str, p: float, q: float, weeks: int, settings: CheckSettings) -> tuple[Comparison, Floats]:
    """Compare one run with the map.

    Parameters
    ----------
    what : str
        Name of the comparison.
    p : float
        Advertising.
    q : float
        Word of mouth.
    weeks : int
        Length of the run.
    settings : CheckSettings
    """
    got = simulated(p, q, weeks, settings.consumers, settings.seed)
    return follows(what, curve(p, q, weeks), got, tolerance(p, q, weeks, settings.consumers)), got


def check(settings: CheckSettings) -> Check:
    """Compare p = .03, q = .38 in detail and the products of 1969 as whole curves."""
    p, q, weeks = 0.03, 0.38, 20
    theory, allowed = curve(p, q, weeks), tolerance(p, q, weeks, settings.consumers)
    runs = {seed: simulated(p, q, weeks, settings.consumers, seed) for seed in settings.seeds}
    first = runs[settings.seed]
    comparisons = [near(f"p = {p}, q = {q}: F({t})", theory[t], first[t], allowed[t]) for t in (5, 10, 20)]
    comparisons += [follows(f"the same, seed {s}", theory, got, allowed) for s, got in runs.items()]
    comparisons += [equal("week of most new adopters", int(np.argmax(np.diff(theory))) + 1, _peak(first))]
    plots = [_plot(f"p = {p}, q = {q}", {"map": (theory, first)})]
    curves = {}
    for name, (p, q) in PRODUCTS.items():
        comparison, got = compare_curve(f"{name} ({p}, {q})", p, q, 30, settings)
        comparisons.append(comparison)
        curves[name] = (curve(p, q, 30), got)
    plots.append(_plot("Products of Bass (1969)", curves))
    return Check(1, "Bass diffusion", "Bass (1969)", "F' = F + (p + q F)(1 - F)", comparisons, plots)


def _peak(shares: Floats) -> int:
    return int(np.argmax(np.diff(shares))) + 1


def _plot(title: str, curves: dict[str, tuple[Floats, Floats]]) -> Plot:
    series = []
    for group, (name, (theory, got)) in enumerate(curves.items()):
        weeks = np.arange(theory.size)
        series += [Series(name, weeks, theory, "theory", group), Series("", weeks, got, "simulated", group)]
    return Plot(title, "week", "share of consumers in the super-app", series)
