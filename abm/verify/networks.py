"""Check 9, networks: clustering, degrees and mixing as known, always simple, and the same seed the same edges.

The clustering of small worlds is an approximation, within .01 of the mean over consumers for degrees of ten or so.

Sources: Barrat & Weigt (2000), Eur. Phys. J. B 13:547 (clustering of small worlds); Bollobas et al. (2001), Random
Structures & Algorithms 18:279 (degrees of scale-free networks); Erdos & Renyi (1959); Holland, Laskey & Leinhardt
(1983).
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import sparse

from abm.networks import CSR, Network, NetworkError, build
from abm.numerics.array_types import Floats
from abm.verify.check import Check, CheckSettings, Comparison, Plot, Series, equal, near
from abm.verify.mean_field_maps import N_STANDARD_ERRORS

FAMILIES = ("complete", "small_world", "scale_free", "random", "regular", "ring", "communities")


def clustering(csr: CSR) -> float:
    """Return the mean share of a consumer's pairs of neighbours that are tied."""
    n = csr.indptr.size - 1
    ties = sparse.csr_array((np.ones(csr.indices.size), csr.indices.astype(np.int64), csr.indptr), shape=(n, n))
    closed = (ties @ ties).multiply(ties).sum(axis=1)
    degree = np.diff(csr.indptr)
    pairs = degree * (degree - 1)
    return float(np.mean(np.divide(closed, pairs, out=np.zeros(n), where=pairs > 0)))


def small_world_clustering(k: int, p: float) -> float:
    """Return the clustering of a small world of degree k and rewiring p.

    Parameters
    ----------
    k : int
        Degree.
    p : float
        Chance of rewiring.
    """
    return 3 * (k - 2) / (4 * (k - 1)) * (1 - p) ** 3


def scale_free_share(k: int, m: int) -> float:
    """Return the share of consumers with k ties when newcomers bring m.

    Parameters
    ----------
    k : int
        Degree.
    m : int
        Ties of a new consumer.
    """
    return 2 * m * (m + 1) / (k * (k + 1) * (k + 2)) if k >= m else 0.0


def poisson_share(k: int, z: float) -> float:
    """Return the share of consumers with k ties at mean degree z.

    Parameters
    ----------
    k : int
        Degree.
    z : float
        Mean degree.
    """
    return math.exp(-z + k * math.log(z) - math.lgamma(k + 1))


def is_simple(csr: CSR, n: int) -> bool:
    """Say whether rows are ascending (so without duplicates), without loops, and every tie is in both rows.

    Parameters
    ----------
    csr : CSR
    n : int
        Number of consumers.
    """
    rows = np.repeat(np.arange(n), np.diff(csr.indptr))
    others = csr.indices.astype(np.int64)
    if csr.indptr.size != n + 1 or csr.indptr[0] != 0 or csr.indptr[-1] != others.size:
        return False
    if others.size and (others.max() >= n or (rows == others).any()):
        return False
    keys = rows * n + others
    return bool((np.diff(keys) > 0).all() and np.array_equal(np.sort(others * n + rows), keys))


