"""The checks hold at other parameters than those they list; and they can fail."""

import math
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest

from abm.networks import CSR, Network, build
from abm.verify import CHECKS, bass, bethe, complex_contagion, gleeson_cahalane, networks, si_epidemic, voter, watts
from abm.verify.check import Check, CheckSettings, Comparison, between, equal, follows, near

pytestmark = pytest.mark.needs_compiled

SMALL = CheckSettings(consumers=40_000, runs=1, seed=5)


@pytest.mark.parametrize(("p", "q"), [(0.001, 0.9), (0.2, 0.0), (0.5, 0.9), (0.01, 0.1)])
def test_bass_elsewhere(p: float, q: float) -> None:
    comparison, _ = bass.compare_curve("elsewhere", p, q, 25, SMALL)
    assert comparison.passed, comparison


@pytest.mark.parametrize(("p", "q"), [(0.033, 0.38), (0.03, 0.41)])
def test_bass_notices_another_map(p: float, q: float) -> None:
    """A tenth more of either parameter is outside the tolerance of 100,000 consumers."""
    got = bass.simulated(p, q, 20, 100_000, seed=5)
    assert not follows("", bass.curve(0.03, 0.38, 20), got, bass.tolerance(0.03, 0.38, 20, 100_000)).passed


@pytest.mark.parametrize("beta", [0.1, 0.8, 3.0])
def test_si_epidemic_elsewhere(beta: float) -> None:
    got = si_epidemic.simulated(beta, 0.02, 15, 40_000, seed=5)
    theory, allowed = si_epidemic.curve(beta, 0.02, 15, 40_000), si_epidemic.tolerance(beta, 0.02, 15, 40_000)
    assert follows("", theory, got, allowed).passed
    assert not follows("", si_epidemic.curve(1.2 * beta, 0.02, 15, 40_000), got, allowed).passed


@pytest.mark.parametrize(("k", "j", "b"), [(5, 2.0, 0.5), (12, 7.0, -3.2), (3, -4.0, 1.0)])
def test_bethe_elsewhere(k: int, j: float, b: float) -> None:
    got = bethe.mean_share(k, j, b, 0.9, (60, 120), 40_000, seed=5)
    assert abs(got - bethe.state(k, j, b)) <= bethe.tolerance(k, j, b, 60, 40_000)


@pytest.mark.parametrize(("z", "phi", "rho0"), [(2.5, 0.15, 0.03), (7.0, 0.3, 0.2)])
def test_gleeson_cahalane_elsewhere(z: float, phi: float, rho0: float) -> None:
    got = gleeson_cahalane.simulated(z, phi, rho0, 20, SMALL)
    allowed = gleeson_cahalane.tolerance(z, phi, rho0, 20, SMALL.consumers)
    assert follows("", gleeson_cahalane.shares(z, phi, rho0, 20), got, allowed).passed
    assert not follows("", gleeson_cahalane.shares(z, 1.4 * phi, rho0, 20), got, allowed).passed


@pytest.mark.parametrize(("side", "least"), [(7, 3), (8, 8), (9, 10)])
def test_fronts_elsewhere(side: int, least: int) -> None:
    expected, got, same = complex_contagion.reached(side, least, 5)
    assert got == expected
    assert same


@pytest.mark.parametrize("text", ["0.37", "2/9", "11/13"])
def test_ties_adopt_elsewhere(text: str) -> None:
    assert watts.stars(Fraction(text), range(1, 100))[1] == 0


def test_the_stars_notice_a_threshold_that_equality_does_not_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = watts.market
    monkeypatch.setattr(watts, "market", lambda phi, **values: plain(phi + 1e-9, **values))
    assert watts.stars(Fraction("0.25"), range(1, 41))[1] == 10


def test_voters_elsewhere() -> None:
    ended = voter.consensus([voter.market(f"m{i}", consumers=30, initial_adoption=0.4) for i in range(150)], seed=5)
    mean, sd = voter.time_to_consensus(30, 12)
    assert abs(ended.weeks.mean() - mean) < 4.5 * sd / math.sqrt(150)
    assert abs(ended.all_super.mean() - 0.4) < 4.5 * math.sqrt(0.24 / 150)


def csr_of(rows: list[list[int]]) -> CSR:
    indptr = np.cumsum([0] + [len(row) for row in rows]).astype(np.int64)
    return CSR(indptr, np.array([other for row in rows for other in row], np.uint32))


@pytest.mark.parametrize(
    "rows", [[[0], []], [[1], []], [[1, 1], [0, 0]], [[2, 1], [0], [0]], [[7], [0]]],
    ids=["a loop", "one direction", "twice", "out of order", "nobody"],
)  # fmt: skip
def test_what_is_not_a_simple_network(rows: list[list[int]]) -> None:
    assert networks.is_simple(csr_of([[1], [0]]), 2)
    assert not networks.is_simple(csr_of(rows), len(rows))


def test_clustering_is_that_of_networkx() -> None:
    csr = build(Network(family="small_world", degree=6, rewiring=0.2), n=300, seed=2)
    rows = np.repeat(np.arange(300), np.diff(csr.indptr))
    graph = nx.Graph(zip(rows.tolist(), csr.indices.tolist(), strict=True))
    assert networks.clustering(csr) == pytest.approx(nx.average_clustering(graph))


def test_comparisons_can_fail() -> None:
    assert near("x", 1.0, 1.05, 0.1).passed
    assert not near("x", 1.0, 1.2, 0.1).passed
    assert not near("x", 1.0, math.nan, 0.1).passed
    assert equal("x", 1, 1).passed
    assert not equal("x", 1, 2).passed
    assert between("x", 0, 1, 0.5).passed
    assert not between("x", 0, 1, math.nan).passed
    assert follows("x", [0, 1, 2], [0, 1.1, 2], [0.2] * 3).passed
    assert not follows("x", [0, 1, 2], [0, 1.1, 2], [0.2, 0.05, 0.2]).passed
    assert not follows("x", [0, 1, 2], [0, 1], [0.1, 0.1]).passed
    assert not follows("x", [0, 1, 2], [0, math.nan, 2], [9, 9, 9]).passed


def test_a_check_without_comparisons_does_not_pass() -> None:
    good, bad = (Comparison("x", "1", "1", "exact", passed) for passed in (True, False))
    assert not Check(1, "", "", "", []).passed
    assert Check(1, "", "", "", [good]).passed
    assert not Check(1, "", "", "", [good, bad]).passed


def test_one_check_per_line_of_theory_and_one_for_chance() -> None:
    assert len(CHECKS) == 11
