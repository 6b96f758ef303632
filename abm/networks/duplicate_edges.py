"""Edges drawn independently may duplicate one another; duplicates are found and drawn again until there are none."""

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from abm.networks.csr_builder import LazyEdges, build_csr, for_each_chunk, rows_with_duplicates
from abm.networks.graph_types import CSR, EdgeList, Index, Nodes
from abm.numerics.jit import entry_point, int64
from abm.numerics.thread_pool import useful_threads


class EdgeSampler(Protocol):
    """Edges as they are first drawn, and how to draw one again."""

    @property
    def edges(self) -> LazyEdges:
        """The edges of attempt 0."""

    def redraw(self, edges: Index, attempt: int) -> EdgeList:
        """Return new ends for some edges; the attempt is 1 or higher.

        Parameters
        ----------
        edges : int64[n]
            Numbers of the edges.
        attempt : int
            1 and up.
        """

    def redraw_first(self, edges: Index) -> NDArray[np.bool_]:
        """Return which edges are drawn again even if they come before the one that they duplicate."""


class NumberedEdges(NamedTuple):
    """Some of the edges, with their numbers, ascending."""

    numbers: Index
    edges: EdgeList


def csr_without_duplicates(n: int, sampler: EdgeSampler, threads: int | None = None) -> CSR:
    """Return the network of sampled edges, in rounds: whatever duplicates another edge is drawn again.

    Parameters
    ----------
    n : int
        Number of consumers.
    sampler : EdgeSampler
        Draws the edges; their number stays as it is.
    threads : int, optional
        Threads that share the work; does not change the result.

    Returns
    -------
    CSR
    """
    threads = useful_threads(threads, sampler.edges.n_edges)
    csr = build_csr(n, sampler.edges, threads)
    changed = _concatenated([])
    attempt = 0
    while (has_duplicate := rows_with_duplicates(csr, threads)) is not None:
        candidates = edges_within(_with_changes(sampler.edges, changed), has_duplicate, threads)
        duplicates = find_duplicates(candidates, sampler.redraw_first(candidates.numbers))
        if duplicates.numbers.size == 0:
            break  # no edge is drawn to its own tail, so this does not happen
        attempt += 1
        drawn = NumberedEdges(duplicates.numbers, sampler.redraw(duplicates.numbers, attempt))
        replace_edges(csr, duplicates.edges, drawn.edges)
        changed = _merge(changed, drawn)
    return csr


def edges_within(lazy: LazyEdges, chosen: NDArray[np.bool_], threads: int) -> NumberedEdges:
    """Return the edges whose ends both lie in chosen rows.

    Parameters
    ----------
    lazy : LazyEdges
        The edges.
    chosen : bool[n]
        Rows.
    threads : int
        Threads that share the work.

    Returns
    -------
    NumberedEdges
    """
    found: list[NumberedEdges] = []

    def keep(first: int, edges: EdgeList) -> None:
        found_here = np.empty(edges.tails.size, np.int64)
        found_here = found_here[: _find_within(edges.tails, edges.heads, chosen, found_here)]
        if found_here.size:
            found.append(NumberedEdges(first + found_here, EdgeList(edges.tails[found_here], edges.heads[found_here])))

    for_each_chunk(lazy, threads, keep)
    return _concatenated(sorted(found, key=lambda part: int(part.numbers[0])))


def find_duplicates(candidates: NumberedEdges, redraw_first: NDArray[np.bool_] | None = None) -> NumberedEdges:
    """Return the edges that duplicate another one.

    Parameters
    ----------
    candidates : NumberedEdges
    redraw_first : bool[candidates], optional
        Of two equal edges the later is returned, but one that is chosen here before any other.

    Returns
    -------
    NumberedEdges
    """
    if redraw_first is None:
        redraw_first = np.zeros(candidates.numbers.size, np.bool_)
    order = np.concatenate([np.flatnonzero(~redraw_first), np.flatnonzero(redraw_first)])
    tails, heads = (ends[order].astype(np.uint64) for ends in candidates.edges)
    keys = (np.minimum(tails, heads) << np.uint64(32)) | np.maximum(tails, heads)
    by_key = np.argsort(keys, kind="stable")
    duplicates = np.sort(order[by_key[1:][keys[by_key][1:] == keys[by_key][:-1]]])
    return NumberedEdges(candidates.numbers[duplicates], EdgeList(*(ends[duplicates] for ends in candidates.edges)))


