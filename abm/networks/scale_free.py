"""Scale-free network: newcomers edge themselves to m = degree/2 others, popular ones more often.

Degrees follow P(k) = 2 m (m + 1) / (k (k + 1) (k + 2)), k >= m. Starts from m + 1 consumers who are all tied to
each other, so the mean degree is 2 m but for m (m + 1) / n.

Source: Barabasi & Albert (1999), Science 286:509; Bollobas et al. (2001) for P(k).
"""

from typing import Final

import numpy as np

from abm.networks.csr_builder import LazyEdges, build_csr
from abm.networks.family import network_family
from abm.networks.graph_types import CSR, Nodes, require_countable
from abm.networks.parameters import Network
from abm.networks.random_index import NETWORK, index_from_words
from abm.numerics.bits import prefetch
from abm.numerics.jit import entry_point, inline, int64
from abm.numerics.random import Stream, draw

_BATCH: Final = 256  # newcomers whose first draws are made, and entries prefetched, before they choose


@network_family(
    "scale_free",
    meaning="newcomers tie themselves to degree/2 others, in proportion to how many ties these have",
    source="Barabasi & Albert (1999), Science 286:509",
    uses=("degree",),
    whole_degree=True,
    even_degree=True,
    may_have_hubs=True,
    build_bytes_per_tie=4,  # one end of each
)
def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return a scale-free network."""
    m = int(network.degree) // 2
    core = m * (m + 1) // 2
    heads = np.empty(
        require_countable(core + m * (n - m - 1)), np.uint32
    )  # the tail of an edge follows from its number
    if m > 0:
        _attach(stream, m, n, heads)

    def fill(first: int, last: int, tails: Nodes, others: Nodes) -> None:
        _write_tails(first, m, tails)
        others[:] = heads[first:last]

    return build_csr(n, LazyEdges(heads.size, fill), threads)


@inline
def _tail_of(edge: int, m: int) -> int:
    """Return the tail of an edge: the first m + 1 consumers bring 0, 1, 2 .. m edges, everyone else m."""
    core = m * (m + 1) // 2
    if edge >= core:
        return m + 1 + int64(np.uint64(edge - core) // np.uint64(m))
    node = 1
    while node * (node + 1) // 2 <= edge:
        node += 1
    return node


@entry_point
def _write_tails(first: int, m: int, tails: Nodes) -> None:
    """Write the tails of the edges from number ``first`` on, uint32[edges]."""
    for slot in range(tails.size):
        tails[slot] = np.uint32(_tail_of(first + slot, m))


@entry_point
def _attach(stream: Stream, m: int, n: int, heads: Nodes) -> None:
    """Draw the heads, uint32[edges]: a random end of an earlier edge, so consumers in proportion to their degree."""
    edge = 0
    for node in range(m + 1):
        for other in range(node):
            heads[edge] = np.uint32(other)
            edge += 1
    ends = np.empty(_BATCH * m, np.int64)
    for first in range(m + 1, n, _BATCH):
        last = min(first + _BATCH, n)
        for slot in range((last - first) * m):
            words = draw(stream, edge + slot, 0, NETWORK, 0)
            ends[slot] = index_from_words(words[0], words[1], 2 * (edge + slot // m * m))
            prefetch(heads, ends[slot] >> 1)
        for slot in range(0, (last - first) * m, m):
            for choice in range(slot, slot + m):
                _choose(stream, m, edge + slot, edge + choice, ends[choice], heads)
        edge += (last - first) * m


@inline
def _choose(stream: Stream, m: int, first: int, edge: int, end: int, heads: Nodes) -> None:
    """Set the head of an edge; draw again what is a head of the same newcomer's edges, which begin at ``first``."""
    attempt = 0
    while True:
        other = heads[end >> 1] if end & 1 else np.uint32(_tail_of(end >> 1, m))
        n_same = 0
        for earlier in range(first, edge):
            n_same += heads[earlier] == other
        if n_same == 0:
            break
        attempt += 1
        words = draw(stream, edge, attempt, NETWORK, 0)
        end = index_from_words(words[0], words[1], 2 * first)
    heads[edge] = other
