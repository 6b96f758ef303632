import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abm.networks import CSR, Network, NetworkError, build, join_markets


def layout(sizes):
    """Return offsets at multiples of 64 and the number of rows."""
    padded = [-(-size // 64) * 64 for size in sizes]
    return np.concatenate([[0], np.cumsum(padded)[:-1]]), int(sum(padded))


def markets(sizes, names, degree=6.0, family="random"):
    network = Network(family=family, degree=degree)
    return [build(network, n=size, name=name) for size, name in zip(sizes, names, strict=True)]


def shifted(csrs, offsets, n_rows):
    """Return the local networks, side by side, by plain numpy."""
    degree = np.zeros(n_rows, np.int64)
    for csr, offset in zip(csrs, offsets, strict=True):
        degree[offset : offset + csr.indptr.size - 1] = np.diff(csr.indptr)
    parts = [csr.indices + np.uint32(offset) for csr, offset in zip(csrs, offsets, strict=True)]
    return CSR(np.concatenate([[0], np.cumsum(degree)]), np.concatenate(parts))


def home(offsets, rows):
    return np.searchsorted(offsets, rows, "right") - 1


def crossings(csr, offsets):
    """Return the number of tie ends from market a to market b."""
    tails = home(offsets, np.repeat(np.arange(csr.indptr.size - 1), np.diff(csr.indptr)))
    counts = np.zeros((len(offsets), len(offsets)), np.int64)
    np.add.at(counts, (tails, home(offsets, csr.indices)), 1)
    return counts


def test_no_share_no_change():
    sizes, names = [100, 64, 33], ["west", "asia", "japan"]
    csrs = markets(sizes, names)
    offsets, n_rows = layout(sizes)
    mixed = join_markets(csrs, [0, 0, 0], names=names, offsets=offsets, n_rows=n_rows)
    expected = shifted(csrs, offsets, n_rows)
    assert np.array_equal(mixed.indptr, expected.indptr)
    assert np.array_equal(mixed.indices, expected.indices)
    assert mixed.indices.dtype == np.uint32


@settings(max_examples=25, deadline=None)
@given(
    sizes=st.lists(st.integers(8, 90), min_size=1, max_size=5),
    shares=st.lists(st.sampled_from([0.0, 0.1, 0.5, 1.0]), min_size=5, max_size=5),
    seed=st.integers(0, 99),
)
def test_simple_and_degrees_kept(assert_simple, sizes, shares, seed):
    names = [f"market {number}" for number in range(len(sizes))]
    csrs = markets(sizes, names)
    offsets, n_rows = layout(sizes)
    mixed = join_markets(csrs, shares[: len(sizes)], names=names, offsets=offsets, n_rows=n_rows, seed=seed)
    local = shifted(csrs, offsets, n_rows)
    assert_simple(mixed, n_rows)
    assert np.array_equal(np.diff(mixed.indptr), np.diff(local.indptr))
    for market, share in enumerate(shares[: len(sizes)]):
        if share == 0:
            span = slice(offsets[market], offsets[market] + sizes[market] + 1)
            assert np.array_equal(mixed.indptr[span], local.indptr[span])
            span_edges = slice(mixed.indptr[span][0], mixed.indptr[span][-1])
            assert np.array_equal(mixed.indices[span_edges], local.indices[span_edges])


def test_share_is_reached_and_spread(n_many):
    sizes, names = [n_many // 10, n_many // 20, n_many // 20, n_many // 40], list("abcd")
    shares = [0.2, 0.4, 0.1, 0.0]
    csrs = markets(sizes, names)
    offsets, n_rows = layout(sizes)
    counts = crossings(join_markets(csrs, shares, names=names, offsets=offsets, n_rows=n_rows), offsets)
    for market, share in enumerate(shares):
        to_others = counts[market].sum() - counts[market, market]
        assert to_others == 2 * round(share * (csrs[market].indices.size // 2))


def test_markets_are_drawn_in_proportion():
    """Four equal markets: every two of them share one sixth of the cross-market edges."""
    sizes, names = [640] * 4, list("abcd")
    csrs = markets(sizes, names, degree=10)
    offsets, n_rows = layout(sizes)
    counts = crossings(join_markets(csrs, [0.5] * 4, names=names, offsets=offsets, n_rows=n_rows), offsets)
    pairs = counts[np.triu_indices(4, 1)]
    assert pairs.sum() == 2 * 1600 * 2
    assert np.all(np.abs(pairs / pairs.sum() - 1 / 6) < 0.02)


def test_largest_market_is_trimmed():
    sizes, names = [2_000, 100], ["big", "small"]
    csrs = markets(sizes, names)
    offsets, n_rows = layout(sizes)
    counts = crossings(join_markets(csrs, [0.5, 0.5], names=names, offsets=offsets, n_rows=n_rows), offsets)
    assert counts[0, 1] == counts[1, 0] == 2 * 150
    alone = join_markets(csrs, [0.5, 0.0], names=names, offsets=offsets, n_rows=n_rows)
    assert np.array_equal(alone.indices, shifted(csrs, offsets, n_rows).indices)


def test_order_of_markets_does_not_matter():
    sizes, names, shares = [200, 150, 90], ["west", "asia", "japan"], [0.3, 0.2, 0.4]
    csrs = markets(sizes, names)
    offsets, n_rows = layout(sizes)
    one = join_markets(csrs, shares, names=names, offsets=offsets, n_rows=n_rows, seed=5)
    other_offsets, _ = layout(sizes[::-1])
    other = join_markets(csrs[::-1], shares[::-1], names=names[::-1], offsets=other_offsets, n_rows=n_rows, seed=5)
    move = np.zeros(n_rows, np.int64)
    for old, new, size in zip(offsets, other_offsets[::-1], sizes, strict=True):
        move[old : old + size] = np.arange(new, new + size)
    moved = {
        (int(move[a]), int(move[b]))
        for a, b in zip(np.repeat(np.arange(n_rows), np.diff(one.indptr)), one.indices, strict=True)
    }
    listed = zip(np.repeat(np.arange(n_rows), np.diff(other.indptr)).tolist(), other.indices.tolist(), strict=True)
    assert moved == set(listed)


def test_seed_and_replicate_matter():
    csrs = markets([200, 200], "ab")
    mixed = [
        join_markets(csrs, [0.3, 0.3], names="ab", offsets=[0, 256], n_rows=512, seed=seed, replicate=replicate)
        for seed, replicate in [(1, 0), (1, 0), (2, 0), (1, 1)]
    ]
    assert np.array_equal(mixed[0].indices, mixed[1].indices)
    assert not np.array_equal(mixed[0].indices, mixed[2].indices)
    assert not np.array_equal(mixed[0].indices, mixed[3].indices)


def test_hubs_with_too_few_possible_neighbors_lose_edges(assert_simple):
    """A hub of 30 cut edges finds at most six different neighbours in the other market: the rest is dropped."""
    star = build(Network(family="graph", graph=nx.star_graph(30)))
    small = build(Network(), n=6)
    mixed = join_markets([star, small], [1, 1], names=["star", "small"], offsets=[0, 64], n_rows=128)
    assert_simple(mixed, 128)
    assert mixed.indptr[1] - mixed.indptr[0] <= 30
    assert mixed.indices.size <= star.indices.size + small.indices.size


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"shares": [0.1]}, "for each market"),
        ({"names": ["a", "a"]}, "must differ"),
        ({"shares": [0.1, 1.5]}, "ties_abroad = 1.5 of market 'b'"),
        ({"offsets": [0, 50]}, "overlap"),
        ({"n_rows": 150}, "leave the 150 rows"),
    ],
)
def test_refused(change, text):
    arguments = {"shares": [0.1, 0.1], "names": ["a", "b"], "offsets": [0, 128], "n_rows": 256} | change
    with pytest.raises(NetworkError, match=text):
        join_markets(markets([100, 100], "ab"), **arguments)
