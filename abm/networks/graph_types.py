"""Compressed sparse rows (CSR), the form in which a network is stored, and plain lists of ties."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abm.networks.errors import NetworkError
from abm.numerics.jit import entry_point

MAX_TIES: Final = 2**31 - 1  # an end of a tie is numbered by one 32-bit word of the random counter

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


class EdgeList(NamedTuple):
    """EdgeList that are not in rows, ``tails[e]`` to ``heads[e]``; both uint32[ties]."""

    tails: Nodes
    heads: Nodes


def countable(n_ties: int) -> int:
    """Return the number of ties, or raise NetworkError where they cannot be numbered."""
    if n_ties > MAX_TIES:
        raise NetworkError(f"{n_ties:,} ties are too many: a network holds at most {MAX_TIES:,}")
    return n_ties


def to_ties(csr: CSR) -> EdgeList:
    """Return every tie once, tail < head, in the order of the rows."""
    n_ties = csr.indices.size // 2
    ties = EdgeList(np.empty(n_ties, np.uint32), np.empty(n_ties, np.uint32))
    _list_ties(csr.indptr, csr.indices, ties.tails, ties.heads)
    return ties


def complement(csr: CSR) -> CSR:
    """Return the network of all pairs that ``csr`` does not tie."""
    n = csr.indptr.size - 1
    indptr = np.zeros(n + 1, np.int64)
    np.cumsum(n - 1 - np.diff(csr.indptr), out=indptr[1:])
    indices = np.empty(indptr[-1], np.uint32)
    _fill_complement(csr.indptr, csr.indices, indices)
    return CSR(indptr, indices)


@entry_point
def _list_ties(indptr, indices, tails, heads):  # type: ignore[no-untyped-def]
    tie = 0
    for node in range(indptr.size - 1):
        for place in range(indptr[node], indptr[node + 1]):
            if indices[place] > node:
                tails[tie] = node
                heads[tie] = indices[place]
                tie += 1


@entry_point
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
