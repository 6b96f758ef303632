"""EdgeList drawn independently may repeat one another; the repeats are found and drawn again until there are none."""

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from abm.networks.csr_builder import Listing, assemble, crowded_rows, each_stretch
from abm.networks.graph_types import CSR, EdgeList, Index, Nodes
from abm.numerics.jit import entry_point
from abm.numerics.thread_pool import useful_threads


class Drafted(Protocol):
    """EdgeList as they are first drawn, and how to draw one again."""

    @property
    def listing(self) -> Listing:
        """The ties of attempt 0."""

    def redraw(self, ties: Index, attempt: int) -> EdgeList:
        """Return new ends for some ties; the attempt is 1 or higher."""

    def yields(self, ties: Index) -> NDArray[np.bool_]:
        """Say which ties are drawn again even if they come before the one that they repeat."""


class Named(NamedTuple):
    """Some of the ties, with their numbers, ascending."""

    numbers: Index
    ties: EdgeList


def without_repeats(n: int, draft: Drafted, threads: int | None = None) -> CSR:
    """Return the network of drafted ties, in rounds: whatever repeats another tie is drawn again."""
    threads = useful_threads(threads, draft.listing.n_ties)
    csr = assemble(n, draft.listing, threads)
    changed = _named([])
    attempt = 0
    while (crowded := crowded_rows(csr, threads)) is not None:
        suspects = listed_in(_with(draft.listing, changed), crowded, threads)
        repeats = repeats_among(suspects, draft.yields(suspects.numbers))
        if repeats.numbers.size == 0:
            break  # no tie is drawn to its own tail, so this does not happen
        attempt += 1
        drawn = Named(repeats.numbers, draft.redraw(repeats.numbers, attempt))
        exchange(csr, repeats.ties, drawn.ties)
        changed = _merged(changed, drawn)
    return csr


def listed_in(listing: Listing, marked: NDArray[np.bool_], threads: int) -> Named:
    """Return the ties whose ends both lie in marked rows."""
    found: list[Named] = []

    def keep(first: int, ties: EdgeList) -> None:
        hits = np.empty(ties.tails.size, np.int64)
        hits = hits[: _find(ties.tails, ties.heads, marked, hits)]
        if hits.size:
            found.append(Named(first + hits, EdgeList(ties.tails[hits], ties.heads[hits])))

    each_stretch(listing, threads, keep)
    return _named(sorted(found, key=lambda part: int(part.numbers[0])))


def repeats_among(suspects: Named, yields: NDArray[np.bool_] | None = None) -> Named:
    """Return the ties that repeat another one: of two equal ties the later, but one that yields before any other."""
    if yields is None:
        yields = np.zeros(suspects.numbers.size, np.bool_)
    order = np.concatenate([np.flatnonzero(~yields), np.flatnonzero(yields)])
    tails, heads = (ends[order].astype(np.uint64) for ends in suspects.ties)
    keys = (np.minimum(tails, heads) << np.uint64(32)) | np.maximum(tails, heads)
    by_key = np.argsort(keys, kind="stable")
    repeats = np.sort(order[by_key[1:][keys[by_key][1:] == keys[by_key][:-1]]])
    return Named(suspects.numbers[repeats], EdgeList(*(ends[repeats] for ends in suspects.ties)))


def exchange(csr: CSR, old: EdgeList, new: EdgeList) -> None:
    """Take some ties out of the rows and put as many others in, in place.

    All rows in between move by a few places: first down, where gaps are closed, then up, where room is made.
    """
    if old.tails.size:
        _take_out(csr.indptr, csr.indices, *_entries(old))
        _put_in(csr.indptr, csr.indices, *_entries(new))


def _entries(ties: EdgeList) -> tuple[Nodes, Nodes]:
    """Return row and value of both entries of each tie, in the order of the network."""
    rows, values = np.concatenate([ties.tails, ties.heads]), np.concatenate([ties.heads, ties.tails])
    order = np.lexsort((values, rows))
    return rows[order], values[order]


def _named(parts: list[Named]) -> Named:
    nothing = Named(np.empty(0, np.int64), EdgeList(np.empty(0, np.uint32), np.empty(0, np.uint32)))
    every = [nothing, *parts]
    tails, heads = (np.concatenate([part.ties[end] for part in every]) for end in (0, 1))
    return Named(np.concatenate([part.numbers for part in every]), EdgeList(tails, heads))


def _merged(old: Named, new: Named) -> Named:
    """Return both, with the new ends where a tie is in both."""
    kept = ~np.isin(old.numbers, new.numbers)
    rest = Named(old.numbers[kept], EdgeList(old.ties.tails[kept], old.ties.heads[kept]))
    both = _named([rest, new])
    order = np.argsort(both.numbers)
    return Named(both.numbers[order], EdgeList(both.ties.tails[order], both.ties.heads[order]))


def _with(listing: Listing, changed: Named) -> Listing:
    """Return the listing with some ties changed."""

    def fill(first: int, last: int, tails: Nodes, heads: Nodes) -> None:
        listing.fill(first, last, tails, heads)
        here = slice(*np.searchsorted(changed.numbers, (first, last)))
        tails[changed.numbers[here] - first] = changed.ties.tails[here]
        heads[changed.numbers[here] - first] = changed.ties.heads[here]

    return Listing(listing.n_ties, fill)


@entry_point
def _find(tails, heads, marked, hits):  # type: ignore[no-untyped-def]
    """Write down the ties whose ends are both marked, and return how many they are."""
    n_hits = 0
    for tie in range(tails.size):
        hits[n_hits] = tie
        n_hits += marked[tails[tie]] and marked[heads[tie]]
    return n_hits


@entry_point
def _take_out(indptr, indices, rows, values):  # type: ignore[no-untyped-def]
    """Close the gaps that the entries leave; they are sorted, and so is every row."""
    entry = 0
    filled = start = indptr[rows[0]]
    for node in range(np.int64(rows[0]), indptr.size - 1):
        stop = indptr[node + 1]
        for place in range(start, stop):
            value = indices[place]
            if entry < rows.size and rows[entry] == node and values[entry] == value:
                entry += 1
            else:
                indices[filled] = value
                filled += 1
        indptr[node + 1] = filled
        start = stop


@entry_point
def _put_in(indptr, indices, rows, values):  # type: ignore[no-untyped-def]
    """Make room for the entries from the end on; they are sorted, and so is every row."""
    entry = rows.size - 1
    free = np.int64(indices.size)
    for node in range(indptr.size - 2, -1, -1):
        start, place = indptr[node], indptr[node + 1] - 1
        indptr[node + 1] = free
        while entry >= 0 and rows[entry] == node:
            while place >= start and indices[place] > values[entry]:
                free -= 1
                indices[free] = indices[place]
                place -= 1
            free -= 1
            indices[free] = values[entry]
            entry -= 1
        if entry < 0 and free == place + 1:
            return  # all that comes before is where it belongs
        while place >= start:
            free -= 1
            indices[free] = indices[place]
            place -= 1
