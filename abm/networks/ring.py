"""Ring: each consumer is tied to the degree/2 nearest on either side. Nothing is random.

Source: Watts & Strogatz (1998), Nature 393:440, at no rewiring.
"""

import numpy as np

from abm.networks.family import network_family
from abm.networks.graph_types import CSR
from abm.networks.parameters import Network
from abm.networks.procedural_csr import csr_of_procedure
from abm.networks.procedural_neighbors import Procedure
from abm.numerics.random import Stream


@network_family(
    "ring",
    meaning="each consumer is tied to the degree/2 nearest on either side",
    source="Watts & Strogatz (1998), Nature 393:440, at no rewiring",
    uses=("degree",),
    whole_degree=True,
    even_degree=True,
)
def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return the ring."""
    side = int(network.degree) // 2
    no_matchings = Procedure(n, side, 0, height=n, width=2, key_0=np.uint64(0), key_1=np.uint64(0))
    return csr_of_procedure(no_matchings, threads)
