"""Edges to compressed sparse rows: count the edges of every row, then write each edge into the rows of its two ends.

The edges need not be stored: `LazyEdges` generates them a chunk at a time, once to be counted and once to be written.
Threads take chunks as they come, so the order within a row depends on them until the rows are sorted.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abm.networks.graph_types import CSR, EdgeList, Index, Nodes, require_countable
from abm.numerics.bits import atomic_next, prefetch
from abm.numerics.jit import entry_point, int64
from abm.numerics.thread_pool import run_in_chunks, useful_threads

CHUNK: Final = 1 << 15  # edges generated at a time: their ends stay in the cache
_ROW_CHUNK: Final = 1 << 15  # rows sorted at a time
_SHORT_ROW: Final = 48
_DISTANCES: Final = (44842, 19930, 8858, 3937, 1750, 701, 301, 132, 57, 23, 10, 4, 1)
_AHEAD: Final = 24  # edges whose rows are fetched ahead of being written


class LazyEdges(NamedTuple):
    """Edges that are generated when they are needed.

    Attributes
    ----------
    n_edges : int
    fill : callable
        ``fill(first, last, tails, heads)`` writes edges first .. last - 1; the same at every call, from any thread.
    """

    n_edges: int
    fill: Callable[[int, int, Nodes, Nodes], None]


def as_lazy(edges: EdgeList) -> LazyEdges:
    """Return stored edges in the form of lazy ones."""

    def fill(first: int, last: int, tails: Nodes, heads: Nodes) -> None:
        tails[:] = edges.tails[first:last]
        heads[:] = edges.heads[first:last]

    return LazyEdges(edges.tails.size, fill)


def csr_from_edges(n: int, edges: EdgeList, threads: int | None = None, degree: int | None = None) -> CSR:
    """Return the rows of stored edges; pairs that occur twice stay twice. Parameters as in `build_csr`."""
    return build_csr(n, as_lazy(edges), threads, degree)


def csr_from_pairs(n: int, left: Index, right: Index) -> CSR:
    """Return the network in which each of the pairs is one edge, however often and in whichever order it is given.

    Parameters
    ----------
    n : int
        Number of consumers.
    left, right : int64[pairs]
        The two ends, 0 .. n - 1, of every pair.

    Returns
    -------
    CSR
    """
    keys = np.sort(np.minimum(left, right) * n + np.maximum(left, right))  # several times as fast as np.unique
    keys = keys[np.append(True, keys[1:] != keys[:-1])[: keys.size]]
    return csr_from_edges(n, EdgeList((keys // n).astype(np.uint32), (keys % n).astype(np.uint32)))


def build_csr(n: int, lazy: LazyEdges, threads: int | None = None, degree: int | None = None) -> CSR:
    """Return the rows of lazy edges; pairs that occur twice stay twice.

    Parameters
    ----------
    n : int
        Number of consumers; the ends of all edges lie in 0 .. n - 1.
    lazy : LazyEdges
        The edges.
    threads : int, optional
        Threads that share the work; does not change the result.
    degree : int, optional
        What everyone is known to have; then edges need not be counted.

    Returns
    -------
    CSR

    Raises
    ------
    NetworkError
        There are more edges than can be numbered.
    """
    threads = useful_threads(threads, require_countable(lazy.n_edges))
    shared = threads > 1
    offsets = np.zeros(n, np.uint32)  # the number of each row's edges, then where its next one is written
    if degree is not None:
        offsets[:] = degree
    else:
        for_each_chunk(lazy, threads, lambda _, edges: _count_degrees(edges.tails, edges.heads, offsets, shared))
    indptr = np.zeros(n + 1, np.int64)
    np.cumsum(offsets, out=indptr[1:])
    offsets[:] = indptr[:-1]
    indices = np.empty(2 * lazy.n_edges, np.uint32)
    for_each_chunk(lazy, threads, lambda _, edges: _scatter(edges.tails, edges.heads, offsets, indices, shared))
    sort_rows(CSR(indptr, indices), threads)
    return CSR(indptr, indices)


def for_each_chunk(lazy: LazyEdges, threads: int, use: Callable[[int, EdgeList], object]) -> None:
    """Call ``use`` with the number of the first edge and the edges of one chunk after the other, in any order.

    Parameters
    ----------
    lazy : LazyEdges
        The edges.
    threads : int
        Threads that share the work.
    use : callable
        ``use(first, edges)``; the arrays of ``edges`` are used again for the next chunk.
    """

    def work(chunks: Iterator[tuple[int, int]]) -> None:
        size = min(CHUNK, lazy.n_edges)
        tails, heads = np.empty(size, np.uint32), np.empty(size, np.uint32)
        for first, last in chunks:
            edges = EdgeList(tails[: last - first], heads[: last - first])
            lazy.fill(first, last, edges.tails, edges.heads)
            use(first, edges)

    run_in_chunks(lazy.n_edges, CHUNK, threads, work)


def sort_rows(csr: CSR, threads: int) -> None:
    """Sort every row in place.

    Parameters
    ----------
    csr : CSR
    threads : int
    """

    def work(chunks: Iterator[tuple[int, int]]) -> None:
        for first, last in chunks:
            _sort(csr.indptr, csr.indices, first, last)

    run_in_chunks(csr.indptr.size - 1, _ROW_CHUNK, threads, work)


def rows_with_duplicates(csr: CSR, threads: int) -> NDArray[np.bool_] | None:
    """Return which sorted rows hold a neighbour twice.

    Parameters
    ----------
    csr : CSR
        Its rows are sorted.
    threads : int
        Threads that share the work.

    Returns
    -------
    bool[n] or None
        None if there is no such row.
    """
    has_duplicate = np.zeros(csr.indptr.size - 1, np.bool_)
    found: list[bool] = []

    def work(chunks: Iterator[tuple[int, int]]) -> None:
        for first, last in chunks:
            if _mark_duplicates(csr.indptr, csr.indices, first, last, has_duplicate):
                found.append(True)

    run_in_chunks(csr.indptr.size - 1, _ROW_CHUNK, threads, work)
    return has_duplicate if found else None


@entry_point
def _count_degrees(tails: Nodes, heads: Nodes, counts: Nodes, shared: bool) -> None:
    """Add the edges' ends to ``counts``, uint32[n]; ``shared``: other threads count at the same time."""
    for edge in range(tails.size):
        ahead = min(edge + _AHEAD, tails.size - 1)
        prefetch(counts, int64(tails[ahead]))
        prefetch(counts, int64(heads[ahead]))
        if shared:
            atomic_next(counts, int64(tails[edge]))
            atomic_next(counts, int64(heads[edge]))
        else:
            counts[tails[edge]] += np.uint32(1)
            counts[heads[edge]] += np.uint32(1)


