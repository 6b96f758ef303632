"""The network that stores no edges: neighbours one by one, in batches and in the stored form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.networks import Network, NetworkError, build
from abm.networks.procedural import procedure
from abm.networks.procedural_neighbors import neighbor, neighbors
from abm.numerics.jit import entry_point
from abm.numerics.random import stream


def network(degree: int) -> Network:
    return Network(family="procedural", degree=degree)


@entry_point
def _all_one_by_one(given, degree, out):
    for i in range(given.n):
        for number in range(degree):
            out[i, number] = neighbor(given, i, number)


@entry_point
def _all_in_batches(given, degree, batch, out):
    found = np.empty(batch, np.int64)
    for first in range(0, given.n, batch):
        ids = np.arange(first, min(first + batch, given.n))
        for number in range(degree):
            neighbors(given, ids, ids.size, number, found)
            out[first : first + ids.size, number] = found[: ids.size]


def by_rule(n: int, degree: int, seed: int) -> np.ndarray:
    out = np.empty((n, degree), np.int64)
    _all_one_by_one(procedure(network(degree), n, stream(seed, 0, "market")), degree, out)
    return out


@given(n=st.integers(1, 150).map(lambda half: 2 * half), degree=st.integers(0, 30), seed=st.integers(0, 2**32 - 1))
def test_partners_agree(n: int, degree: int, seed: int) -> None:
    """Whoever is somebody's neighbour number k by matching has that one as number k; nobody is their own."""
    degree = min(degree, n - 1)
    ids, found = np.arange(n), by_rule(n, degree, seed)
    assert ((found >= 0) & (found < n)).all()
    assert (found != ids[:, None]).all()
    side = degree // 4
    for number in range(degree - 2 * side):
        assert np.array_equal(found[found[:, number], number], ids)
    for step in range(1, side + 1):
        assert np.array_equal(found[:, degree - 2 * side + 2 * step - 2], (ids - step) % n)
        assert np.array_equal(found[:, degree - 2 * side + 2 * step - 1], (ids + step) % n)


@given(n=st.integers(1, 99).map(lambda half: 2 * half), degree=st.integers(0, 20), batch=st.sampled_from([1, 7, 64]))
def test_stored_form_and_batches_say_the_same(n: int, degree: int, batch: int) -> None:
    degree = min(degree, n - 1)
    found = by_rule(n, degree, seed=5)
    csr = build(network(degree), n=n, seed=5)
    assert np.array_equal(csr.indptr, degree * np.arange(n + 1))
    assert np.array_equal(csr.indices.reshape(n, degree), np.sort(found, axis=1))
    batches = np.empty_like(found)
    _all_in_batches(procedure(network(degree), n, stream(5, 0, "market")), degree, batch, batches)
    assert np.array_equal(batches, found)


def test_plain_python_says_the_same() -> None:
    given = procedure(network(7), 22, stream(5, 0, "market"))
    assert [[neighbor(given, i, k) for k in range(7)] for i in range(22)] == by_rule(22, 7, seed=5).tolist()


@pytest.mark.parametrize("n", [1_002, 10_000])
def test_partners_look_drawn(n: int) -> None:
    """Distances are uniform, matchings independent, and consumers side by side have partners far apart."""
    found = by_rule(n, 12, seed=1)[:, :6]
    distance = (found - np.arange(n)[:, None]) % n
    for number in range(6):
        counts = np.histogram(distance[:, number], bins=50, range=(0, n))[0]
        assert ((counts - n / 50) ** 2 / (n / 50)).sum() / 2 < 25 + 4 * 25**0.5 + 10  # pairs: half the freedom
        assert (np.abs(np.diff(found[:, number])) <= 5).sum() < 40
        for other in range(number):
            assert (found[:, number] == found[:, other]).sum() < 15


def test_duplicate_edges_are_few_and_count_twice() -> None:
    """About degree^2 / 8 pairs come up twice, at any size: here 45 expected between matchings, 45 with the ring."""
    n_double = []
    for seed in range(10):
        csr = build(network(20), n=4_000, seed=seed)
        rows = np.repeat(np.arange(4_000), 20)
        keys, counts = np.unique(rows * 4_000 + csr.indices, return_counts=True)
        mirrored, again = np.unique(csr.indices.astype(np.int64) * 4_000 + rows, return_counts=True)
        assert np.array_equal(keys, mirrored)
        assert np.array_equal(counts, again)
        n_double.append((counts - 1).sum() / 2)
    assert np.mean(n_double) == pytest.approx(10 * 9 / 4 + 10 * 10 / 2, rel=0.1)


def test_key_decides() -> None:
    first, again = by_rule(500, 10, seed=1), by_rule(500, 10, seed=1)
    assert np.array_equal(first, again)
    assert (first[:, :6] != by_rule(500, 10, seed=2)[:, :6]).mean() > 0.95
    ring_only = by_rule(500, 10, seed=1)[:, 6:]
    assert np.array_equal(ring_only, by_rule(500, 10, seed=2)[:, 6:])


def test_no_ties_at_any_number() -> None:
    assert build(network(0), n=7).indices.size == 0


@pytest.mark.parametrize(
    ("n", "degree", "text"),
    [(7, 2, "even number, such as 6 or 8"), (8, 8, "at most 7"), (1, 1, "at most 0")],
)
def test_refused(n: int, degree: int, text: str) -> None:
    with pytest.raises(NetworkError, match=text):
        build(network(degree), n=n)
