"""Procedural network: neighbours are computed when they are needed; no edge is stored.

Consumers sit on a ring. Of their degree, about half are the nearest on either side (degree // 4 each); every other edge
comes from a random matching of all consumers into pairs (abm.networks.procedural_neighbors).

All have the same degree. A pair that comes up twice (two matchings, or a matching and the ring; about
degree^2 / 8 pairs whatever n) is a edge that counts twice for both, here and in the stored form, whose row then holds
the neighbour twice.

Source: Bollobas & Chung (1988), SIAM J. Discrete Math. 1:328 (ring plus a matching).
"""

import math

import numpy as np

from abm.networks.errors import NetworkError, require_degree
from abm.networks.family import network_family
from abm.networks.graph_types import CSR
from abm.networks.parameters import Network
from abm.networks.procedural_csr import csr_of_procedure
from abm.networks.procedural_neighbors import Procedure
from abm.networks.random_index import NETWORK
from abm.numerics.random import Stream, draw


def _check(network: Network, n: int) -> None:
    degree = int(network.degree)
    require_degree("procedural", degree, n)
    if degree > 2 * (degree // 4) and n % 2:
        raise NetworkError(
            f"family 'procedural': {n:,} consumers: must be an even number, such as {n - 1:,} or {n + 1:,} "
            f"(every matching pairs all of them)"
        )


def procedure(network: Network, n: int, stream: Stream) -> Procedure:
    """Return what the neighbours of n consumers are computed from.

    Parameters
    ----------
    network : Network
        Of family procedural.
    n : int
        Number of consumers.
    stream : Stream
        Random numbers of the market.

    Returns
    -------
    Procedure

    Raises
    ------
    NetworkError
        The degree is n or more, or n is odd and not everyone can have a partner.
    """
    _check(network, n)
    degree = int(network.degree)
    side = degree // 4
    width = math.isqrt(n - 1) + 1  # at least the square root
    width += width % 2
    words = draw(stream, 0, 0, NETWORK, 0)
    return Procedure(n, side, degree - 2 * side, -(-n // width), width, np.uint64(words[0]), np.uint64(words[1]))


@network_family(
    "procedural",
    meaning="half a ring, half random matchings; neighbours are computed, and no ties stored",
    source="Bollobas & Chung (1988), SIAM J. Discrete Math. 1:328",
    uses=("degree",),
    whole_degree=True,
    check=_check,
    procedure=procedure,
)
def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return the stored form."""
    return csr_of_procedure(procedure(network, n, stream), threads)
