"""Compressed sparse rows of a procedure: everyone's neighbours computed once and stored."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from abm.networks.csr_builder import sort_rows
from abm.networks.graph_types import CSR, Nodes, require_countable
from abm.networks.procedural_neighbors import Procedure, neighbor
from abm.numerics.jit import entry_point
from abm.numerics.thread_pool import run_in_chunks, useful_threads

_CHUNK: Final = 1 << 15  # rows written at a time


def csr_of_procedure(procedure: Procedure, threads: int | None = None) -> CSR:
    """Return the rows that a procedure computes.

    Parameters
    ----------
    procedure : Procedure
    threads : int, optional
        Without it, all cores if that pays.
    """
    degree = 2 * procedure.side + procedure.n_matchings
    threads = useful_threads(threads, require_countable(procedure.n * degree // 2))
    csr = CSR(degree * np.arange(procedure.n + 1), np.empty(degree * procedure.n, np.uint32))

    def work(chunks: Iterator[tuple[int, int]]) -> None:
        for first, last in chunks:
            _write(procedure, first, last, csr.indices)

    run_in_chunks(procedure.n, _CHUNK, threads, work)
    sort_rows(csr, threads)
    return csr


@entry_point
def _write(procedure: Procedure, first: int, last: int, indices: Nodes) -> None:
    """Write the rows first .. last - 1 to uint32[n * degree]."""
    degree = 2 * procedure.side + procedure.n_matchings
    for i in range(first, last):
        for number in range(degree):
            indices[i * degree + number] = neighbor(procedure, i, number)