def check(settings: CheckSettings) -> Check:
    """Compare what is known of each family, and ask whether all of them are simple and a function of their seed."""
    n = settings.consumers // 5
    comparisons = [*_clustering(n, settings.seed), *_degrees(n, settings.seed), *_mixing(n, settings.seed)]
    comparisons += [*_simple(n, settings.seed), *_seeds(settings.seed)]
    statement = (
        "clustering 3 (k - 2) / (4 (k - 1)) (1 - p)^3; P(k) = 2 m (m + 1) / (k (k + 1) (k + 2)); Poisson; regular"
    )
    plots = [_clustering_plot(n // 4, settings.seed), _degree_plot(n, settings.seed)]
    return Check(9, "Networks", "Watts & Strogatz (1998), Barabasi & Albert (1999)", statement, comparisons, plots)


def _clustering(n: int, seed: int) -> Iterator[Comparison]:
    for k, p in ((10, 0.0), (10, 0.1), (10, 0.3), (6, 0.2), (20, 0.05)):
        csr = build(Network(family="small_world", degree=k, rewiring=p), n=n, seed=seed)
        yield near(f"small world k = {k}, p = {p}: clustering", small_world_clustering(k, p), clustering(csr), 0.01, 4)


def _degrees(n: int, seed: int) -> Iterator[Comparison]:
    for m in (1, 3, 6):
        degree = _degree_shares(n, seed, family="scale_free", degree=2 * m)
        for k in (m, m + 1, m + 2):
            yield _share(f"scale-free m = {m}: share with {k} ties", scale_free_share(k, m), degree[k], n)
    for z in (3.5, 8.0):
        degree = _degree_shares(n, seed, family="random", degree=z)
        for k in (0, 3, 8):
            yield _share(f"random z = {z}: share with {k} ties (Poisson)", poisson_share(k, z), degree[k], n)
    for k in (3, 10):
        even = n - n % 2
        degree = _degree_shares(even, seed, family="regular", degree=k)
        yield equal(f"regular k = {k}: share with {k} ties", 1.0, float(degree[k]))


def _share(what: str, p: float, got: float, n: int) -> Comparison:
    return near(what, p, got, N_STANDARD_ERRORS * math.sqrt(p * (1 - p) / n) + 5 / n, 5)


def _degree_shares(n: int, seed: int, **parameters: Any) -> Floats:
    csr = build(Network(**parameters), n=n, seed=seed)
    counts = np.bincount(np.diff(csr.indptr), minlength=64)
    shares: Floats = counts / n
    return shares


def _mixing(n: int, seed: int) -> Iterator[Comparison]:
    for groups, within, degree in ((10, 0.8, 10), (4, 0.3, 6), (50, 1.0, 8)):
        network = Network(family="communities", degree=degree, communities=groups, within=within)
        csr = build(network, n=n, seed=seed)
        group = ((np.arange(n) + 1) * groups - 1) // n
        ends = group[np.repeat(np.arange(n), np.diff(csr.indptr))] == group[csr.indices]
        n_ties = round(n * degree / 2)
        yield equal(f"{groups} communities, within {within}: ties", n_ties, csr.indices.size // 2)
        yield equal(f"{groups} communities: ties inside", round(n_ties * within), int(ends.sum()) // 2)


def _simple(n: int, seed: int) -> Iterator[Comparison]:
    for family in FAMILIES:
        tried = simple = 0
        sizes = [*range(1, 31), 64, 65, 1000] + ([] if family == "complete" else [n])
        for size in sizes:
            for degree in (0, 1, 2, 4, 6, 10, 20):
                csr = _build_if_possible(family, degree, size, seed)
                if csr is not None:
                    tried += 1
                    simple += is_simple(csr, size)
        name = f"{family}: simple networks, 1 to {sizes[-1]:,} consumers"
        yield equal(name, f"{tried} of {tried}", f"{simple} of {tried}")


def _build_if_possible(family: str, degree: int, n: int, seed: int) -> CSR | None:
    """Return the network, or None where there is none (degree too high, odd sum of degrees ...)."""
    if family in ("small_world", "scale_free", "ring") and degree % 2:
        return None
    parameters: dict[str, Any] = {"family": family, "degree": degree, "communities": 2}
    try:
        return build(Network(**parameters), n=n, seed=seed)
    except NetworkError:
        return None


def _seeds(seed: int) -> Iterator[Comparison]:
    for family in ("small_world", "scale_free", "random", "regular", "communities"):
        parameters: dict[str, Any] = {"family": family, "degree": 6}
        network = Network(**parameters)
        first, again, other = (build(network, n=2000, seed=s) for s in (seed, seed, seed + 1))
        same = bool(np.array_equal(first.indptr, again.indptr) and np.array_equal(first.indices, again.indices))
        yield equal(f"{family}: same seed, same edges", True, same)
        yield equal(f"{family}: another seed, other edges", True, not np.array_equal(first.indices, other.indices))


def _clustering_plot(n: int, seed: int) -> Plot:
    fine, coarse = np.linspace(0, 1, 101), np.linspace(0, 1, 11)
    series = []
    for group, k in enumerate((6, 10, 20)):
        got = [
            clustering(build(Network(family="small_world", degree=k, rewiring=float(p)), n=n, seed=seed))
            for p in coarse
        ]
        theory = [small_world_clustering(k, float(p)) for p in fine]
        series += [Series(f"k = {k}", fine, theory, "theory", group), Series("", coarse, got, "simulated", group)]
    return Plot("Clustering of small worlds", "rewiring p", "clustering", series)


def _degree_plot(n: int, seed: int) -> Plot:
    degrees = np.arange(1, 21)
    free = _degree_shares(n, seed, family="scale_free", degree=6)[1:21]
    even = _degree_shares(n, seed, family="random", degree=8)[1:21]
    return Plot(
        "Degrees", "ties", "share of consumers",
        [
            Series("scale-free, m = 3", degrees, [scale_free_share(int(k), 3) for k in degrees], "theory", 0),
            Series("", degrees, free, "simulated", 0),
            Series("random, z = 8", degrees, [poisson_share(int(k), 8.0) for k in degrees], "theory", 1),
            Series("", degrees, even, "simulated", 1),
        ],
    )  # fmt: skip
