"""Regular network: everyone has exactly the same number of edges, otherwise random.

The ends of all edges are paired at random; loops and duplicates, about degree^2 / 4 at any size, are then
switched with random other edges, which keeps every degree.

Source: Bollobas (1980), Eur. J. Combin. 1:311 (pairing);
McKay & Wormald (1990), J. Algorithms 11:52 (switching).
"""

from typing import Final

import numpy as np

from abm.networks.csr_builder import as_lazy, csr_from_edges, rows_with_duplicates, sort_rows
from abm.networks.duplicate_edges import edges_within, find_duplicates
from abm.networks.errors import NetworkError, require_degree
from abm.networks.family import network_family
from abm.networks.graph_types import CSR, EdgeList, Index, Nodes, complement, require_countable
from abm.networks.parameters import Network
from abm.networks.random_index import NETWORK, index_from_words
from abm.numerics.bits import prefetch
from abm.numerics.jit import entry_point
from abm.numerics.random import Stream, draw
from abm.numerics.thread_pool import useful_threads

MAX_ATTEMPTS: Final = 1_000  # switches tried for one edge
MAX_PAIRINGS: Final = 100
_BATCH: Final = 4_096  # entries of the shuffle whose partners are drawn, and prefetched, before they are swapped
_ONE = np.uint64(1)


def _check(network: Network, n: int) -> None:
    require_degree("regular", network.degree, n)
    if n * int(network.degree) % 2:
        raise NetworkError(
            f"family 'regular': degree {network.degree:,.0f} with {n:,} consumers: degree times consumers must be even"
        )


@network_family(
    "regular",
    meaning="everyone has exactly the same number of ties, otherwise random",
    source="Bollobas (1980), Eur. J. Combin. 1:311",
    uses=("degree",),
    whole_degree=True,
    check=_check,
    build_bytes_per_tie=8,  # both ends of each
)
def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return a regular network."""
    degree = int(network.degree)
    require_countable(n * degree // 2)
    if 2 * degree > n - 1:  # the complement is regular too, and sparse
        return complement(_regular(stream, n, n - 1 - degree, threads))
    return _regular(stream, n, degree, threads)


def _regular(stream: Stream, n: int, degree: int, threads: int | None) -> CSR:
    threads = useful_threads(threads, n * degree // 2)
    for pairing in range(MAX_PAIRINGS):
        ends = np.repeat(np.arange(n, dtype=np.uint32), degree)
        _shuffle(stream, 2 * pairing, ends)
        edges = EdgeList(ends[::2], ends[1::2])
        csr = csr_from_edges(n, edges, threads, degree)
        if _switch(stream, 2 * pairing + 1, _loops_and_duplicates(csr, edges, threads), edges, csr) == 0:
            sort_rows(csr, threads)
            return csr
    raise NetworkError(  # not seen at any size tried
        f"family 'regular': no network of degree {degree:,} with {n:,} consumers in {MAX_PAIRINGS} pairings"
    )


def _loops_and_duplicates(csr: CSR, edges: EdgeList, threads: int) -> Index:
    """Return the numbers of loops and duplicates."""
    has_duplicate = rows_with_duplicates(csr, threads)  # a loop is entered twice in its row, so it is among these
    if has_duplicate is None:
        return np.empty(0, np.int64)
    candidates = edges_within(as_lazy(edges), has_duplicate, threads)
    loops = candidates.numbers[candidates.edges.tails == candidates.edges.heads]
    return np.union1d(loops, find_duplicates(candidates).numbers)


@entry_point
def _shuffle(stream: Stream, part: int, ends: Nodes) -> None:
    """Shuffle uint32[ends] in place (Fisher-Yates)."""
    others = np.empty(_BATCH, np.int64)
    for top in range(ends.size - 1, 0, -_BATCH):
        n_slots = min(_BATCH, top)
        for step in range(n_slots):
            words = draw(stream, top - step, 0, NETWORK, part)
            others[step] = index_from_words(words[0], words[1], top - step + 1)
            prefetch(ends, others[step])
        for step in range(n_slots):
            slot, other = top - step, others[step]
            ends[slot], ends[other] = ends[other], ends[slot]


@entry_point
def _switch(stream: Stream, part: int, bad: Index, edges: EdgeList, csr: CSR) -> int:
    """Turn each bad edge a-b and a random edge c-d into a-c and b-d where that is allowed; return the failures."""
    failures = 0
    for edge in bad:
        a, b = edges.tails[edge], edges.heads[edge]
        done = False
        for attempt in range(MAX_ATTEMPTS):
            words = draw(stream, edge, attempt, NETWORK, part)
            other = index_from_words(words[0], words[1], edges.tails.size)
            c, d = edges.tails[other], edges.heads[other]
            if words[2] & _ONE:
                c, d = d, c
            if other == edge or c in (d, a) or b == d or _is_edge(csr, a, c) or _is_edge(csr, b, d):
                continue
            edges.tails[edge], edges.heads[edge] = a, c
            edges.tails[other], edges.heads[other] = b, d
            _replace(csr, a, b, c)
            _replace(csr, b, a, d)
            _replace(csr, c, d, a)
            _replace(csr, d, c, b)
            done = True
            break
        failures += 0 if done else 1
    return failures


@entry_point
def _is_edge(csr: CSR, node: int, other: int) -> bool:
    """Return whether there is an edge between two consumers."""
    for slot in range(csr.indptr[node], csr.indptr[node + 1]):  # noqa: SIM110 (any() does not compile well)
        if csr.indices[slot] == other:
            return True
    return False


@entry_point
def _replace(csr: CSR, node: int, old: int, new: int) -> None:
    """Replace one neighbour by another in the row of ``node``."""
    for slot in range(csr.indptr[node], csr.indptr[node + 1]):
        if csr.indices[slot] == old:
            csr.indices[slot] = new
            return
