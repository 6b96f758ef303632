"""EdgeList abroad: a share of every market's ties is cut, and the loose ends are tied to those of other markets.

Everyone keeps their number of ties. Loose ends are matched at random under the one condition that the two are
of different markets: they are laid out market by market and matched across (no market holds more than
half of them, so this always works), then partners are exchanged at random until nothing of the order is left.

Source: Maslov & Sneppen (2002), Science 296:910 (exchange of partners that keeps every degree).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from abm.networks.csr_builder import crowded_rows, from_ties, stored
from abm.networks.duplicate_edges import listed_in, repeats_among
from abm.networks.errors import NetworkError
from abm.networks.graph_types import CSR, MAX_TIES, EdgeList, Index, Nodes, to_ties
from abm.networks.random_index import below
from abm.numerics.jit import entry_point
from abm.numerics.random import Purpose, Stream, draw, stream
from abm.numerics.thread_pool import useful_threads

SWEEPS: Final = 8  # exchanges tried per tie
MAX_ROUNDS: Final = 100
_TIES_ABROAD: Final = int(Purpose.TIES_ABROAD)
_HALF = np.uint64(32)
_ONE = np.uint64(1)


class _Cut(NamedTuple):
    """What is left of one market's ties, and the loose ends in random order; all in global rows."""

    kept: EdgeList
    loose: Nodes


def mix_abroad(
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
        Over the global rows; ``indices`` are global too. A market with share 0 keeps its local ties alone.

    Raises
    ------
    NetworkError
        If lengths differ, names repeat, a share is outside 0 .. 1, or markets overlap.

    Notes
    -----
    round(share * ties) of a market's ties are cut. If one market would have more loose ends than all others
    together, it cuts fewer; in particular a single market with a positive share cuts none. A tie that would
    double another one exchanges partners again; if 100 rounds find none (only where hubs have fewer
    possible partners abroad than cut ties), it is dropped.
    """
    _check(csrs, shares, names, offsets, n_rows)
    counts = _cut_counts(csrs, shares)
    by_name = sorted(range(len(names)), key=lambda market: names[market])
    cuts = {
        market: _cut(csrs[market], counts[market], int(offsets[market]), stream(seed, replicate, names[market]))
        for market in by_name
    }
    markets = np.repeat(np.array(by_name, np.uint32), [cuts[market].loose.size for market in by_name])
    loose = np.concatenate([cuts[market].loose for market in by_name])
    abroad = _match(n_rows, loose, markets, stream(seed, replicate, "\n".join(sorted(names))))
    parts = [cut.kept for cut in cuts.values()] + [abroad]
    return from_ties(n_rows, EdgeList(*(np.concatenate(ends) for ends in zip(*parts, strict=True))))


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
    if sum(csr.indices.size for csr in csrs) > 2 * MAX_TIES:
        raise NetworkError(f"ties abroad: all markets together hold at most {MAX_TIES:,} ties")


def _cut_counts(csrs: Sequence[CSR], shares: Sequence[float]) -> list[int]:
    """Return how many ties each market cuts, no market more than all others together."""
    counts = [round(share * (csr.indices.size // 2)) for csr, share in zip(csrs, shares, strict=True)]
    largest = counts.index(max(counts))
    counts[largest] = min(counts[largest], sum(counts) - counts[largest])
    return counts


def _cut(csr: CSR, count: int, offset: int, market: Stream) -> _Cut:
    """Cut the ties with the lowest random keys, so that a higher share cuts these and others."""
    ties = to_ties(csr)
    shifted = EdgeList(ties.tails + np.uint32(offset), ties.heads + np.uint32(offset))
    if count == 0:
        return _Cut(shifted, np.empty(0, np.uint32))
    keys = np.empty(ties.tails.size, np.uint64)
    _draw_keys(market, np.arange(keys.size), 0, keys)
    highest = np.partition(keys, count - 1)[count - 1]
    cut = keys < highest
    cut[np.flatnonzero(keys == highest)[: count - int(cut.sum())]] = True
    chosen = np.flatnonzero(cut)
    loose = np.concatenate([shifted.tails[cut], shifted.heads[cut]])
    keys = np.empty(loose.size, np.uint64)
    _draw_keys(market, chosen, 1, keys[:count])
    _draw_keys(market, chosen, 2, keys[count:])
    return _Cut(EdgeList(shifted.tails[~cut], shifted.heads[~cut]), loose[np.argsort(keys, kind="stable")])


def _match(n_rows: int, loose: Nodes, markets: Nodes, everyone: Stream) -> EdgeList:
    """Tie loose ends across markets; ends come market by market, each market in random order."""
    half = loose.size // 2
    ties = EdgeList(loose[:half].copy(), loose[half:].copy())
    sides = EdgeList(markets[:half].copy(), markets[half:].copy())
    if len(np.unique(markets)) > 2:  # with two the layout is already a random matching
        for sweep in range(SWEEPS):
            _exchange(everyone, sweep, np.arange(half), ties, sides)
    for round_ in range(SWEEPS, SWEEPS + MAX_ROUNDS):
        doubled = _repeats(n_rows, ties)
        if doubled.size == 0:
            return ties
        _exchange(everyone, round_, doubled, ties, sides)
    doubled = _repeats(n_rows, ties)
    return EdgeList(np.delete(ties.tails, doubled), np.delete(ties.heads, doubled))


def _repeats(n_rows: int, ties: EdgeList) -> Index:
    threads = useful_threads(None, ties.tails.size)
    crowded = crowded_rows(from_ties(n_rows, ties, threads), threads)
    if crowded is None:
        return np.empty(0, np.int64)
    return repeats_among(listed_in(stored(ties), crowded, threads)).numbers


@entry_point
def _draw_keys(market, numbers, part, keys):  # type: ignore[no-untyped-def]
    for place in range(numbers.size):
        words = draw(market, numbers[place], 0, _TIES_ABROAD, part)
        keys[place] = (words[0] << _HALF) | words[1]


@entry_point
def _exchange(everyone, attempt, chosen, ties, markets):  # type: ignore[no-untyped-def]
    """Turn each chosen tie a-b and a random tie c-d into a-d and c-b, unless that stays inside a market."""
    for tie in chosen:
        words = draw(everyone, tie, attempt, _TIES_ABROAD, 3)
        other = below(words[0], words[1], ties.tails.size)
        if words[2] & _ONE:
            ties.tails[other], ties.heads[other] = ties.heads[other], ties.tails[other]
            markets.tails[other], markets.heads[other] = markets.heads[other], markets.tails[other]
        if markets.tails[tie] != markets.heads[other] and markets.tails[other] != markets.heads[tie]:
            ties.heads[tie], ties.heads[other] = ties.heads[other], ties.heads[tie]
            markets.heads[tie], markets.heads[other] = markets.heads[other], markets.heads[tie]
