"""Regular network: everyone has exactly the same number of ties, otherwise random.

The ends of all ties are paired at random; loops and repeats, about degree^2 / 4 at any size, are then
switched with random other ties, which keeps every degree.

Source: Bollobas (1980), Eur. J. Combin. 1:311 (pairing);
McKay & Wormald (1990), J. Algorithms 11:52 (switching).
"""

from typing import Final

import numpy as np

from abm.networks.csr_builder import crowded_rows, from_ties, sort_rows, stored
from abm.networks.duplicate_edges import listed_in, repeats_among
from abm.networks.errors import NetworkError, require_degree
from abm.networks.family import network_family
from abm.networks.graph_types import CSR, EdgeList, Index, complement, countable
from abm.networks.parameters import Network
from abm.networks.random_index import NETWORK, below
from abm.numerics.bits import prefetch
from abm.numerics.jit import entry_point
from abm.numerics.random import Stream, draw
from abm.numerics.thread_pool import useful_threads

MAX_ATTEMPTS: Final = 1_000  # switches tried for one tie
MAX_PAIRINGS: Final = 100
_BATCH: Final = 4_096  # places of the shuffle whose partners are drawn, and fetched, before they are exchanged
_ONE = np.uint64(1)


def _check(network: Network, n: int) -> None:
    require_degree("regular", network.degree, n)
    if n * int(network.degree) % 2:
        raise NetworkError(
            f"family 'regular': degree {network.degree:,.0f} with {n:,} consumers: degree times consumers must be even"
        )


@network_family(
    "regular",
    meaning="everyone has exactly the same number of ties, otherwise random",
    source="Bollobas (1980), Eur. J. Combin. 1:311",
    whole_degree=True,
    check=_check,
    build_bytes_per_tie=8,  # both ends of each
)
def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return a regular network."""
    degree = int(network.degree)
    countable(n * degree // 2)
    if 2 * degree > n - 1:  # who is not tied is regular too, and sparse
        return complement(_regular(stream, n, n - 1 - degree, threads))
    return _regular(stream, n, degree, threads)


def _regular(stream: Stream, n: int, degree: int, threads: int | None) -> CSR:
    threads = useful_threads(threads, n * degree // 2)
    for pairing in range(MAX_PAIRINGS):
        ends = np.repeat(np.arange(n, dtype=np.uint32), degree)
        _shuffle(stream, 2 * pairing, ends)
        ties = EdgeList(ends[::2], ends[1::2])
        csr = from_ties(n, ties, threads, degree)
        if _switch(stream, 2 * pairing + 1, _bad(csr, ties, threads), ties, csr) == 0:
            sort_rows(csr, threads)
            return csr
    raise NetworkError(  # not seen at any size tried
        f"family 'regular': no network of degree {degree:,} with {n:,} consumers in {MAX_PAIRINGS} pairings"
    )


def _bad(csr: CSR, ties: EdgeList, threads: int) -> Index:
    """Return loops and repeats."""
    crowded = crowded_rows(csr, threads)  # a loop fills two places of its row, so it crowds it
    if crowded is None:
        return np.empty(0, np.int64)
    suspects = listed_in(stored(ties), crowded, threads)
    loops = suspects.numbers[suspects.ties.tails == suspects.ties.heads]
    return np.union1d(loops, repeats_among(suspects).numbers)


@entry_point
def _shuffle(stream, part, ends):  # type: ignore[no-untyped-def]
    """Fisher-Yates."""
    others = np.empty(_BATCH, np.int64)
    for top in range(ends.size - 1, 0, -_BATCH):
        n_places = min(_BATCH, top)
        for step in range(n_places):
            words = draw(stream, top - step, 0, NETWORK, part)
            others[step] = below(words[0], words[1], top - step + 1)
            prefetch(ends, others[step])
        for step in range(n_places):
            place, other = top - step, others[step]
            ends[place], ends[other] = ends[other], ends[place]


@entry_point
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


@entry_point
def _tied(csr, node, other):  # type: ignore[no-untyped-def]
    for place in range(csr.indptr[node], csr.indptr[node + 1]):  # noqa: SIM110 (any() does not compile well)
        if csr.indices[place] == other:
            return True
    return False


@entry_point
def _replace(csr, node, old, new):  # type: ignore[no-untyped-def]
    for place in range(csr.indptr[node], csr.indptr[node + 1]):
        if csr.indices[place] == old:
            csr.indices[place] = new
            return
