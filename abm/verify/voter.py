"""Check 7, voter: everyone copies a random neighbour.

Theory: the degree-weighted share is a martingale, so it is the chance of ending all-super. On the complete network the
number in mode super is a Markov chain, C' = Bin(C, (C - 1) / (N - 1)) + Bin(N - C, C / (N - 1)), whose time to
consensus solves a linear system; for large N it is -2 N (x ln x + (1 - x) ln (1 - x)).

Sources: Holley & Liggett (1975), Annals of Probability 3(4); Wright (1931), Genetics 16; Sood & Redner (2005), Phys.
Rev. Lett. 94, 178701.
"""

import math
from typing import Any, NamedTuple

import networkx as nx
import numpy as np

from abm import Market, Simulation
from abm.engine.state import N_SUPER
from abm.numerics.array_types import Floats
from abm.verify.check import Check, CheckSettings, Comparison, Plot, Series, near

_N_STANDARD_ERRORS = 4.5


class Consensus(NamedTuple):
    """How runs ended: in which week, and whether all-super; and how many still disagreed, week by week."""

    weeks: Floats
    all_super: Floats
    undecided: Floats


def market(name: str, **values: Any) -> Market:
    """Return a market of voters."""
    return Market(**({"name": name, "norm": {"strength": 1.0}, "choice": {"noise": "uniform"}} | values))


def transitions(n: int) -> Floats:
    """Return the chances of going from C to C' in mode super on the complete network, float64[n + 1, n + 1]."""
    matrix = np.zeros((n + 1, n + 1))
    for c in range(n + 1):
        stay, join = max(c - 1, 0) / (n - 1), min(c / (n - 1), 1.0)
        matrix[c] = np.convolve(_binomial(c, stay), _binomial(n - c, join))
    return matrix


def _binomial(n: int, p: float) -> Floats:
    if p in (0.0, 1.0):
        certain: Floats = np.eye(n + 1)[n if p else 0]
        return certain
    k = np.arange(n + 1, dtype=np.float64)
    log_choose = np.array([math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) for i in range(n + 1)])
    chances: Floats = np.exp(log_choose + k * math.log(p) + (n - k) * math.log1p(-p))
    return chances


def time_to_consensus(n: int, start: int) -> tuple[float, float]:
    """Return mean and standard deviation of the weeks to consensus from ``start`` of ``n`` in mode super.

    Parameters
    ----------
    n : int
        Number of consumers.
    start : int
        Consumers in mode super in week 0.
    """
    inner = transitions(n)[1:n, 1:n]
    system = np.eye(n - 1) - inner
    mean = np.linalg.solve(system, np.ones(n - 1))
    square = np.linalg.solve(system, 2 * mean - 1)  # second moment: E T^2 = 2 (I - Q)^-1 E T - E T
    return float(mean[start - 1]), math.sqrt(square[start - 1] - mean[start - 1] ** 2)


def consensus(markets: list[Market], seed: int) -> Consensus:
    """Run markets of equal size until all of them agree.

    Parameters
    ----------
    markets : list of Market
    seed : int
    """
    simulation = Simulation(markets, seed=seed)
    while True:
        simulation.advance(200)
        n_super = simulation.tallies[:, :, N_SUPER]
        undecided = (n_super > 0) & (n_super < simulation.layouts["n_consumers"])
        if not undecided[-1].any():
            return Consensus(undecided.sum(0).astype(float), (n_super[-1] > 0).astype(float), undecided.mean(1))


def check(settings: CheckSettings) -> Check:
    """Compare weeks to consensus and the chance to win on complete networks, and by ties on two others."""
    runs = 150 if settings.consumers < 1_000_000 else 400
    comparisons, plot = _complete(200, 0.5, runs, settings.seed)
    for i, (n, share) in enumerate(((50, 0.1), (50, 0.7), (80, 0.35)), 1):  # a seed of its own for each
        markets = [market(f"m{i}", consumers=n, initial_adoption=share) for i in range(runs)]
        all_super = consensus(markets, settings.seed + i).all_super
        comparisons.append(_chance(f"complete, N = {n}: chance of ending all-super", round(n * share) / n, all_super))
    for i, (name, graph, seeds) in enumerate(_networks(), 4):
        values = {"network": {"family": "graph", "graph": graph}, "seed_consumers": seeds, "occasion_rate": 0.5}
        all_super = consensus([market(f"m{i}", **values) for i in range(runs)], settings.seed + i).all_super
        weight = sum(graph.degree(i) for i in seeds) / (2 * graph.number_of_edges())
        comparisons.append(
            _chance(f"{name}: chance, by ties ({len(seeds) / len(graph):.3f} by heads)", weight, all_super)
        )
    statement = "chance of ending all-super = degree-weighted initial share"
    return Check(7, "Voter model", "Holley & Liggett (1975)", statement, comparisons, [plot])


def _complete(n: int, share: float, runs: int, seed: int) -> tuple[list[Comparison], Plot]:
    ended = consensus([market(f"m{i}", consumers=n, initial_adoption=share) for i in range(runs)], seed)
    start = round(n * share)
    mean, sd = time_to_consensus(n, start)
    comparisons = [
        near(f"complete, N = {n}, x = {share}: mean weeks to consensus ({runs} runs)", mean, ended.weeks.mean(),
             _N_STANDARD_ERRORS * sd / math.sqrt(runs), 1),
        _chance(f"complete, N = {n}: chance of ending all-super", share, ended.all_super),
    ]  # fmt: skip
    weeks = np.arange(min(ended.undecided.size, 6 * n))
    theory, law = np.empty(weeks.size), np.eye(n + 1)[start]
    matrix = transitions(n)
    for week in weeks:
        theory[week] = law[1:n].sum()
        law = law @ matrix
    some = weeks[:: max(1, weeks.size // 40)]
    series = [Series("exact chain", weeks, theory, "theory"), Series("", some, ended.undecided[some], "simulated")]
    return comparisons, Plot(f"Runs still undecided, N = {n}, x = {share}", "week", "share of runs", series)


def _chance(what: str, expected: float, all_super: Floats) -> Comparison:
    allowed = _N_STANDARD_ERRORS * math.sqrt(expected * (1 - expected) / all_super.size)
    return near(what, expected, float(all_super.mean()), allowed, 4)


def _networks() -> list[tuple[str, nx.Graph, tuple[int, ...]]]:
    two_stars = nx.Graph([(0, i) for i in range(1, 6)] + [(6, i) for i in range(7, 12)] + [(0, 6)])
    lollipop = nx.lollipop_graph(8, 8)
    return [
        ("two stars, a hub starts", two_stars, (0,)),
        ("two stars, three leaves start", two_stars, (1, 2, 3)),
        ("clique with a tail, the tail starts", lollipop, tuple(range(8, 16))),
    ]
