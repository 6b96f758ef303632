"""From ties to rows: count the ties of every row, then write each tie into the rows of its two ends.

Nothing is stored in between: a listing names its ties a stretch at a time, once to be counted and once to be written.
Threads take stretches as they come, so what a row holds first depends on them; sorting the rows takes that away.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abm.networks.graph_types import CSR, EdgeList, Index, Nodes, countable
from abm.numerics.bits import atomic_next, prefetch
from abm.numerics.jit import entry_point
from abm.numerics.thread_pool import in_parts, useful_threads

STRETCH: Final = 1 << 15  # ties listed at a time: their ends stay in the cache
_ROWS: Final = 1 << 15  # rows sorted at a time
_SHORT_ROW: Final = 48
_DISTANCES: Final = (44842, 19930, 8858, 3937, 1750, 701, 301, 132, 57, 23, 10, 4, 1)
_AHEAD: Final = 24  # ties whose rows are fetched ahead of being written


class Listing(NamedTuple):
    """EdgeList that are worked out when they are needed.

    Attributes
    ----------
    n_ties : int
    fill : callable
        ``fill(first, last, tails, heads)`` writes ties first .. last - 1; the same ones at every call, from any thread.
    """

    n_ties: int
    fill: Callable[[int, int, Nodes, Nodes], None]


def stored(ties: EdgeList) -> Listing:
    """Return the listing of ties that are stored."""

    def fill(first: int, last: int, tails: Nodes, heads: Nodes) -> None:
        tails[:] = ties.tails[first:last]
        heads[:] = ties.heads[first:last]

    return Listing(ties.tails.size, fill)


def from_ties(n: int, ties: EdgeList, threads: int | None = None, degree: int | None = None) -> CSR:
    """Return the rows of stored ties; pairs that occur twice stay twice."""
    return assemble(n, stored(ties), threads, degree)


def from_pairs(n: int, left: Index, right: Index) -> CSR:
    """Return the network of pairs listed in any order, each as often as one likes, as one tie each."""
    keys = np.unique(np.minimum(left, right) * n + np.maximum(left, right))
    return from_ties(n, EdgeList((keys // n).astype(np.uint32), (keys % n).astype(np.uint32)))


def assemble(n: int, listing: Listing, threads: int | None = None, degree: int | None = None) -> CSR:
    """Return the rows of a listing; pairs that occur twice stay twice.

    Parameters
    ----------
    n : int
        Number of consumers; the ends of all ties lie in 0 .. n - 1.
    listing : Listing
    threads : int, optional
        Threads that share the work; does not change the result.
    degree : int, optional
        What everyone is known to have; then ties need not be counted.

    Returns
    -------
    CSR

    Raises
    ------
    NetworkError
        There are more ties than can be numbered.
    """
    threads = useful_threads(threads, countable(listing.n_ties))
    shared = threads > 1
    places = np.zeros(n, np.uint32)  # the number of each row's ties, then the place for the next one
    if degree is not None:
        places[:] = degree
    else:
        each_stretch(listing, threads, lambda _, ties: _count(ties.tails, ties.heads, places, shared))
    indptr = np.zeros(n + 1, np.int64)
    np.cumsum(places, out=indptr[1:])
    places[:] = indptr[:-1]
    indices = np.empty(2 * listing.n_ties, np.uint32)
    each_stretch(listing, threads, lambda _, ties: _scatter(ties.tails, ties.heads, places, indices, shared))
    sort_rows(CSR(indptr, indices), threads)
    return CSR(indptr, indices)


def each_stretch(listing: Listing, threads: int, use: Callable[[int, EdgeList], object]) -> None:
    """Call ``use`` with the first number and the ends of one stretch of ties after the other, in no certain order."""

    def work(parts: Iterator[tuple[int, int]]) -> None:
        room = min(STRETCH, listing.n_ties)
        tails, heads = np.empty(room, np.uint32), np.empty(room, np.uint32)
        for first, last in parts:
            ties = EdgeList(tails[: last - first], heads[: last - first])
            listing.fill(first, last, ties.tails, ties.heads)
            use(first, ties)

    in_parts(listing.n_ties, STRETCH, threads, work)


def sort_rows(csr: CSR, threads: int) -> None:
    """Sort every row in place."""

    def work(parts: Iterator[tuple[int, int]]) -> None:
        for first, last in parts:
            _sort(csr.indptr, csr.indices, first, last)

    in_parts(csr.indptr.size - 1, _ROWS, threads, work)


def crowded_rows(csr: CSR, threads: int) -> NDArray[np.bool_] | None:
    """Return which sorted rows hold a neighbour twice, bool[n], or None if there are none."""
    crowded = np.zeros(csr.indptr.size - 1, np.bool_)
    found: list[bool] = []

    def work(parts: Iterator[tuple[int, int]]) -> None:
        for first, last in parts:
            if _mark_crowded(csr.indptr, csr.indices, first, last, crowded):
                found.append(True)

    in_parts(csr.indptr.size - 1, _ROWS, threads, work)
    return crowded if found else None


@entry_point
def _count(tails, heads, counts, shared):  # type: ignore[no-untyped-def]
    for tie in range(tails.size):
        ahead = min(tie + _AHEAD, tails.size - 1)
        prefetch(counts, np.int64(tails[ahead]))
        prefetch(counts, np.int64(heads[ahead]))
        if shared:
            atomic_next(counts, np.int64(tails[tie]))
            atomic_next(counts, np.int64(heads[tie]))
        else:
            counts[tails[tie]] += np.uint32(1)
            counts[heads[tie]] += np.uint32(1)


@entry_point
def _scatter(tails, heads, places, indices, shared):  # type: ignore[no-untyped-def]
    """Write each tie into both rows, at the next free place of either."""
    last = tails.size - 1
    for tie in range(tails.size):
        far, near = min(tie + 2 * _AHEAD, last), min(tie + _AHEAD, last)
        prefetch(places, np.int64(tails[far]))
        prefetch(places, np.int64(heads[far]))
        prefetch(indices, np.int64(places[tails[near]]))
        prefetch(indices, np.int64(places[heads[near]]))
        tail, head = np.int64(tails[tie]), np.int64(heads[tie])
        if shared:
            indices[np.int64(atomic_next(places, tail))] = np.uint32(head)
            indices[np.int64(atomic_next(places, head))] = np.uint32(tail)
        else:
            indices[np.int64(places[tail])] = np.uint32(head)
            places[tail] += np.uint32(1)
            indices[np.int64(places[head])] = np.uint32(tail)
            places[head] += np.uint32(1)


@entry_point
def _sort(indptr, indices, first, last):  # type: ignore[no-untyped-def]
    """Sort rows in place by insertion, the best way for the short rows of social networks.

    In long rows neighbours far apart are sorted first, then nearer ones (Shell, 1959; distances: Ciura, 2001).
    """
    for node in range(first, last):
        start, stop = indptr[node], indptr[node + 1]
        for distance in _DISTANCES:
            if distance > 1 and stop - start <= max(_SHORT_ROW, distance):
                continue
            for place in range(start + distance, stop):
                value = indices[place]
                before = place - distance
                while before >= start and indices[before] > value:
                    indices[before + distance] = indices[before]
                    before -= distance
                indices[before + distance] = value


@entry_point
def _mark_crowded(indptr, indices, first, last, crowded):  # type: ignore[no-untyped-def]
    """Mark the rows in which a neighbour occurs twice and say whether there is any."""
    found = False
    for node in range(first, last):
        for place in range(indptr[node] + 1, indptr[node + 1]):
            if indices[place] == indices[place - 1]:
                crowded[node] = True
                found = True
    return found
