"""Cross-market edges: a share of every market's edges is cut, and the stubs are joined to those of other markets.

Everyone keeps their degree. Stubs (ends of cut edges) are matched at random under the one condition that the two are
of different markets: they are ordered market by market and matched across (no market holds more than
half of them, so this always works), then edges are swapped at random until nothing of the order is left.

Source: Maslov & Sneppen (2002), Science 296:910 (swaps of edges that keep every degree).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abm.networks.csr_builder import as_lazy, csr_from_edges, rows_with_duplicates
from abm.networks.duplicate_edges import edges_within, find_duplicates
from abm.networks.errors import NetworkError
from abm.networks.graph_types import CSR, MAX_EDGES, EdgeList, Index, Nodes, to_edges
from abm.networks.random_index import index_from_words
from abm.numerics.jit import entry_point
from abm.numerics.random import Purpose, Stream, draw, stream
from abm.numerics.thread_pool import useful_threads

SWAP_ROUNDS: Final = 8  # swaps tried per edge
MAX_ROUNDS: Final = 100
_TIES_ABROAD: Final = int(Purpose.TIES_ABROAD)
_HALF = np.uint64(32)
_ONE = np.uint64(1)


class _Cut(NamedTuple):
    """One market's remaining edges, and the stubs in random order; all in global rows."""

    kept: EdgeList
    stubs: Nodes


def join_markets(
    csrs: Sequence[CSR],
    shares: Sequence[float],
    *,
    names: Sequence[str],
    offsets: Sequence[int] | Index,
    n_rows: int,
    seed: int = 0,
    replicate: int = 0,
) -> CSR:
    """Join the networks of several markets into one.

    Parameters
    ----------
    csrs : sequence of CSR
        One local network a market.
    shares : sequence of float
        ``ties_abroad`` of each market, 0 .. 1.
    names : sequence of str
        Names of the markets, all different; the order of the markets does not change who is tied to whom.
    offsets : sequence of int
        Global row of each market's first consumer. Rows between two markets stay empty.
    n_rows : int
        Number of global rows.
    seed, replicate : int
        Key of the random numbers.

    Returns
    -------
    CSR
        Over the global rows; ``indices`` are global too. A market with share 0 keeps its local edges alone.

    Raises
    ------
    NetworkError
        If lengths differ, names repeat, a share is outside 0 .. 1, or markets overlap.

    Notes
    -----
    round(share * edges) of a market's edges are cut. If one market would have more stubs than all others
    together, it cuts fewer; in particular a single market with a positive share cuts none. An edge that would
    duplicate another one is swapped again; if 100 rounds find nothing for it (only where hubs have fewer
    possible neighbours in other markets than cut edges), it is dropped.
    """
    _check(csrs, shares, names, offsets, n_rows)
    counts = _cut_counts(csrs, shares)
    by_name = sorted(range(len(names)), key=lambda market: names[market])
    cuts = {
        market: _cut(csrs[market], counts[market], int(offsets[market]), stream(seed, replicate, names[market]))
        for market in by_name
    }
    markets = np.repeat(np.array(by_name, np.uint32), [cuts[market].stubs.size for market in by_name])
    stubs = np.concatenate([cuts[market].stubs for market in by_name])
    crossing = _match(n_rows, stubs, markets, stream(seed, replicate, "\n".join(sorted(names))))
    parts = [cut.kept for cut in cuts.values()] + [crossing]
    return csr_from_edges(n_rows, EdgeList(*(np.concatenate(ends) for ends in zip(*parts, strict=True))))


def _check(
    csrs: Sequence[CSR],
    shares: Sequence[float],
    names: Sequence[str],
    offsets: Sequence[int] | Index,
    n_rows: int,
) -> None:
    if not len(csrs) == len(shares) == len(names) == len(offsets) > 0:
        raise NetworkError("ties abroad: one network, share, name and offset for each market")
    if len(set(names)) < len(names):
        raise NetworkError(f"ties abroad: market names must differ: {', '.join(names)}")
    for name, share in zip(names, shares, strict=True):
        if not 0 <= share <= 1:
            raise NetworkError(f"ties abroad: ties_abroad = {share} of market {name!r}: 0 to 1")
    spans = sorted((int(first), int(first) + csr.indptr.size - 1) for first, csr in zip(offsets, csrs, strict=True))
    borders = [0] + [border for span in spans for border in span] + [n_rows]
    if borders != sorted(borders):
        raise NetworkError(f"ties abroad: markets at rows {spans} overlap or leave the {n_rows:,} rows")
    if sum(csr.indices.size for csr in csrs) > 2 * MAX_EDGES:
        raise NetworkError(f"ties abroad: all markets together hold at most {MAX_EDGES:,} ties")