@entry_point
def _scatter(tails: Nodes, heads: Nodes, offsets: Nodes, indices: Nodes, shared: bool) -> None:
    """Write each edge into both rows, at the next free entry of either.

    Parameters
    ----------
    tails, heads : uint32[edges]
    offsets : uint32[n]
        Where the next entry of each row is written; moved on.
    indices : uint32[2 * edges]
        Receives the entries.
    shared : bool
        Other threads write at the same time.
    """
    last = tails.size - 1
    for edge in range(tails.size):
        far, near = min(edge + 2 * _AHEAD, last), min(edge + _AHEAD, last)
        prefetch(offsets, int64(tails[far]))
        prefetch(offsets, int64(heads[far]))
        prefetch(indices, int64(offsets[tails[near]]))
        prefetch(indices, int64(offsets[heads[near]]))
        tail, head = int64(tails[edge]), int64(heads[edge])
        if shared:
            indices[int64(atomic_next(offsets, tail))] = np.uint32(head)
            indices[int64(atomic_next(offsets, head))] = np.uint32(tail)
        else:
            indices[int64(offsets[tail])] = np.uint32(head)
            offsets[tail] += np.uint32(1)
            indices[int64(offsets[head])] = np.uint32(tail)
            offsets[head] += np.uint32(1)


@entry_point
def _sort(indptr: Index, indices: Nodes, first: int, last: int) -> None:
    """Sort the rows first .. last - 1 of int64[n + 1], uint32[2 * edges] in place by insertion: rows are short.

    In long rows neighbours far apart are sorted first, then nearer ones (Shell, 1959; distances: Ciura, 2001).
    """
    for node in range(first, last):
        start, stop = indptr[node], indptr[node + 1]
        for distance in _DISTANCES:
            if distance > 1 and stop - start <= max(_SHORT_ROW, distance):
                continue
            for slot in range(start + distance, stop):
                neighbor = indices[slot]
                before = slot - distance
                while before >= start and indices[before] > neighbor:
                    indices[before + distance] = indices[before]
                    before -= distance
                indices[before + distance] = neighbor


@entry_point
def _mark_duplicates(indptr: Index, indices: Nodes, first: int, last: int, has_duplicate: NDArray[np.bool_]) -> bool:
    """Mark the rows of first .. last - 1, bool[n], in which a neighbour occurs twice; return whether there is any."""
    found = False
    for node in range(first, last):
        for slot in range(indptr[node] + 1, indptr[node + 1]):
            if indices[slot] == indices[slot - 1]:
                has_duplicate[node] = True
                found = True
    return found
