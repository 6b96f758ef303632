"""Ring: each consumer is tied to the degree/2 nearest on either side. Nothing is random.

Source: Watts & Strogatz (1998), Nature 393:440, at no rewiring.
"""

import numpy as np

from abm.networks.errors import require_degree
from abm.networks.graph_types import CSR
from abm.networks.parameters import Network
from abm.networks.procedural import rows
from abm.networks.procedural_neighbors import Procedure
from abm.numerics.random import Stream


def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return the ring; raise NetworkError if the degree does not fit the number of consumers."""
    require_degree("ring", network.degree, n, even=True)
    side = int(network.degree) // 2
    no_matchings = Procedure(n, side, 0, height=n, width=2, key_0=np.uint64(0), key_1=np.uint64(0))
    return rows(no_matchings, threads)
