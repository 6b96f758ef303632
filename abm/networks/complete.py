"""Complete network: everyone is tied to everyone.

The simulation needs no edges for it (it counts); this explicit form is for looking at and for small tests.
"""

from typing import Final

import numpy as np

from abm.networks.errors import NetworkError
from abm.networks.family import network_family
from abm.networks.graph_types import CSR, complement
from abm.networks.parameters import Network
from abm.numerics.random import Stream

MAX_CONSUMERS: Final = 20_000  # 400 million entries, 1.6 GB


@network_family(
    "complete",
    meaning="everyone is tied to everyone",
    source="Newman (2010), Networks: an introduction",
    uses=(),
    all_pairs=True,
)
def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return all pairs; raise NetworkError above 20,000 consumers."""
    if n > MAX_CONSUMERS:
        raise NetworkError(
            f"family 'complete' with {n:,} consumers cannot be stored: at most {MAX_CONSUMERS:,} "
            "(a simulation needs no stored ties for it)"
        )
    return complement(CSR(np.zeros(n + 1, np.int64), np.empty(0, np.uint32)))
