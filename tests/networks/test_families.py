"""Every family: a simple network at every size, a pure function of its key, and the errors in between."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abm.networks import CSR, Network, NetworkError, build

RANDOM = ("small_world", "scale_free", "random", "regular", "communities")
GENERATED = (*RANDOM, "complete", "ring")


def degrees(csr: CSR) -> np.ndarray:
    return np.diff(csr.indptr)


def infeasible(network: Network, n: int) -> bool:
    if network.family == "complete":
        return False
    if network.family != "communities":
        return network.degree > n - 1 or (network.family == "regular" and n * network.degree % 2 == 1)
    n_blocks, n_ties = network.communities, round(n * network.degree / 2)
    sizes = [(block + 1) * n // n_blocks - block * n // n_blocks for block in range(n_blocks)]
    inside = sum(size * (size - 1) // 2 for size in sizes)
    wanted = round(network.within * n_ties)
    return n_blocks > n or wanted > inside or n_ties - wanted > n * (n - 1) // 2 - inside


@settings(max_examples=40, deadline=None)
@given(
    family=st.sampled_from(GENERATED),
    n=st.integers(1, 40),
    degree=st.integers(0, 40),
    rewiring=st.sampled_from([0.0, 0.1, 0.5, 1.0]),
    blocks=st.integers(1, 6),
    seed=st.integers(0, 2**32 - 1),
)
def test_simple_or_refused(assert_simple, family, n, degree, rewiring, blocks, seed):
    even = family in ("small_world", "scale_free", "ring")
    degree -= degree % 2 if even else 0
    network = Network(family=family, degree=degree, rewiring=rewiring, communities=blocks)
    if infeasible(network, n):
        with pytest.raises(NetworkError, match=f"family '{family}'"):
            build(network, n=n, seed=seed)
        return
    csr = build(network, n=n, seed=seed)
    assert_simple(csr, n)
    if family in ("regular", "ring"):
        assert np.all(degrees(csr) == degree)
    if family in ("small_world", "random", "communities"):
        assert csr.indices.size // 2 == round(n * degree / 2)


@pytest.mark.parametrize("n", range(2, 10))
def test_regular_at_every_feasible_degree(assert_simple, n):
    for degree in range(n):
        for seed in range(3):
            if n * degree % 2 == 0:
                csr = build(Network(family="regular", degree=degree), n=n, seed=seed)
                assert_simple(csr, n)
                assert np.all(degrees(csr) == degree)


@pytest.mark.parametrize("family", RANDOM)
def test_same_key_same_ties(family):
    network = Network(family=family, degree=6)
    first = build(network, n=500, seed=3, replicate=1, name="west")
    again = build(network, n=500, seed=3, replicate=1, name="west")
    assert all(np.array_equal(*pair) for pair in zip(first, again, strict=True))
    for other in (
        build(network, n=500, seed=4, replicate=1, name="west"),
        build(network, n=500, seed=3, replicate=2, name="west"),
        build(network, n=500, seed=3, replicate=1, name="asia"),
    ):
        assert not np.array_equal(first.indices, other.indices)


@pytest.mark.parametrize("family", GENERATED)
def test_one_consumer_without_ties(family):
    csr = build(Network(family=family, degree=0, communities=1), n=1)
    assert csr.indptr.tolist() == [0, 0]
    assert csr.indices.size == 0


@pytest.mark.parametrize("family", [*RANDOM, "ring"])
@pytest.mark.parametrize("n", [1, 2, 10])
def test_degree_too_high(family, n):
    with pytest.raises(NetworkError, match=r"at most|there are only"):
        build(Network(family=family, degree=10, communities=1, within=1), n=n)


@pytest.mark.parametrize(
    ("network", "n", "text"),
    [
        (Network(family="regular", degree=3), 7, "must be even"),
        (Network(family="communities", communities=8), 7, "at most 7"),
        (Network(family="communities", communities=1), 100, "between communities"),
        (Network(family="communities", degree=10, communities=50, within=1.0), 100, "inside communities"),
        (Network(), 20_001, "at most 20,000"),
        (Network(), 0, "1 to"),
        (Network(), None, "1 to"),
        (Network(family="random", degree=10_000), 10_000_000, "too many"),
    ],
)
def test_refused(network, n, text):
    with pytest.raises(NetworkError, match=text):
        build(network, n=n)


@pytest.mark.parametrize("key", ["seed", "replicate"])
@pytest.mark.parametrize("value", [-1, 2**32])
def test_key_out_of_range(key, value):
    with pytest.raises(NetworkError, match=key):
        build(Network(family="random"), n=100, **{key: value})


def test_complete():
    csr = build(Network(), n=50)
    assert np.all(degrees(csr) == 49)


def test_ring():
    csr = build(Network(family="ring", degree=4), n=7)
    assert csr.indices[:4].tolist() == [1, 2, 5, 6]
    assert csr.indices[12:16].tolist() == [1, 2, 4, 5]
    assert build(Network(family="ring", degree=4), n=5).indices.size == 20


def test_random_degrees_are_poisson(n_many):
    csr = build(Network(family="random", degree=3.5), n=n_many, seed=1)
    assert csr.indices.size // 2 == round(n_many * 3.5 / 2)
    for k in range(10):
        expected = math.exp(-3.5) * 3.5**k / math.factorial(k)
        assert np.mean(degrees(csr) == k) == pytest.approx(expected, abs=5 * math.sqrt(expected / n_many))


@pytest.mark.parametrize("degree", [2, 7, 12])
def test_all_pairs_are_equally_likely(degree):
    """Few ties are drawn one by one, many selected from all pairs: neither may prefer any pair."""
    n, n_networks = 14, 400
    counts = np.zeros((n, n))
    for seed in range(n_networks):
        csr = build(Network(family="random", degree=degree), n=n, seed=seed)
        counts[np.repeat(np.arange(n), degrees(csr)), csr.indices] += 1
    pairs = counts[np.triu_indices(n, 1)] / n_networks
    chance = degree / (n - 1)
    scores = (pairs - chance) / math.sqrt(chance * (1 - chance) / n_networks)
    assert np.abs(scores).max() < 4.2
    assert scores.var() == pytest.approx(1, abs=0.7)


def test_regular_pairs_are_equally_likely():
    n, n_networks, degree = 8, 1_000, 3
    counts = np.zeros((n, n))
    for seed in range(n_networks):
        csr = build(Network(family="regular", degree=degree), n=n, seed=seed)
        counts[np.repeat(np.arange(n), degree), csr.indices] += 1
    chance = degree / (n - 1)
    scores = (counts[np.triu_indices(n, 1)] / n_networks - chance) / math.sqrt(chance * (1 - chance) / n_networks)
    assert np.abs(scores).max() < 4.2


def test_scale_free_degrees(n_many):
    m = 3
    csr = build(Network(family="scale_free", degree=2 * m), n=n_many, seed=2)
    assert csr.indices.size // 2 == m * (m + 1) // 2 + m * (n_many - m - 1)
    for k, expected in zip(range(m, 9), [0.4, 0.2, 0.1143, 0.0714, 0.0476, 0.0333], strict=True):
        assert expected == pytest.approx(2 * m * (m + 1) / (k * (k + 1) * (k + 2)), abs=1e-4)
        assert np.mean(degrees(csr) == k) == pytest.approx(expected, abs=5 * math.sqrt(expected / n_many))
    assert degrees(csr).max() > 2 * math.sqrt(n_many)


@pytest.mark.parametrize(("n_blocks", "within"), [(10, 0.8), (7, 0.3), (2, 0.0), (1, 1.0)])
def test_communities_mix_as_set(n_many, n_blocks, within):
    network = Network(family="communities", degree=8, communities=n_blocks, within=within)
    csr = build(network, n=n_many, seed=1)
    block = np.searchsorted([c * n_many // n_blocks for c in range(1, n_blocks)], np.arange(n_many), "right")
    same = block[np.repeat(np.arange(n_many), degrees(csr))] == block[csr.indices]
    n_ties = n_many * 8 // 2
    assert csr.indices.size == 2 * n_ties
    assert same.sum() == 2 * round(n_ties * within)
    for number in range(n_blocks):
        mean = degrees(csr)[block == number].mean()
        assert mean == pytest.approx(8, abs=5 * math.sqrt(16 / (n_many / n_blocks)))


def test_communities_may_be_full():
    csr = build(Network(family="communities", degree=9, communities=10, within=1.0), n=100)
    assert csr.indices[:9].tolist() == list(range(1, 10))
    assert np.all(degrees(csr) == 9)