def replace_edges(csr: CSR, old: EdgeList, new: EdgeList) -> None:
    """Remove some edges from the rows and insert as many others, in place.

    Parameters
    ----------
    csr : CSR
        Its rows are sorted, and stay so.
    old, new : EdgeList
        Edges that are there, and as many others.

    Notes
    -----
    The entries in between move by a few: first down, where gaps are closed, then up, where others are inserted.
    """
    if old.tails.size:
        _remove_entries(csr.indptr, csr.indices, *_entries(old))
        _insert_entries(csr.indptr, csr.indices, *_entries(new))


def _entries(edges: EdgeList) -> tuple[Nodes, Nodes]:
    """Return row and value of both entries of each edge, in the order of the network."""
    rows, values = np.concatenate([edges.tails, edges.heads]), np.concatenate([edges.heads, edges.tails])
    order = np.lexsort((values, rows))
    return rows[order], values[order]


def _concatenated(parts: list[NumberedEdges]) -> NumberedEdges:
    nothing = NumberedEdges(np.empty(0, np.int64), EdgeList(np.empty(0, np.uint32), np.empty(0, np.uint32)))
    every = [nothing, *parts]
    tails, heads = (np.concatenate([part.edges[end] for part in every]) for end in (0, 1))
    return NumberedEdges(np.concatenate([part.numbers for part in every]), EdgeList(tails, heads))


def _merge(old: NumberedEdges, new: NumberedEdges) -> NumberedEdges:
    """Return both, with the new ends where an edge is in both."""
    kept = ~np.isin(old.numbers, new.numbers)
    rest = NumberedEdges(old.numbers[kept], EdgeList(old.edges.tails[kept], old.edges.heads[kept]))
    both = _concatenated([rest, new])
    order = np.argsort(both.numbers)
    return NumberedEdges(both.numbers[order], EdgeList(both.edges.tails[order], both.edges.heads[order]))


def _with_changes(lazy: LazyEdges, changed: NumberedEdges) -> LazyEdges:
    """Return the lazy edges with some of them changed."""

    def fill(first: int, last: int, tails: Nodes, heads: Nodes) -> None:
        lazy.fill(first, last, tails, heads)
        here = slice(*np.searchsorted(changed.numbers, (first, last)))
        tails[changed.numbers[here] - first] = changed.edges.tails[here]
        heads[changed.numbers[here] - first] = changed.edges.heads[here]

    return LazyEdges(lazy.n_edges, fill)


@entry_point
def _find_within(tails: Nodes, heads: Nodes, chosen: NDArray[np.bool_], found_here: Index) -> int:
    """Write the numbers of the edges whose ends are both chosen to int64[edges]; return how many they are."""
    n_found = 0
    for edge in range(tails.size):
        found_here[n_found] = edge
        n_found += chosen[tails[edge]] and chosen[heads[edge]]
    return n_found


@entry_point
def _remove_entries(indptr: Index, indices: Nodes, rows: Nodes, values: Nodes) -> None:
    """Remove the entries (rows and values, uint32[entries]) and close the gaps; they are sorted, as is every row."""
    entry = 0
    n_written = start = indptr[rows[0]]
    for node in range(int64(rows[0]), indptr.size - 1):
        stop = indptr[node + 1]
        for slot in range(start, stop):
            value = indices[slot]
            if entry < rows.size and rows[entry] == node and values[entry] == value:
                entry += 1
            else:
                indices[n_written] = value
                n_written += 1
        indptr[node + 1] = n_written
        start = stop


@entry_point
def _insert_entries(indptr: Index, indices: Nodes, rows: Nodes, values: Nodes) -> None:
    """Insert the entries (rows and values, uint32[entries]) from the end on; they are sorted, as is every row."""
    entry = rows.size - 1
    free = int64(indices.size)
    for node in range(indptr.size - 2, -1, -1):
        start, slot = indptr[node], indptr[node + 1] - 1
        indptr[node + 1] = free
        while entry >= 0 and rows[entry] == node:
            while slot >= start and indices[slot] > values[entry]:
                free -= 1
                indices[free] = indices[slot]
                slot -= 1
            free -= 1
            indices[free] = values[entry]
            entry -= 1
        if entry < 0 and free == slot + 1:
            return  # all entries before are where they belong
        while slot >= start:
            free -= 1
            indices[free] = indices[slot]
            slot -= 1
