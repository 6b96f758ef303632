"""Small world: a ring, some of whose ties get a new random end.

Clustering falls as 3 (k - 2) / (4 (k - 1)) (1 - p)^3 for degree k and rewiring p; that is an approximation
which lies within 0.01 between the mean local (above) and the global coefficient (below).

Source: Watts & Strogatz (1998), Nature 393:440; Barrat & Weigt (2000), Eur. Phys. J. B 13:547.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from abm.networks.csr_builder import Listing
from abm.networks.duplicate_edges import without_repeats
from abm.networks.family import network_family
from abm.networks.graph_types import CSR, EdgeList, Index, Nodes, countable
from abm.networks.parameters import Network
from abm.networks.random_index import NETWORK, below, threshold
from abm.numerics.jit import entry_point
from abm.numerics.random import Stream, draw

MAX_ATTEMPTS: Final = 64


@network_family(
    "small_world",
    meaning="a ring, some of whose ties have a new random end",
    source="Watts & Strogatz (1998), Nature 393:440",
    whole_degree=True,
    even_degree=True,
)
def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return a small world with exactly n * degree / 2 ties.

    A rewired tie that repeats another one draws again. One that finds no free partner in 64 attempts (only
    in nearly complete networks) keeps its place in the ring, as Watts and Strogatz do.
    """
    side = int(network.degree) // 2
    countable(n * side)
    return without_repeats(n, _SmallWorld(n, side, threshold(network.rewiring), stream), threads)


class _SmallWorld:
    """The ring with some ends drawn: tie i * side + j leads from consumer i to i + j + 1 or to somebody else."""

    def __init__(self, n: int, side: int, chance: np.uint64, stream: Stream) -> None:
        self._n, self._side, self._chance, self._stream = n, side, chance, stream
        self._back = np.empty(0, np.int64)  # ties put back on the ring
        self.listing = Listing(n * side, self._fill)

    def redraw(self, ties: Index, attempt: int) -> EdgeList:
        tails, heads = np.empty(ties.size, np.uint32), np.empty(ties.size, np.uint32)
        if attempt < MAX_ATTEMPTS:
            _rewire(self._stream, ties, attempt, self._n, self._side, tails, heads)
        else:
            self._back = np.union1d(self._back, ties)
            tails[:] = ties // self._side
            heads[:] = (ties // self._side + ties % self._side + 1) % self._n
        return EdgeList(tails, heads)

    def yields(self, ties: Index) -> NDArray[np.bool_]:
        """Return which ties are rewired: they make way for those of the ring."""
        rewired = np.empty(ties.size, np.bool_)
        _choose(self._stream, ties, self._chance, rewired)
        return rewired & ~np.isin(ties, self._back)

    def _fill(self, first: int, last: int, tails: Nodes, heads: Nodes) -> None:
        _lay(self._stream, first, self._n, self._side, self._chance, tails, heads)


@entry_point
def _lay(stream, first, n, side, chance, tails, heads):  # type: ignore[no-untyped-def]
    """Write the ties from ``first`` on: every tie of the ring, or its first new end."""
    for place in range(tails.size):  # on its own, so that it becomes vector instructions; tails says who is rewired
        words = draw(stream, first + place, 0, NETWORK, 0)
        tails[place] = words[0] < chance
        heads[place] = below(words[2], words[3], n - 1)
    node, step = first // side, first % side
    for place in range(tails.size):
        other = np.int64(heads[place])
        rewired = other + (other >= node)
        head = node + step + 1
        kept = head - n if head >= n else head
        heads[place] = rewired if tails[place] else kept
        tails[place] = node
        step += 1
        if step == side:
            node, step = node + 1, 0


@entry_point
def _choose(stream, ties, chance, rewired):  # type: ignore[no-untyped-def]
    for place in range(ties.size):
        rewired[place] = draw(stream, ties[place], 0, NETWORK, 0)[0] < chance


@entry_point
def _rewire(stream, ties, attempt, n, side, tails, heads):  # type: ignore[no-untyped-def]
    for place in range(ties.size):
        words = draw(stream, ties[place], attempt, NETWORK, 0)
        node = ties[place] // side
        other = below(words[2], words[3], n - 1)
        tails[place] = np.uint32(node)
        heads[place] = np.uint32(other + 1 if other >= node else other)
