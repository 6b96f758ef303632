"""Small world: a ring, some of whose edges get a new random end.

Clustering falls as 3 (k - 2) / (4 (k - 1)) (1 - p)^3 for degree k and rewiring p; that is an approximation
which lies within 0.01 between the mean local (above) and the global coefficient (below).

Source: Watts & Strogatz (1998), Nature 393:440; Barrat & Weigt (2000), Eur. Phys. J. B 13:547.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from abm.networks.csr_builder import LazyEdges
from abm.networks.duplicate_edges import csr_without_duplicates
from abm.networks.family import network_family
from abm.networks.graph_types import CSR, EdgeList, Index, Nodes, require_countable
from abm.networks.parameters import Network
from abm.networks.random_index import NETWORK, index_from_words, threshold
from abm.numerics.jit import entry_point, int64
from abm.numerics.random import Stream, draw

MAX_ATTEMPTS: Final = 64


@network_family(
    "small_world",
    meaning="a ring, some of whose ties have a new random end",
    source="Watts & Strogatz (1998), Nature 393:440",
    uses=("degree", "rewiring"),
    whole_degree=True,
    even_degree=True,
)
def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return a small world with exactly n * degree / 2 edges.

    A rewired edge that duplicates another one is drawn again. One that finds no other end in 64 attempts (only
    in nearly complete networks) stays an edge of the ring, as with Watts and Strogatz.
    """
    side = int(network.degree) // 2
    require_countable(n * side)
    return csr_without_duplicates(n, _SmallWorld(n, side, threshold(network.rewiring), stream), threads)


class _SmallWorld:
    """The ring with some ends drawn: edge i * side + j leads from consumer i to i + j + 1 or to a random other one."""

    def __init__(self, n: int, side: int, chance: np.uint64, stream: Stream) -> None:
        self._n, self._side, self._chance, self._stream = n, side, chance, stream
        self._restored = np.empty(0, np.int64)  # edges that are those of the ring again
        self.edges = LazyEdges(n * side, self._fill)

    def redraw(self, edges: Index, attempt: int) -> EdgeList:
        tails, heads = np.empty(edges.size, np.uint32), np.empty(edges.size, np.uint32)
        if attempt < MAX_ATTEMPTS:
            _draw_edges(self._stream, edges, attempt, self._n, self._side, tails, heads)
        else:
            self._restored = np.union1d(self._restored, edges)
            tails[:] = edges // self._side
            heads[:] = (edges // self._side + edges % self._side + 1) % self._n
        return EdgeList(tails, heads)

    def redraw_first(self, edges: Index) -> NDArray[np.bool_]:
        """Return which edges are rewired: these are drawn again, not those of the ring."""
        rewired = np.empty(edges.size, np.bool_)
        _draw_rewired(self._stream, edges, self._chance, rewired)
        return rewired & ~np.isin(edges, self._restored)

    def _fill(self, first: int, last: int, tails: Nodes, heads: Nodes) -> None:
        _fill_edges(self._stream, first, self._n, self._side, self._chance, tails, heads)


@entry_point
def _fill_edges(stream: Stream, first: int, n: int, side: int, chance: np.uint64, tails: Nodes, heads: Nodes) -> None:
    """Write the edges from number ``first`` on to uint32[edges] each: of the ring, or with a first random end."""
    for k in range(tails.size):  # on its own, so that it becomes vector instructions; tails holds which are rewired
        words = draw(stream, first + k, 0, NETWORK, 0)
        tails[k] = words[0] < chance
        heads[k] = index_from_words(words[2], words[3], n - 1)
    node, step = first // side, first % side
    for k in range(tails.size):
        other = int64(heads[k])
        rewired = other + (other >= node)
        head = node + step + 1
        kept = head - n if head >= n else head
        heads[k] = rewired if tails[k] else kept
        tails[k] = node
        step += 1
        if step == side:
            node, step = node + 1, 0


@entry_point
def _draw_rewired(stream: Stream, edges: Index, chance: np.uint64, rewired: NDArray[np.bool_]) -> None:
    """Find which edges are rewired, bool[edges]; ``chance`` as a number of 32-bit words."""
    for k in range(edges.size):
        rewired[k] = draw(stream, edges[k], 0, NETWORK, 0)[0] < chance


@entry_point
def _draw_edges(stream: Stream, edges: Index, attempt: int, n: int, side: int, tails: Nodes, heads: Nodes) -> None:
    """Draw new heads for the numbered edges; ends to uint32[edges] each."""
    for k in range(edges.size):
        words = draw(stream, edges[k], attempt, NETWORK, 0)
        node = edges[k] // side
        other = index_from_words(words[2], words[3], n - 1)
        tails[k] = np.uint32(node)
        heads[k] = np.uint32(other + 1 if other >= node else other)
