"""Check 4, the same on a random k-regular network, which looks like a tree: the Bethe lattice.

Theory: every neighbour seen without oneself (the "cavity") is in mode super with odds R, and
R = e^b ((1 + R e^(J/k)) / (1 + R))^(k-1); a consumer has the same odds with power k. Two states need
J > 4 k artanh(1 / (k - 1)) = 2 k ln(k / (k - 2)). That all decide at once (rho = 1) changes nothing: their law is that
of one side of the network's double cover, which is k-regular and looks like a tree as well.

Sources: Baxter (1982), Exactly solved models in statistical mechanics, chapter 4; Mezard & Parisi (2001), Eur. Phys.
J. B 20:217.
"""

import math

import numpy as np

from abm import Market, simulate
from abm.verify.check import Check, CheckSettings, Comparison, Plot, Series, near
from abm.verify.mean_field_maps import N_STANDARD_ERRORS


def market(k: int, j: float, b: float, start: float, consumers: int) -> Market:
    """Return the market that is an Ising model on the Bethe lattice.

    Parameters
    ----------
    k : int
        Degree.
    j : float
        Norm.
    b : float
        Private utility.
    start : float
        Share in mode super in week 0.
    consumers : int
        Size of the population.
    """
    return Market(
        consumers=consumers,
        initial_adoption=start,
        network={"family": "regular", "degree": k},
        norm={"strength": j},
        preference={"mean": b},
    )


def critical(k: int) -> float:
    """Return the norm above which two states can be stable; infinite for k <= 2."""
    return 2 * k * math.log(k / (k - 2)) if k > 2 else math.inf


def state(k: int, j: float, b: float, *, high: bool = True) -> float:
    """Return the share in mode super in the high (or low) state.

    Parameters
    ----------
    k : int
        Degree.
    j : float
        Norm.
    b : float
        Private utility.
    high : bool
        Which of two states, if there are two.
    """
    bond, log_odds = math.exp(j / k), 60.0 if high else -60.0
    for _ in range(1_000_000):
        later = b + (k - 1) * _neighbor_term(log_odds, bond)
        if abs(later - log_odds) < 1e-14:
            break
        log_odds = later
    return 1 / (1 + math.exp(-(b + k * _neighbor_term(log_odds, bond))))


def _neighbor_term(log_odds: float, bond: float) -> float:
    """Return ln((1 + R e^(J/k)) / (1 + R)), what one neighbour adds to the log odds."""
    p = 1 / (1 + math.exp(-log_odds))
    return math.log1p(p * (bond - 1))


def tolerance(k: int, j: float, b: float, weeks: int, consumers: int, *, high: bool = True) -> float:
    """Return by how much a mean over many weeks may differ: as an autoregression with the response dx / db.

    Parameters
    ----------
    k : int
        Degree.
    j : float
        Norm.
    b : float
        Private utility.
    weeks : int
        Number of weeks in the mean.
    consumers : int
        Size of the population.
    high : bool
        Which of two states, if there are two.
    """
    x = state(k, j, b, high=high)
    response = (state(k, j, b + 1e-5, high=high) - state(k, j, b - 1e-5, high=high)) / 2e-5
    return N_STANDARD_ERRORS * response / math.sqrt(x * (1 - x) * consumers * weeks) + 10 / consumers


def mean_share(k: int, j: float, b: float, start: float, weeks: tuple[int, int], consumers: int, seed: int) -> float:
    """Return the mean adoption of one run over the weeks after the first of ``weeks`` up to the second.

    Parameters
    ----------
    k : int
        Degree.
    j : float
        Norm.
    b : float
        Private utility.
    start : float
        Share in mode super in week 0.
    weeks : tuple of two int
        The mean begins after the first and ends with the second.
    consumers : int
        Size of the population.
    seed : int
    """
    table = simulate(market(k, j, b, start, consumers), weeks=weeks[1], seed=seed).table
    return float(table["adoption"].iloc[weeks[0] + 1 :].mean())


def check(settings: CheckSettings) -> Check:
    """Compare both states for three degrees and two norms, and what happens on either side of the critical norm."""
    cases = [(4, 6.0, -3.0), (10, 6.0, -3.0), (20, 6.0, -3.0), (3, 3.0, -1.0), (8, 5.0, -2.2)]
    comparisons = [_compare_adoption(k, j, b, high, settings) for k, j, b in cases for high in (True, False)]
    for k in (4, 10):
        for factor in (0.85, 1.1):
            j = factor * critical(k)
            comparisons += [
                _compare_adoption(k, j, -j / 2, high, settings, f"{factor} x critical J: ") for high in (True, False)
            ]
    return Check(
        4, "Norms on random regular networks", "Baxter (1982)",
        "R = e^b ((1 + R e^(J/k)) / (1 + R))^(k-1), odds e^b ((1 + R e^(J/k)) / (1 + R))^k",
        comparisons, [_plot(settings)],
    )  # fmt: skip


def _compare_adoption(k: int, j: float, b: float, high: bool, settings: CheckSettings, what: str = "") -> Comparison:
    weeks, consumers = (120, 220), settings.consumers // 8
    got = mean_share(k, j, b, 0.97 if high else 0.03, weeks, consumers, settings.seed)
    allowed = tolerance(k, j, b, weeks[1] - weeks[0], consumers, high=high)
    name = f"{what}k = {k}, J = {j:.4g}, b = {b:.4g}: {'high' if high else 'low'} state"
    return near(name, state(k, j, b, high=high), got, allowed)


def _plot(settings: CheckSettings) -> Plot:
    """Show both states against the norm at b = -J / 2, where they part at the critical norm."""
    series = []
    for group, k in enumerate((4, 10)):
        norms = np.linspace(3, 8, 101)
        dots = np.arange(3.0, 8.01, 1.0)
        for high in (True, False):
            curve = [state(k, j, -j / 2, high=high) for j in norms]
            got = [
                mean_share(k, j, -j / 2, 0.97 if high else 0.03, (80, 120), settings.consumers // 20, settings.seed)
                for j in dots
            ]
            series.append(Series(f"k = {k}" if high else "", norms, curve, "theory", group))
            series.append(Series("", dots, got, "simulated", group))
        series.append(Series(f"critical J, k = {k}", [critical(k)], [0.5], "limit", group))
    return Plot("Two states part at the critical norm (b = -J / 2)", "norm J", "share in the super-app", series)
