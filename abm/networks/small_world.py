"""Small world: a ring, some of whose ties get a new random end.

Clustering falls as 3 (k - 2) / (4 (k - 1)) (1 - p)^3 for degree k and rewiring p; that is an approximation
which lies within 0.01 between the mean local (above) and the global coefficient (below).

Source: Watts & Strogatz (1998), Nature 393:440; Barrat & Weigt (2000), Eur. Phys. J. B 13:547.
"""

from typing import Final

import numpy as np

from abm.compiled import compiled
from abm.networks.csr import CSR, from_ties, repeats
from abm.networks.draws import NETWORK, below, threshold
from abm.networks.parameters import Network
from abm.networks.ring import ring_ties
from abm.random import Stream, draw

MAX_ATTEMPTS: Final = 64


def build(network: Network, n: int, stream: Stream) -> CSR:
    """Return a small world with exactly n * degree / 2 ties.

    A rewired tie that repeats another one draws again. One that finds no free partner in 64 attempts (only
    in nearly complete networks) keeps its place in the ring, as Watts and Strogatz do.
    """
    ties = ring_ties(network, n)
    ring_heads = ties.heads.copy()
    movable = np.zeros(ties.heads.size, np.bool_)
    _choose(stream, threshold(network.rewiring), movable)
    todo = np.flatnonzero(movable)
    attempt = 0
    while True:
        if attempt < MAX_ATTEMPTS:
            _rewire(stream, todo, attempt, n, ties.tails, ties.heads)
        else:
            ties.heads[todo] = ring_heads[todo]
            movable[todo] = False
        csr = from_ties(n, ties)
        todo = repeats(csr, ties, movable)
        if todo.size == 0:
            return csr
        attempt += 1


@compiled
def _choose(stream, chance, movable):  # type: ignore[no-untyped-def]
    for tie in range(movable.size):
        movable[tie] = draw(stream, tie, 0, NETWORK, 0)[0] < chance


@compiled
def _rewire(stream, todo, attempt, n, tails, heads):  # type: ignore[no-untyped-def]
    for tie in todo:
        words = draw(stream, tie, attempt, NETWORK, 0)
        other = below(words[2], words[3], n - 1)
        heads[tie] = np.uint32(other + 1 if other >= tails[tie] else other)
