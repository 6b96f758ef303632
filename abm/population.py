"""Who lives in the markets: draws every consumer's traits and initial state."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from abm import fixed_point as fp
from abm.arrays import PLACES, PROCEDURES, Population, State, Ties, Traits
from abm.compiled import compiled, rule
from abm.market import Market
from abm.networks import CSR, build, mix_abroad
from abm.networks.feistel import neighbor
from abm.networks.parameters import NOT_STORED
from abm.networks.procedural import procedure
from abm.plain import plain
from abm.random import Purpose, Stream, draw, stream
from abm.tables import basket_of, baskets, normal_quantiles, taste_of
from abm.telling import procedure_of

_AT_A_TIME = 1 << 16  # rows
_TRAITS, _INITIAL = int(Purpose.TRAITS), int(Purpose.INITIAL_ADOPTION)


def lay_out(markets: Sequence[Market], seed: int, replicate: int) -> npt.NDArray[np.void]:
    """Give every market its rows: PLACES[markets], each starting at a multiple of 64."""
    places = np.zeros(len(markets), PLACES)
    first_block = 0
    for index, market in enumerate(markets):
        n_blocks = -(-market.consumers // 64)
        own = stream(seed, replicate, market.name)
        complete = market.network.family == "complete"
        places[index] = (first_block, n_blocks, market.consumers, complete, *own)
        first_block += n_blocks
    return places


def rows_of(place: Any) -> slice:
    """Return the rows of one market's consumers."""
    first = 64 * int(place["first_block"])
    return slice(first, first + int(place["n_consumers"]))


def populate(
    markets: Sequence[Market], places: npt.NDArray[np.void], ties: Ties, *, bad_news: bool, stocks: bool = False
) -> Population:
    """Draw traits and the state of week 0.

    ``bad_news`` and ``stocks`` say whether news travels and stocks are kept at any time in the run; arrays that nobody
    will need are left empty.
    """
    n_blocks = int(places["n_blocks"].sum())
    n_rows = 64 * n_blocks
    traits = Traits(
        np.zeros(n_rows, np.int32), np.zeros(n_rows, np.uint16), np.zeros(n_rows, np.uint16),
        np.zeros(n_rows, np.uint32), np.zeros(0, np.uint8) if places["complete"].all() else count_ties(ties, n_rows),
    )  # fmt: skip
    aware = np.zeros(n_rows, np.bool_)
    mode = np.zeros(n_rows, np.bool_)
    habit, trust = np.zeros(n_rows, np.uint16), np.zeros(n_rows, np.uint16)
    for market, place in zip(markets, places, strict=True):
        rows = rows_of(place)
        own = Stream(place["seed"], place["replicate"], place["market"])
        aware_below = fp.quanta(market.awareness.initial)
        part = Traits(
            traits.taste[rows], traits.live_rank[rows], traits.reach_rank[rows], traits.basket[rows],
            traits.n_neighbors[rows],
        )  # fmt: skip
        draw_traits(own, part, normal_quantiles(), baskets(market.basket_sigma), aware_below, aware[rows])
        mode[rows] = initial_modes(market, own)
        habit[rows] = round(market.habit.initial * fp.LEVELS)
        trust[rows] = round(market.trust.initial * fp.LEVELS)
    aware |= mode
    n_super = np.zeros_like(traits.n_neighbors)
    if n_super.size:
        count_neighbors(ties, mode, n_super)
    state = State(
        _pack(aware), _pack(mode), np.zeros(n_blocks, np.uint64), np.zeros(n_blocks, np.uint64),
        habit, trust, n_super, np.zeros(n_super.size if bad_news else 0, n_super.dtype),
        np.zeros(n_rows if stocks else 0, np.uint16),
    )  # fmt: skip
    return Population(traits, state, ties)


