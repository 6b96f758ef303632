"""Ring: each consumer is tied to the degree/2 nearest on either side. Nothing is random.

Source: Watts & Strogatz (1998), Nature 393:440, at no rewiring.
"""

import numpy as np

from abm.compiled import compiled
from abm.networks.assembly import sort_rows
from abm.networks.csr import CSR, countable
from abm.networks.errors import require_degree
from abm.networks.lanes import useful_threads
from abm.networks.parameters import Network
from abm.random import Stream


def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return the ring; raise NetworkError if the degree does not fit the number of consumers."""
    require_degree("ring", network.degree, n, even=True)
    side = int(network.degree) // 2
    threads = useful_threads(threads, countable(n * side))
    csr = CSR(2 * side * np.arange(n + 1), np.empty(2 * side * n, np.uint32))
    if side > 0:
        _lay(n, side, csr.indices)
    sort_rows(csr, threads)
    return csr


@compiled
def _lay(n, side, indices):  # type: ignore[no-untyped-def]
    for node in range(n):
        for step in range(1, side + 1):
            indices[2 * (node * side + step) - 2] = np.uint32((node - step) % n)
            indices[2 * (node * side + step) - 1] = np.uint32((node + step) % n)
