"""Who is tied to whom in all markets together, stored or computed, and counts of neighbours."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from abm.engine.state import PROCEDURES, Adjacency
from abm.markets.market import Market
from abm.networks import CSR, FAMILIES, build, join_markets
from abm.networks.procedural_neighbors import Procedure, neighbor, procedure_of
from abm.numerics.jit import entry_point, int64
from abm.numerics.random import stream

_AT_A_TIME = 1 << 16  # rows


def connect(
    markets: Sequence[Market], layouts: npt.NDArray[np.void], seed: int, replicate: int, threads: int | None = None
) -> Adjacency:
    """Build every market's network and join them into one, with the ties abroad that the markets ask for.

    ``threads`` share the building; without it, all cores if that pays.

    Raises
    ------
    NetworkError
        A network cannot be built as asked.
    """
    procedures = _procedures(markets, layouts, seed, replicate)
    n_rows = 64 * int(layouts["n_blocks"].sum())
    csr = _stored(markets, 64 * layouts["first_block"], n_rows, seed, replicate, threads)
    n_neighbors = (
        np.zeros(0, np.uint8) if layouts["complete"].all() else _count_each_row(csr.indptr, procedures, n_rows)
    )
    return Adjacency(csr.indptr[::64].copy(), csr.indices, n_neighbors, procedures)


def _procedures(
    markets: Sequence[Market], layouts: npt.NDArray[np.void], seed: int, replicate: int
) -> npt.NDArray[np.void] | None:
    """Return how the ties of markets that do not store them are computed, PROCEDURES[such markets]."""
    records = [
        (
            64 * int(layout["first_block"]),
            *procedure(market.network, market.consumers, stream(seed, replicate, market.name)),
        )
        for market, layout in zip(markets, layouts, strict=True)
        if (procedure := FAMILIES[market.network.family].procedure) is not None
    ]
    return np.array(records, PROCEDURES).view(np.recarray) if records else None


def _stored(
    markets: Sequence[Market],
    offsets: npt.NDArray[np.int64],
    n_rows: int,
    seed: int,
    replicate: int,
    threads: int | None,
) -> CSR:
    """Return the network of all markets together, CSR[n_rows]; of no rows if none is stored."""
    if not any(FAMILIES[market.network.family].is_stored for market in markets):
        return CSR(np.zeros(1, np.int64), np.zeros(0, np.uint32))
    local = [_local_network(market, seed, replicate, threads) for market in markets]
    shares = [market.network.ties_abroad for market in markets]
    if not any(shares):
        return _side_by_side(local, offsets, n_rows)
    names = [market.name for market in markets]
    return join_markets(local, shares, names=names, offsets=offsets, n_rows=n_rows, seed=seed, replicate=replicate)


def _local_network(market: Market, seed: int, replicate: int, threads: int | None) -> CSR:
    if not FAMILIES[market.network.family].is_stored:
        return CSR(np.zeros(market.consumers + 1, np.int64), np.zeros(0, np.uint32))
    return build(market.network, n=market.consumers, seed=seed, replicate=replicate, name=market.name, threads=threads)


def _side_by_side(local: list[CSR], offsets: npt.NDArray[np.int64], n_rows: int) -> CSR:
    """Join networks without an edge between them; rows between two markets have no ties."""
    indptr = np.zeros(n_rows + 1, np.int64)
    n_before = 0
    for csr, first in zip(local, offsets, strict=True):
        last = first + csr.indptr.size
        np.add(csr.indptr, n_before, out=indptr[first:last])
        n_before += csr.indices.size
        indptr[last:] = n_before
    if len(local) == 1:
        return CSR(indptr, local[0].indices)
    indices = np.empty(n_before, np.uint32)
    for first in offsets:
        csr = local.pop(0)  # large networks are released one by one
        begin, end = indptr[first], indptr[first + csr.indptr.size - 1]
        np.add(csr.indices, np.uint32(first), out=indices[begin:end])
    return CSR(indptr, indices)


def _count_each_row(
    indptr: npt.NDArray[np.int64], procedures: npt.NDArray[np.void] | None, n_rows: int
) -> npt.NDArray[Any]:
    """Return every row's number of neighbours, in the smallest type that holds the largest of them."""
    computed = [int(2 * record.side + record.n_matchings) for record in _each(procedures)]
    largest = max(_longest_row(indptr), *computed, 0)
    n_neighbors = np.zeros(n_rows, np.uint8 if largest < 2**8 else np.uint16 if largest < 2**16 else np.uint32)
    if indptr.size > 1:
        for first in range(0, n_rows, _AT_A_TIME):
            n_neighbors[first : first + _AT_A_TIME] = np.diff(indptr[first : first + _AT_A_TIME + 1])
    for record, degree in zip(_each(procedures), computed, strict=True):
        n_neighbors[record.first_row : record.first_row + record.n] = degree
    return n_neighbors


