"""Scale-free network: newcomers tie themselves to m = degree/2 others, popular ones more often.

Degrees follow P(k) = 2 m (m + 1) / (k (k + 1) (k + 2)), k >= m. Starts from m + 1 consumers who all know
each other, so the mean degree is 2 m but for m (m + 1) / n.

Source: Barabasi & Albert (1999), Science 286:509; Bollobas et al. (2001) for P(k).
"""

import numpy as np

from abm.compiled import compiled
from abm.networks.csr import CSR, empty_ties, from_ties
from abm.networks.draws import NETWORK, below
from abm.networks.errors import require_degree
from abm.networks.parameters import Network
from abm.random import Stream, draw


def build(network: Network, n: int, stream: Stream) -> CSR:
    """Return a scale-free network; raise NetworkError if the degree does not fit the number of consumers."""
    require_degree("scale_free", network.degree, n, even=True)
    newcomer_ties = int(network.degree) // 2
    core = newcomer_ties + 1
    ties = empty_ties(newcomer_ties * core // 2 + newcomer_ties * (n - core))
    _attach(stream, newcomer_ties, ties.tails, ties.heads, np.zeros(n, np.uint32))
    return from_ties(n, ties)


@compiled
def _attach(stream, newcomer_ties, tails, heads, chosen_by):  # type: ignore[no-untyped-def]
    """Fill the ties; a random end of an earlier tie is a consumer with chance in proportion to degree."""
    tie = 0
    for node in range(newcomer_ties + 1):
        for other in range(node):
            tails[tie] = np.uint32(node)
            heads[tie] = np.uint32(other)
            tie += 1
    for node in range(newcomer_ties + 1, chosen_by.size if newcomer_ties > 0 else 0):
        n_ends = 2 * tie
        for _ in range(newcomer_ties):
            attempt = 0
            while True:
                words = draw(stream, tie, attempt, NETWORK, 0)
                end = below(words[0], words[1], n_ends)
                other = heads[end >> 1] if end & 1 else tails[end >> 1]
                if chosen_by[other] != node:
                    break
                attempt += 1
            chosen_by[other] = np.uint32(node)
            tails[tie] = np.uint32(node)
            heads[tie] = other
            tie += 1
