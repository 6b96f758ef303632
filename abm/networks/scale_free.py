"""Scale-free network: newcomers tie themselves to m = degree/2 others, popular ones more often.

Degrees follow P(k) = 2 m (m + 1) / (k (k + 1) (k + 2)), k >= m. Starts from m + 1 consumers who all know
each other, so the mean degree is 2 m but for m (m + 1) / n.

Source: Barabasi & Albert (1999), Science 286:509; Bollobas et al. (2001) for P(k).
"""

from typing import Final

import numpy as np

from abm.networks.csr_builder import Listing, assemble
from abm.networks.family import network_family
from abm.networks.graph_types import CSR, Nodes, countable
from abm.networks.parameters import Network
from abm.networks.random_index import NETWORK, below
from abm.numerics.bits import prefetch
from abm.numerics.jit import entry_point, inline
from abm.numerics.random import Stream, draw

_BATCH: Final = 256  # newcomers whose first draws are made, and what they need fetched, before they choose


@network_family(
    "scale_free",
    meaning="newcomers tie themselves to degree/2 others, in proportion to how many ties these have",
    source="Barabasi & Albert (1999), Science 286:509",
    whole_degree=True,
    even_degree=True,
    may_have_hubs=True,
    build_bytes_per_tie=4,  # one end of each
)
def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return a scale-free network."""
    m = int(network.degree) // 2
    core = m * (m + 1) // 2
    heads = np.empty(countable(core + m * (n - m - 1)), np.uint32)  # who brings a tie follows from its number
    if m > 0:
        _attach(stream, m, n, heads)

    def fill(first: int, last: int, tails: Nodes, others: Nodes) -> None:
        _name_tails(first, m, tails)
        others[:] = heads[first:last]

    return assemble(n, Listing(heads.size, fill), threads)


@inline
def _newcomer(tie, m):  # type: ignore[no-untyped-def]
    """Return who brings a tie: consumer i of the core brings i ties, everyone else m."""
    core = m * (m + 1) // 2
    if tie >= core:
        return m + 1 + np.int64(np.uint64(tie - core) // np.uint64(m))
    node = 1
    while node * (node + 1) // 2 <= tie:
        node += 1
    return node


@entry_point
def _name_tails(first, m, tails):  # type: ignore[no-untyped-def]
    for place in range(tails.size):
        tails[place] = np.uint32(_newcomer(first + place, m))


@entry_point
def _attach(stream, m, n, heads):  # type: ignore[no-untyped-def]
    """Fill the heads; a random end of an earlier tie is a consumer with chance in proportion to degree."""
    tie = 0
    for node in range(m + 1):
        for other in range(node):
            heads[tie] = np.uint32(other)
            tie += 1
    ends = np.empty(_BATCH * m, np.int64)
    for first in range(m + 1, n, _BATCH):
        last = min(first + _BATCH, n)
        for place in range((last - first) * m):
            words = draw(stream, tie + place, 0, NETWORK, 0)
            ends[place] = below(words[0], words[1], 2 * (tie + place // m * m))
            prefetch(heads, ends[place] >> 1)
        for place in range(0, (last - first) * m, m):
            for choice in range(place, place + m):
                _choose(stream, m, tie + place, tie + choice, ends[choice], heads)
        tie += (last - first) * m


@inline
def _choose(stream, m, first, tie, end, heads):  # type: ignore[no-untyped-def]
    """Set the head of a tie of the newcomer whose ties begin with ``first``; draw again what that one has chosen."""
    attempt = 0
    while True:
        other = heads[end >> 1] if end & 1 else np.uint32(_newcomer(end >> 1, m))
        n_same = 0
        for earlier in range(first, tie):
            n_same += heads[earlier] == other
        if n_same == 0:
            break
        attempt += 1
        words = draw(stream, tie, attempt, NETWORK, 0)
        end = below(words[0], words[1], 2 * first)
    heads[tie] = other
