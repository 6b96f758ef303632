"""Line 9 with NetworkX as the judge of clustering; sizes, degrees and mixing are in tests/networks."""

import networkx as nx
import numpy as np
import pytest

from abm.networks import Network, build

pytestmark = pytest.mark.needs_compiled


def clustering(k: int, p: float, seed: int, n: int = 6000) -> float:
    csr = build(Network(family="small_world", degree=k, rewiring=p), n=n, seed=seed)
    rows = np.repeat(np.arange(n), np.diff(csr.indptr))
    return float(nx.average_clustering(nx.Graph(zip(rows.tolist(), csr.indices.tolist(), strict=True))))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("p", "expected"), [(0.0, 0.6667), (0.1, 0.486), (0.3, 0.2287)])
def test_clustering_of_small_worlds(p: float, expected: float, seed: int) -> None:
    assert abs(clustering(10, p, seed) - expected) < 0.01


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_degrees_of_scale_free_networks(seed: int) -> None:
    n = 200_000
    degrees = np.diff(build(Network(family="scale_free", degree=6), n=n, seed=seed).indptr)
    for k, expected in ((3, 0.4), (4, 0.2), (5, 0.1143)):
        assert abs((degrees == k).mean() - expected) < 5 * np.sqrt(expected / n) + 1e-4