def connect(
    markets: Sequence[Market], places: npt.NDArray[np.void], seed: int, replicate: int, threads: int | None = None
) -> Ties:
    """Build every market's network and join them into one, with the ties abroad that the markets ask for.

    ``threads`` share the building; without it, all cores if that pays.

    Raises
    ------
    NetworkError
        A network cannot be built as asked.
    """
    procedures = _procedures(markets, places, seed, replicate)
    if all(market.network.family in NOT_STORED for market in markets):
        return Ties(np.zeros(1, np.int64), np.zeros(0, np.uint32), procedures)
    local = [_local_network(market, seed, replicate, threads) for market in markets]
    n_rows = 64 * int(places["n_blocks"].sum())
    offsets = 64 * places["first_block"]
    shares = [market.network.ties_abroad for market in markets]
    if not any(shares):
        return _side_by_side(local, offsets, n_rows)._replace(procedures=procedures)
    names = [market.name for market in markets]
    mixed = mix_abroad(local, shares, names=names, offsets=offsets, n_rows=n_rows, seed=seed, replicate=replicate)
    return Ties(*mixed, procedures)


def _procedures(
    markets: Sequence[Market], places: npt.NDArray[np.void], seed: int, replicate: int
) -> npt.NDArray[np.void]:
    """Return how the ties of markets that do not store them are worked out, PROCEDURES[such markets]."""
    records = [
        (
            64 * int(place["first_block"]),
            *procedure(market.network, market.consumers, stream(seed, replicate, market.name)),
        )
        for market, place in zip(markets, places, strict=True)
        if market.network.family == "procedural"
    ]
    return np.array(records, PROCEDURES).view(np.recarray)


def _local_network(market: Market, seed: int, replicate: int, threads: int | None) -> CSR:
    if market.network.family in NOT_STORED:
        return CSR(np.zeros(market.consumers + 1, np.int64), np.zeros(0, np.uint32))
    return build(market.network, n=market.consumers, seed=seed, replicate=replicate, name=market.name, threads=threads)


def _side_by_side(local: list[CSR], offsets: npt.NDArray[np.int64], n_rows: int) -> Ties:
    """Join networks without a tie between them; rows between two markets have no ties."""
    indptr = np.zeros(n_rows + 1, np.int64)
    n_before = 0
    for csr, first in zip(local, offsets, strict=True):
        last = first + csr.indptr.size
        np.add(csr.indptr, n_before, out=indptr[first:last])
        n_before += csr.indices.size
        indptr[last:] = n_before
    if len(local) == 1:
        return Ties(indptr, local[0].indices)
    indices = np.empty(n_before, np.uint32)
    for first in offsets:
        csr = local.pop(0)  # large networks are let go one by one
        begin, end = indptr[first], indptr[first + csr.indptr.size - 1]
        np.add(csr.indices, np.uint32(first), out=indices[begin:end])
    return Ties(indptr, indices)


def initial_modes(market: Market, own: Stream) -> npt.NDArray[np.bool_]:
    """Return who is in mode super at week 0, bool[consumers]; an exact count, drawn without replacement."""
    mode = np.zeros(market.consumers, np.bool_)
    mode[list(market.seed_consumers)] = True
    n_seeds = market.seed_adopters or int(market.initial_adoption * market.consumers + 0.5)
    if n_seeds:
        mark_first(own, _last_key(own, market.consumers, n_seeds), mode)
    return mode


def _last_key(own: Stream, n: int, n_first: int) -> np.uint64:
    """Return the key of number ``n_first`` in the random order of n consumers, without storing all keys."""
    counts = np.zeros(2**16, np.int64)
    count_keys(own, n, counts)
    up_to = np.cumsum(counts)
    stretch = int(np.searchsorted(up_to, n_first))  # of keys that begin with the same 16 bits
    keys = np.zeros(counts[stretch], np.uint64)
    collect_keys(own, n, stretch, keys)
    rank = n_first - 1 - int(up_to[stretch] - counts[stretch])
    last: np.uint64 = np.partition(keys, rank)[rank]
    return last


@compiled
def draw_traits(stream, traits, quantiles, basket_table, aware_below, aware):  # type: ignore[no-untyped-def]
    """Fill the traits and the initial awareness of one market, in place."""
    for i in range(traits.taste.size):
        taste, ranks, basket, awareness = draw(stream, i, 0, _TRAITS, 0)
        traits.taste[i] = taste_of(np.int64(taste), quantiles)
        traits.live_rank[i] = np.int64(ranks) >> 16
        traits.reach_rank[i] = np.int64(ranks) & 0xFFFF
        traits.basket[i] = basket_of(taste_of(np.int64(basket), quantiles), basket_table)
        aware[i] = np.int64(awareness) < aware_below


