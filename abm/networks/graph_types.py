"""Compressed sparse rows (CSR), the form in which a network is stored, and plain lists of edges."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abm.networks.errors import NetworkError
from abm.numerics.jit import entry_point

MAX_EDGES: Final = 2**31 - 1  # an end of a edge is numbered by one 32-bit word of the random counter

Nodes = NDArray[np.uint32]
Index = NDArray[np.int64]


class CSR(NamedTuple):
    """An undirected simple network; each edge is stored in the row of either end.

    Attributes
    ----------
    indptr : int64[n + 1]
        Row i is ``indices[indptr[i]:indptr[i + 1]]``.
    indices : uint32[2 * edges]
        Neighbours, ascending within a row; a row may be empty.
    """

    indptr: Index
    indices: Nodes


class EdgeList(NamedTuple):
    """Edges that are not in rows, ``tails[e]`` to ``heads[e]``; both uint32[edges]."""

    tails: Nodes
    heads: Nodes


def require_countable(n_edges: int) -> int:
    """Return the number of edges; raise NetworkError where there are too many to be numbered."""
    if n_edges > MAX_EDGES:
        raise NetworkError(f"{n_edges:,} ties are too many: a network holds at most {MAX_EDGES:,}")
    return n_edges


def to_edges(csr: CSR) -> EdgeList:
    """Return every edge once, tail < head, in the order of the rows."""
    n_edges = csr.indices.size // 2
    edges = EdgeList(np.empty(n_edges, np.uint32), np.empty(n_edges, np.uint32))
    _list_edges(csr.indptr, csr.indices, edges.tails, edges.heads)
    return edges


def complement(csr: CSR) -> CSR:
    """Return the network of all pairs that are no edges of ``csr``."""
    n = csr.indptr.size - 1
    indptr = np.zeros(n + 1, np.int64)
    np.cumsum(n - 1 - np.diff(csr.indptr), out=indptr[1:])
    indices = np.empty(indptr[-1], np.uint32)
    _fill_complement(csr.indptr, csr.indices, indices)
    return CSR(indptr, indices)


@entry_point
def _list_edges(indptr: Index, indices: Nodes, tails: Nodes, heads: Nodes) -> None:
    """Write every edge once, tail < head, to uint32[edges] each."""
    edge = 0
    for node in range(indptr.size - 1):
        for slot in range(indptr[node], indptr[node + 1]):
            if indices[slot] > node:
                tails[edge] = node
                heads[edge] = indices[slot]
                edge += 1


@entry_point
def _fill_complement(indptr: Index, indices: Nodes, out: Nodes) -> None:
    """Write the entries of the complement's rows, one row after the other."""
    n_written = 0
    for node in range(indptr.size - 1):
        slot = indptr[node]
        for other in range(indptr.size - 1):
            if slot < indptr[node + 1] and indices[slot] == other:
                slot += 1
            elif other != node:
                out[n_written] = other
                n_written += 1
