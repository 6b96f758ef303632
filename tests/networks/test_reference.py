"""The compiled generators against plain Python, and clustering against theory."""

import networkx as nx
import numpy as np
import pytest

from abm.networks import CSR, Network, build
from tests.networks import reference


def as_rows(csr: CSR) -> list[list[int]]:
    return [row.tolist() for row in np.split(csr.indices, csr.indptr[1:-1])]


@pytest.mark.parametrize("rewiring", [0.0, 0.1, 0.7, 1.0])
@pytest.mark.parametrize(("n", "degree"), [(30, 4), (40, 10), (9, 6), (7, 6), (3, 2)])
def test_small_world(n, degree, rewiring):
    for seed in range(3):
        csr = build(Network(family="small_world", degree=degree, rewiring=rewiring), n=n, seed=seed)
        assert as_rows(csr) == reference.small_world(n, degree, rewiring, seed)


@pytest.mark.parametrize(("n", "degree"), [(40, 2), (40, 6), (11, 10), (12, 10)])
def test_scale_free(n, degree):
    for seed in range(3):
        csr = build(Network(family="scale_free", degree=degree), n=n, seed=seed)
        assert as_rows(csr) == reference.scale_free(n, degree, seed)


@pytest.mark.parametrize("rewiring", [0.0, 0.1, 0.3])
def test_small_world_clustering(n_many, rewiring):
    n = n_many // 2
    csr = build(Network(family="small_world", degree=10, rewiring=rewiring), n=n, seed=1)
    assert csr.indices.size == n * 10
    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(zip(np.repeat(np.arange(n), np.diff(csr.indptr)).tolist(), csr.indices.tolist(), strict=True))
    expected = 3 * 8 / (4 * 9) * (1 - rewiring) ** 3
    assert nx.average_clustering(graph) == pytest.approx(expected, abs=0.01 if n >= 20_000 else 0.02)


def test_rewiring_moves_the_share_it_says(n_many):
    ring = as_rows(build(Network(family="ring", degree=6), n=n_many))
    rewired = as_rows(build(Network(family="small_world", degree=6, rewiring=0.25), n=n_many, seed=9))
    kept = sum(len(set(a) & set(b)) for a, b in zip(ring, rewired, strict=True)) / (6 * n_many)
    assert kept == pytest.approx(0.75, abs=5 * (0.25 * 0.75 / (3 * n_many)) ** 0.5 + 6 / n_many)