@rule
def key_of(stream, i):  # type: ignore[no-untyped-def]
    """Return consumer i's key in the random order: a random word, ties broken by id."""
    return (draw(stream, i, 0, _INITIAL, 0)[0] << np.uint64(32)) | np.uint64(i)


@compiled
def draw_keys(stream, keys):  # type: ignore[no-untyped-def]
    """Fill in a random order of consumers, in place."""
    for i in range(keys.size):
        keys[i] = key_of(stream, i)


@compiled
def count_keys(stream, n, counts):  # type: ignore[no-untyped-def]
    """Count keys by their first 16 bits, in place."""
    for i in range(n):
        counts[key_of(stream, i) >> np.uint64(48)] += 1


@compiled
def collect_keys(stream, n, stretch, keys):  # type: ignore[no-untyped-def]
    """Write down the keys whose first 16 bits are ``stretch``, in place."""
    found = 0
    for i in range(n):
        key = key_of(stream, i)
        if np.int64(key >> np.uint64(48)) == stretch:
            keys[found] = key
            found += 1


@compiled
def mark_first(stream, last_key, marked):  # type: ignore[no-untyped-def]
    """Mark the consumers up to ``last_key`` in the random order, in place."""
    for i in range(marked.size):
        marked[i] |= key_of(stream, i) <= last_key


@compiled
def count_neighbors(ties, mode, n_super):  # type: ignore[no-untyped-def]
    """Count every row's neighbours in mode super, in place."""
    n_super[:] = 0
    for number in range(ties.procedures.size):
        record = ties.procedures[number]
        procedure = procedure_of(record)
        for i in range(record.n):
            if mode[record.first_row + i]:  # often few: it takes less to tell than to ask
                for k in range(2 * record.side + record.n_matchings):
                    n_super[record.first_row + neighbor(procedure, i, k)] += 1
    if ties.indptr.size == 1:
        return
    for row in range(n_super.size):
        count = 0
        for tie in range(ties.indptr[row], ties.indptr[row + 1]):
            count += mode[ties.indices[tie]]
        n_super[row] += count


@compiled
def longest_row(indptr):  # type: ignore[no-untyped-def]
    """Return the number of ties in the longest row."""
    longest = 0
    for row in range(indptr.size - 1):
        longest = max(longest, indptr[row + 1] - indptr[row])
    return longest


def count_ties(ties: Ties, n_rows: int) -> npt.NDArray[Any]:
    """Return every row's number of neighbours, in the smallest type that holds the largest of them."""
    worked_out = 2 * ties.procedures["side"] + ties.procedures["n_matchings"]
    largest = max(longest_row(ties.indptr), int(worked_out.max(initial=0)))
    n_neighbors = np.zeros(n_rows, np.uint8 if largest < 2**8 else np.uint16 if largest < 2**16 else np.uint32)
    if ties.indptr.size > 1:
        for first in range(0, n_rows, _AT_A_TIME):
            part = ties.indptr[first : first + _AT_A_TIME + 1]
            n_neighbors[first : first + _AT_A_TIME] = np.diff(part)
    for record, degree in zip(ties.procedures, worked_out, strict=True):
        n_neighbors[record.first_row : record.first_row + record.n] = degree
    return n_neighbors


def neighbors_of(ties: Ties, row: int) -> npt.NDArray[np.int64]:
    """Return the rows of a consumer's neighbours, stored or worked out, ascending."""
    for record in ties.procedures:
        if record.first_row <= row < record.first_row + record.n:
            given, i = plain(procedure_of)(record), row - int(record.first_row)
            numbers = range(2 * given.side + given.n_matchings)
            found = [int(plain(neighbor)(given, np.int64(i), number)) for number in numbers]
            return np.sort(np.array(found, np.int64)) + int(record.first_row)
    return ties.indices[ties.indptr[row] : ties.indptr[row + 1]].astype(np.int64)


def _pack(bits: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint64]:
    return np.packbits(bits, bitorder="little").view("<u8").astype(np.uint64)


def unpack(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Return one truth value per row from words of 64 bits."""
    return np.unpackbits(words.astype("<u8").view(np.uint8), bitorder="little").astype(np.bool_)
