"""Check 5, Watts: adopt for ever once a share phi of the neighbours has; one seed; Poisson network of mean degree z.

Theory: those whom one neighbour convinces (degree k <= 1 / phi) are vulnerable. A seed sets off a global cascade if one
of its neighbours belongs to the giant cluster of vulnerable consumers, so only for z with sum k (k - 1) p_k > z over
the vulnerable, and with chance 1 - exp(-z (1 - u)), where u = 1 - sum k p_k / z (1 - u^(k-1)) over the vulnerable.
Equality counts: a share equal to phi adopts. It is decided by V = s - phi >= 0 in whole multiples of 2^-32, to which
both s and phi are rounded in the same way; so a share equal to phi always ties, and one that differs by more than
2^-32 never does.

Source: Watts (2002), "A simple model of global cascades on random networks", PNAS 99(9).
"""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np

from abm import Market, Simulation, simulate
from abm.engine.state import N_SUPER, TO_SUPER
from abm.numerics.array_types import Floats
from abm.verify.check import Check, CheckSettings, Comparison, Plot, Series, equal, near
from abm.verify.gleeson_cahalane import needed, shares
from abm.verify.mean_field_maps import N_STANDARD_ERRORS

CONSUMERS = 10_000
GLOBAL = 0.1  # share of consumers from which a cascade is called global


def market(phi: float, **values: Any) -> Market:
    """Return a market of thresholds."""
    choice = {"noise": "none", "reversible": False}
    return Market(**({"norm": {"strength": 1.0}, "preference": {"mean": -phi}, "choice": choice} | values))


def _vulnerable(phi: float) -> range:
    return range(1, math.floor(1 / Fraction(phi).limit_denominator(10**6)) + 1)


def window(phi: float) -> tuple[float, float]:
    """Return the mean degrees between which one seed can set off a global cascade; NaN if there are none."""
    weights = [(k * (k - 1), k) for k in _vulnerable(phi)]

    def excess(z: float) -> float:
        return sum(w * math.exp(-z + k * math.log(z) - math.lgamma(k + 1)) for w, k in weights) - z

    grid = np.linspace(0.02, 3 / phi + 5, 20_000)
    inside = np.flatnonzero([excess(z) > 0 for z in grid])
    if not inside.size:
        return math.nan, math.nan
    return _root(excess, grid[inside[0] - 1], grid[inside[0]]), _root(excess, grid[inside[-1]], grid[inside[-1] + 1])


def _root(function: Any, low: float, high: float) -> float:
    rising = function(high) > function(low)
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if (function(middle) > 0) == rising else (middle, high)
    return (low + high) / 2


def chance(phi: float, z: float) -> float:
    """Return the chance that one seed sets off a global cascade in an endless network.

    Parameters
    ----------
    phi : float
        Threshold.
    z : float
        Mean degree.
    """
    u = 0.0
    for _ in range(100_000):
        later = 1 - sum(_poisson(k - 1, z) * (1 - u ** (k - 1)) for k in _vulnerable(phi))
        if abs(later - u) < 1e-15:
            break
        u = later
    return 1 - math.exp(-z * (1 - u))


def _poisson(k: int, z: float) -> float:
    return math.exp(-z + k * math.log(z) - math.lgamma(k + 1))


def final_shares(phi: float, z: float, runs: int, seed: int) -> Floats:
    """Return the last adoption of so many runs, each with a network and a seed consumer of its own.

    A week in which nobody adopts is the last: thresholds know no chance.

    Parameters
    ----------
    phi : float
        Threshold.
    z : float
        Mean degree.
    runs : int
        Number of runs.
    seed : int
    """
    network = {"family": "random", "degree": z}
    markets = [market(phi, name=f"m{i}", consumers=CONSUMERS, network=network, seed_adopters=1) for i in range(runs)]
    simulation = Simulation(markets, seed=seed)
    while True:
        simulation.advance(5)
        tallies = simulation.tallies
        if not tallies[-1, :, TO_SUPER].any():
            shares: Floats = tallies[-1, :, N_SUPER] / CONSUMERS
            return shares


