"""Ring: each consumer is tied to the degree/2 nearest on either side. Nothing is random.

Source: Watts & Strogatz (1998), Nature 393:440, at no rewiring.
"""

import numpy as np

from abm.compiled import compiled
from abm.networks.csr import CSR, Ties, empty_ties, from_ties
from abm.networks.errors import require_degree
from abm.networks.parameters import Network
from abm.random import Stream


def build(network: Network, n: int, stream: Stream) -> CSR:
    """Return the ring; raise NetworkError if the degree does not fit the number of consumers."""
    return from_ties(n, ring_ties(network, n))


def ring_ties(network: Network, n: int) -> Ties:
    """Return the ties of the ring: tie i * side + j leads from consumer i to i + j + 1."""
    require_degree(network.family, network.degree, n, even=True)
    side = int(network.degree) // 2
    ties = empty_ties(n * side)
    _lay(n, side, ties.tails, ties.heads)
    return ties


@compiled
def _lay(n, side, tails, heads):  # type: ignore[no-untyped-def]
    for node in range(n):
        for step in range(side):
            tails[node * side + step] = np.uint32(node)
            heads[node * side + step] = np.uint32((node + step + 1) % n)
