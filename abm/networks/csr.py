"""From a list of ties to compressed sparse rows (CSR), the form in which a network is stored."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abm.compiled import compiled
from abm.networks.errors import NetworkError

MAX_TIES: Final = 2**31 - 1  # an end of a tie is numbered by one 32-bit word of the random counter
_SHORT_ROW: Final = 48

Nodes = NDArray[np.uint32]
Index = NDArray[np.int64]


class CSR(NamedTuple):
    """An undirected simple network; each tie is stored once in the row of either end.

    Attributes
    ----------
    indptr : int64[n + 1]
        Row i is ``indices[indptr[i]:indptr[i + 1]]``.
    indices : uint32[2 * ties]
        Neighbours, ascending within a row; a row may be empty.
    """

    indptr: Index
    indices: Nodes


class Ties(NamedTuple):
    """Ties before they are sorted into rows, ``tails[e]`` to ``heads[e]``; both uint32[ties]."""

    tails: Nodes
    heads: Nodes


def empty_ties(n_ties: int) -> Ties:
    """Return room for a number of ties, or raise NetworkError where they cannot be numbered."""
    if n_ties > MAX_TIES:
        raise NetworkError(f"{n_ties:,} ties are too many: a network holds at most {MAX_TIES:,}")
    return Ties(np.empty(n_ties, np.uint32), np.empty(n_ties, np.uint32))


def from_ties(n: int, ties: Ties) -> CSR:
    """Sort ties into rows by counting; pairs that occur twice stay twice.

    Parameters
    ----------
    n : int
        Number of consumers.
    ties : Ties
        Ends in 0 .. n - 1.

    Returns
    -------
    CSR
    """
    indptr = np.zeros(n + 1, np.int64)
    _count(ties.tails, ties.heads, indptr)
    indices = np.empty(2 * ties.tails.size, np.uint32)
    _scatter(ties.tails, ties.heads, indptr[:-1].copy(), indices)
    sort_rows(indptr, indices)
    return CSR(indptr, indices)


def from_pairs(n: int, left: Index, right: Index) -> CSR:
    """Return the network of pairs listed in any order, each as often as one likes, as one tie each."""
    keys = np.unique(np.minimum(left, right) * n + np.maximum(left, right))
    return from_ties(n, Ties((keys // n).astype(np.uint32), (keys % n).astype(np.uint32)))


def to_ties(csr: CSR) -> Ties:
    """Return every tie once, tail < head, in the order of the rows."""
    ties = empty_ties(csr.indices.size // 2)
    _list_ties(csr.indptr, csr.indices, ties.tails, ties.heads)
    return ties


def repeats(csr: CSR, ties: Ties, movable: NDArray[np.bool_] | None = None) -> Index:
    """Return the ties that repeat another one, in ascending order.

    Parameters
    ----------
    csr : CSR
        The same ties in rows.
    ties : Ties
    movable : bool[ties], optional
        Of two equal ties the later one is the repeat, but a movable one before one that is not.

    Returns
    -------
    int64[repeats]
        Positions in ``ties``.
    """
    crowded = np.zeros(csr.indptr.size - 1, np.bool_)
    if not _mark_crowded(csr.indptr, csr.indices, crowded):
        return np.empty(0, np.int64)
    suspects = np.flatnonzero(crowded[ties.tails] & crowded[ties.heads])
    if movable is not None:
        suspects = np.concatenate([suspects[~movable[suspects]], suspects[movable[suspects]]])
    tails, heads = ties.tails[suspects].astype(np.uint64), ties.heads[suspects].astype(np.uint64)
    keys = (np.minimum(tails, heads) << np.uint64(32)) | np.maximum(tails, heads)
    order = np.argsort(keys, kind="stable")
    return np.sort(suspects[order[1:][keys[order][1:] == keys[order][:-1]]])


def complement(csr: CSR) -> CSR:
    """Return the network of all pairs that ``csr`` does not tie."""
    n = csr.indptr.size - 1
    indptr = np.zeros(n + 1, np.int64)
    np.cumsum(n - 1 - np.diff(csr.indptr), out=indptr[1:])
    indices = np.empty(indptr[-1], np.uint32)
    _fill_complement(csr.indptr, csr.indices, indices)
    return CSR(indptr, indices)


@compiled
def _count(tails, heads, indptr):  # type: ignore[no-untyped-def]
    for tie in range(tails.size):
        indptr[tails[tie] + 1] += 1
        indptr[heads[tie] + 1] += 1
    for node in range(indptr.size - 1):
        indptr[node + 1] += indptr[node]


@compiled
def _scatter(tails, heads, free, indices):  # type: ignore[no-untyped-def]
    for tie in range(tails.size):
        tail = tails[tie]
        head = heads[tie]
        indices[free[tail]] = head
        free[tail] += 1
        indices[free[head]] = tail
        free[head] += 1


@compiled
def sort_rows(indptr, indices):  # type: ignore[no-untyped-def]
    """Sort each row in place; insertion beats a general sort on the short rows of social networks."""
    for node in range(indptr.size - 1):
        start = indptr[node]
        stop = indptr[node + 1]
        if stop - start > _SHORT_ROW:
            indices[start:stop].sort()
            continue
        for place in range(start + 1, stop):
            value = indices[place]
            before = place - 1
            while before >= start and indices[before] > value:
                indices[before + 1] = indices[before]
                before -= 1
            indices[before + 1] = value


@compiled
def _mark_crowded(indptr, indices, crowded):  # type: ignore[no-untyped-def]
    """Mark the rows in which a neighbour occurs twice and say whether there is any."""
    found = False
    for node in range(indptr.size - 1):
        for place in range(indptr[node] + 1, indptr[node + 1]):
            if indices[place] == indices[place - 1]:
                crowded[node] = True
                found = True
    return found


@compiled
def _list_ties(indptr, indices, tails, heads):  # type: ignore[no-untyped-def]
    tie = 0
    for node in range(indptr.size - 1):
        for place in range(indptr[node], indptr[node + 1]):
            if indices[place] > node:
                tails[tie] = node
                heads[tie] = indices[place]
                tie += 1


@compiled
def _fill_complement(indptr, indices, out):  # type: ignore[no-untyped-def]
    filled = 0
    for node in range(indptr.size - 1):
        place = indptr[node]
        for other in range(indptr.size - 1):
            if place < indptr[node + 1] and indices[place] == other:
                place += 1
            elif other != node:
                out[filled] = other
                filled += 1