def _cut_counts(csrs: Sequence[CSR], shares: Sequence[float]) -> list[int]:
    """Return how many edges each market cuts, no market more than all others together."""
    counts = [round(share * (csr.indices.size // 2)) for csr, share in zip(csrs, shares, strict=True)]
    largest = counts.index(max(counts))
    counts[largest] = min(counts[largest], sum(counts) - counts[largest])
    return counts


def _cut(csr: CSR, count: int, offset: int, market: Stream) -> _Cut:
    """Cut the edges with the lowest random keys, so that a higher share cuts these and others."""
    edges = to_edges(csr)
    shifted = EdgeList(edges.tails + np.uint32(offset), edges.heads + np.uint32(offset))
    if count == 0:
        return _Cut(shifted, np.empty(0, np.uint32))
    keys = np.empty(edges.tails.size, np.uint64)
    _draw_keys(market, np.arange(keys.size), 0, keys)
    highest = np.partition(keys, count - 1)[count - 1]
    cut = keys < highest
    cut[np.flatnonzero(keys == highest)[: count - int(cut.sum())]] = True
    chosen = np.flatnonzero(cut)
    stubs = np.concatenate([shifted.tails[cut], shifted.heads[cut]])
    keys = np.empty(stubs.size, np.uint64)
    _draw_keys(market, chosen, 1, keys[:count])
    _draw_keys(market, chosen, 2, keys[count:])
    return _Cut(EdgeList(shifted.tails[~cut], shifted.heads[~cut]), stubs[np.argsort(keys, kind="stable")])


def _match(n_rows: int, stubs: Nodes, markets: Nodes, shared: Stream) -> EdgeList:
    """Match stubs across markets; they come market by market, each market in random order."""
    half = stubs.size // 2
    edges = EdgeList(stubs[:half].copy(), stubs[half:].copy())
    markets_of = EdgeList(markets[:half].copy(), markets[half:].copy())
    if len(np.unique(markets)) > 2:  # with two markets this is a random matching already
        for sweep in range(SWAP_ROUNDS):
            _swap_heads(shared, sweep, np.arange(half), edges, markets_of)
    for round_ in range(SWAP_ROUNDS, SWAP_ROUNDS + MAX_ROUNDS):
        duplicated = _duplicates(n_rows, edges)
        if duplicated.size == 0:
            return edges
        _swap_heads(shared, round_, duplicated, edges, markets_of)
    duplicated = _duplicates(n_rows, edges)
    return EdgeList(np.delete(edges.tails, duplicated), np.delete(edges.heads, duplicated))


def _duplicates(n_rows: int, edges: EdgeList) -> Index:
    threads = useful_threads(None, edges.tails.size)
    has_duplicate = rows_with_duplicates(csr_from_edges(n_rows, edges, threads), threads)
    if has_duplicate is None:
        return np.empty(0, np.int64)
    return find_duplicates(edges_within(as_lazy(edges), has_duplicate, threads)).numbers


@entry_point
def _draw_keys(market: Stream, numbers: Index, part: int, keys: NDArray[np.uint64]) -> None:
    """Draw a random key, uint64, for each of the numbered edges."""
    for k in range(numbers.size):
        words = draw(market, numbers[k], 0, _TIES_ABROAD, part)
        keys[k] = (words[0] << _HALF) | words[1]


@entry_point
def _swap_heads(shared: Stream, attempt: int, chosen: Index, edges: EdgeList, markets: EdgeList) -> None:
    """Turn each chosen edge a-b and a random edge c-d into a-d and c-b, unless that stays inside a market.

    Parameters
    ----------
    shared : Stream
        Random numbers of all markets together.
    attempt : int
    chosen : int64[chosen]
        Numbers of edges.
    edges, markets : EdgeList
        The edges, in place, and the markets of their ends.
    """
    for edge in chosen:
        words = draw(shared, edge, attempt, _TIES_ABROAD, 3)
        other = index_from_words(words[0], words[1], edges.tails.size)
        if words[2] & _ONE:
            edges.tails[other], edges.heads[other] = edges.heads[other], edges.tails[other]
            markets.tails[other], markets.heads[other] = markets.heads[other], markets.tails[other]
        if markets.tails[edge] != markets.heads[other] and markets.tails[other] != markets.heads[edge]:
            edges.heads[edge], edges.heads[other] = edges.heads[other], edges.heads[edge]
            markets.heads[edge], markets.heads[other] = markets.heads[other], markets.heads[edge]
