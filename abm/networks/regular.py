"""Regular network: everyone has exactly the same number of ties, otherwise random.

The ends of all ties are paired at random; loops and repeats, about degree^2 / 4 at any size, are then
switched with random other ties, which keeps every degree.

Source: Bollobas (1980), Eur. J. Combin. 1:311 (pairing);
McKay & Wormald (1990), J. Algorithms 11:52 (switching).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from abm.compiled import compiled
from abm.networks.csr import CSR, Index, Ties, complement, empty_ties, from_ties, repeats, sort_rows
from abm.networks.draws import NETWORK, below
from abm.networks.errors import NetworkError, require_degree
from abm.networks.parameters import Network
from abm.random import Stream, draw

MAX_ATTEMPTS: Final = 1_000  # switches tried for one tie
MAX_PAIRINGS: Final = 100
_ONE = np.uint64(1)


def build(network: Network, n: int, stream: Stream) -> CSR:
    """Return a regular network; raise NetworkError if the degree is n or more, or n * degree odd."""
    degree = int(network.degree)
    require_degree("regular", degree, n)
    if n * degree % 2:
        raise NetworkError(
            f"family 'regular': degree {degree:,} with {n:,} consumers: degree times consumers must be even"
        )
    if 2 * degree > n - 1:  # who is not tied is regular too, and sparse
        return complement(_regular(stream, n, n - 1 - degree))
    return _regular(stream, n, degree)


def _regular(stream: Stream, n: int, degree: int) -> CSR:
    ties = empty_ties(n * degree // 2)
    for pairing in range(MAX_PAIRINGS):
        ends = np.repeat(np.arange(n, dtype=np.uint32), degree)
        _shuffle(stream, 2 * pairing, ends)
        ties.tails[:], ties.heads[:] = ends[::2], ends[1::2]
        csr = from_ties(n, ties)
        if _switch(stream, 2 * pairing + 1, _bad(csr, ties), ties, csr) == 0:
            sort_rows(csr.indptr, csr.indices)
            return csr
    raise NetworkError(  # not seen at any size tried
        f"family 'regular': no network of degree {degree:,} with {n:,} consumers in {MAX_PAIRINGS} pairings"
    )


def _bad(csr: CSR, ties: Ties) -> Index:
    """Return loops and repeats."""
    bad: NDArray[np.bool_] = ties.tails == ties.heads
    bad[repeats(csr, ties)] = True
    return np.flatnonzero(bad)


@compiled
def _shuffle(stream, part, ends):  # type: ignore[no-untyped-def]
    """Fisher-Yates."""
    for place in range(ends.size - 1, 0, -1):
        words = draw(stream, place, 0, NETWORK, part)
        other = below(words[0], words[1], place + 1)
        ends[place], ends[other] = ends[other], ends[place]


@compiled
def _switch(stream, part, bad, ties, csr):  # type: ignore[no-untyped-def]
    """Turn each bad tie a-b and a random tie c-d into a-c and b-d where that is allowed; count failures."""
    failures = 0
    for tie in bad:
        a, b = ties.tails[tie], ties.heads[tie]
        done = False
        for attempt in range(MAX_ATTEMPTS):
            words = draw(stream, tie, attempt, NETWORK, part)
            other = below(words[0], words[1], ties.tails.size)
            c, d = ties.tails[other], ties.heads[other]
            if words[2] & _ONE:
                c, d = d, c
            if other == tie or c in (d, a) or b == d or _tied(csr, a, c) or _tied(csr, b, d):
                continue
            ties.tails[tie], ties.heads[tie] = a, c
            ties.tails[other], ties.heads[other] = b, d
            _replace(csr, a, b, c)
            _replace(csr, b, a, d)
            _replace(csr, c, d, a)
            _replace(csr, d, c, b)
            done = True
            break
        failures += 0 if done else 1
    return failures


@compiled
def _tied(csr, node, other):  # type: ignore[no-untyped-def]
    for place in range(csr.indptr[node], csr.indptr[node + 1]):  # noqa: SIM110 (any() does not compile well)
        if csr.indices[place] == other:
            return True
    return False


@compiled
def _replace(csr, node, old, new):  # type: ignore[no-untyped-def]
    for place in range(csr.indptr[node], csr.indptr[node + 1]):
        if csr.indices[place] == old:
            csr.indices[place] = new
            return
