"""Compressed sparse rows of a procedure: everyone's neighbours computed once and stored."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from abm.networks.csr_builder import sort_rows
from abm.networks.graph_types import CSR, countable
from abm.networks.procedural_neighbors import Procedure, neighbor
from abm.numerics.jit import entry_point
from abm.numerics.thread_pool import in_parts, useful_threads

_PART: Final = 1 << 15  # rows written at a time


def csr_of_procedure(ties: Procedure, threads: int | None = None) -> CSR:
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