@entry_point
def _longest_row(indptr: npt.NDArray[np.int64]) -> int:
    """Return the number of ties in the longest row."""
    longest = 0
    for row in range(indptr.size - 1):
        longest = max(longest, indptr[row + 1] - indptr[row])
    return longest


def _each(procedures: npt.NDArray[np.void] | None) -> Iterable[Any]:
    return () if procedures is None else procedures


def count_neighbors(adjacency: Adjacency, mode: npt.NDArray[np.bool_], n_super: npt.NDArray[Any]) -> None:
    """Count every row's neighbours in mode super, in place."""
    n_super[:] = 0
    for record in _each(adjacency.procedures):
        rows = slice(record.first_row, record.first_row + record.n)
        _count_computed(procedure_of(record), mode[rows], n_super[rows])
    if adjacency.starts.size > 1:
        _count_stored(adjacency.starts, adjacency.indices, adjacency.n_neighbors, mode, n_super)


@entry_point
def _count_computed(procedure: Procedure, mode: npt.NDArray[np.bool_], n_super: npt.NDArray[Any]) -> None:
    """Count neighbours of the consumers of one market, [consumers], in place."""
    for i in range(procedure.n):
        if mode[i]:  # often few: it takes fewer operations to add to neighbours than to look at them
            for k in range(2 * procedure.side + procedure.n_matchings):
                n_super[neighbor(procedure, i, k)] += 1


@entry_point
def _count_stored(
    starts: npt.NDArray[np.int64], indices: npt.NDArray[np.uint32], n_neighbors: npt.NDArray[Any],
    mode: npt.NDArray[np.bool_], n_super: npt.NDArray[Any],
) -> None:  # fmt: skip
    """Count neighbours along stored edges, [rows], in place."""
    for block in range(starts.size - 1):
        edge, last = starts[block], starts[block + 1]
        row = 64 * block
        while edge < last:  # no ties in the rows of those who are computed
            count = 0
            for _ in range(n_neighbors[row]):
                count += mode[indices[edge]]
                edge += 1
            n_super[row] += count
            row += 1


def neighbors_of(adjacency: Adjacency, row: int) -> npt.NDArray[np.int64]:
    """Return the rows of a consumer's neighbours, stored or computed, ascending."""
    for record in _each(adjacency.procedures):
        if record.first_row <= row < record.first_row + record.n:
            given, i = procedure_of(record), row - int(record.first_row)
            numbers = range(2 * given.side + given.n_matchings)
            found = [int(neighbor(given, int64(i), number)) for number in numbers]
            return np.sort(np.array(found, np.int64)) + int(record.first_row)
    block, n = row // 64, int(adjacency.n_neighbors[row])
    begin = int(adjacency.starts[block]) + int(adjacency.n_neighbors[64 * block : row].sum())
    return adjacency.indices[begin : begin + n].astype(np.int64)
