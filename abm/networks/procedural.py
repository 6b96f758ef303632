"""Procedural network: who is tied to whom is worked out when it is asked; no tie is stored.

Consumers sit on a ring. Of their degree, about half are the nearest on either side (degree // 4 each); every other tie
comes from a random matching of all consumers into pairs (abm.networks.procedural_neighbors).

All have the same degree. A pair that comes up twice (two matchings, or a matching and the ring; about
degree^2 / 8 pairs whatever n) is a tie that counts twice for both, here and in the stored form, whose row then holds
the neighbour twice.

Source: Bollobas & Chung (1988), SIAM J. Discrete Math. 1:328 (ring plus a matching).
"""

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from abm.networks.csr_builder import sort_rows
from abm.networks.errors import NetworkError, require_degree
from abm.networks.graph_types import CSR, countable
from abm.networks.parameters import Network
from abm.networks.procedural_neighbors import Procedure, neighbor
from abm.networks.random_index import NETWORK
from abm.numerics.jit import entry_point
from abm.numerics.random import Stream, draw
from abm.numerics.thread_pool import in_parts, useful_threads

_PART: Final = 1 << 15  # rows written at a time


def procedure(network: Network, n: int, stream: Stream) -> Procedure:
    """Return what the neighbours of n consumers are worked out from.

    Raises
    ------
    NetworkError
        The degree is n or more, or n is odd and not everyone can have a partner.
    """
    degree = int(network.degree)
    require_degree("procedural", degree, n)
    side = degree // 4
    if degree > 2 * side and n % 2:
        raise NetworkError(
            f"family 'procedural': {n:,} consumers: must be an even number, such as {n - 1:,} or {n + 1:,} "
            f"(every matching pairs all of them)"
        )
    width = math.isqrt(n - 1) + 1  # at least the square root
    width += width % 2
    words = draw(stream, 0, 0, NETWORK, 0)
    return Procedure(n, side, degree - 2 * side, -(-n // width), width, np.uint64(words[0]), np.uint64(words[1]))


def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return the stored form."""
    return rows(procedure(network, n, stream), threads)


def rows(ties: Procedure, threads: int | None = None) -> CSR:
    """Return what the procedure says, row by row."""
    degree = 2 * ties.side + ties.n_matchings
    threads = useful_threads(threads, countable(ties.n * degree // 2))
    csr = CSR(degree * np.arange(ties.n + 1), np.empty(degree * ties.n, np.uint32))

    def work(parts: Iterator[tuple[int, int]]) -> None:
        for first, last in parts:
            _write(ties, first, last, csr.indices)

    in_parts(ties.n, _PART, threads, work)
    sort_rows(csr, threads)
    return csr


@entry_point
def _write(ties, first, last, indices):  # type: ignore[no-untyped-def]
    degree = 2 * ties.side + ties.n_matchings
    for i in range(first, last):
        for number in range(degree):
            indices[i * degree + number] = neighbor(ties, i, number)