def check(settings: CheckSettings) -> Check:
    """Compare how often one seed sets off a cascade, inside and outside the window, and what equality does."""
    runs = 60 if settings.consumers < 1_000_000 else 200
    comparisons: list[Comparison] = []
    plots = []
    for phi in (0.18, 0.25):
        low, high = window(phi)
        for z in (1.3 * low, 2.0, 3.0, 0.9 * high):
            comparisons += _inside(phi, z, runs, settings.seed)
        for z in (0.7 * low, 1.2 * high):
            n_global = int((final_shares(phi, z, runs, settings.seed) > GLOBAL).sum())
            name = f"phi = {phi}, z = {z:.2f} (window {low:.4f} to {high:.4f}): global cascades"
            comparisons.append(equal(name, f"0 of {runs}", f"{n_global} of {runs}"))
        plots.append(_plot(phi, runs // 2, settings.seed))
    comparisons += list(_ties())
    statement = "global cascades only where sum over k <= 1/phi of k (k - 1) p_k > z; a share equal to phi adopts"
    return Check(5, "Watts' cascades", "Watts (2002)", statement, comparisons, plots)


def _inside(phi: float, z: float, runs: int, seed: int) -> Iterator[Comparison]:
    got = final_shares(phi, z, runs, seed)
    p = chance(phi, z)
    allowed = N_STANDARD_ERRORS * math.sqrt(p * (1 - p) / runs) + 2 / runs
    yield near(f"phi = {phi}, z = {z:.2f}: chance of a global cascade", p, float((got > GLOBAL).mean()), allowed, 3)
    end = shares(z, phi, 1e-6, 3000)[-1]
    size = float(got[got > GLOBAL].mean()) if (got > GLOBAL).any() else math.nan
    yield near(f"phi = {phi}, z = {z:.2f}: share reached by a global cascade", end, size, 0.012, 4)


def _plot(phi: float, runs: int, seed: int) -> Plot:
    low, high = window(phi)
    fine, coarse = np.linspace(0.3, 1.3 * high, 150), np.linspace(0.3, 1.3 * high, 14)
    got = [(final_shares(phi, float(z), runs, seed) > GLOBAL).mean() for z in coarse]
    series = [
        Series("chance", fine, [chance(phi, float(z)) for z in fine], "theory", 0),
        Series("", coarse, got, "simulated", 0),
        Series("cascade window", [low, high], [0.0, 1.0], "limit", 2),
    ]
    note = f"Theory is for an endless network; with {CONSUMERS:,} consumers the edges of the window are rounded off."
    return Plot(f"Chance of a global cascade from one seed, phi = {phi}", "mean degree z", "chance", series, note)


def _ties() -> Iterator[Comparison]:
    """Compare hubs of stars just at and just below their threshold, for all degrees up to 60, with fractions."""
    for text in ("0.25", "0.2", "0.18", "0.3", "0.7", "0.5", "1", "1/3", "1/7", "5/6", "3/11"):
        phi = Fraction(text)
        right, wrong = stars(phi, range(1, 61))
        name = f"phi = {text}: hubs of stars that decide as fractions say (ties adopt)"
        yield equal(name, f"{right + wrong} of {right + wrong}", f"{right} of {right + wrong}")


def stars(phi: Fraction, degrees: Sequence[int]) -> tuple[int, int]:
    """Return how many hubs decide rightly and wrongly, with one neighbour fewer than needed and with just enough.

    Parameters
    ----------
    phi : Fraction
        Threshold.
    degrees : sequence of int
        Degree of each hub.
    """
    graph = nx.Graph()
    seeds: list[int] = []
    adopts: list[bool] = []
    hubs: list[int] = []
    for degree in degrees:
        least = needed(degree, phi)
        for n_super in {max(least - 1, 0), min(least, degree)}:
            hub = len(graph)
            graph.add_edges_from((hub, hub + leaf) for leaf in range(1, degree + 1))
            seeds += range(hub + 1, hub + 1 + n_super)
            hubs.append(hub)
            adopts.append(Fraction(n_super, degree) >= phi)
    network = {"family": "graph", "graph": graph}
    start = {"consumers": len(graph), "network": network, "seed_consumers": tuple(seeds)}
    mode = simulate(market(float(phi), **start), weeks=1).consumers.mode
    right = sum(bool(mode[hub]) == adopt for hub, adopt in zip(hubs, adopts, strict=True))
    return right, len(hubs) - right
