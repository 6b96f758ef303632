"""Keeping counts of neighbours: who switched, or was let down, changes the counts of everyone they are tied to.

Each thread adds up the changes that its consumers cause apart from those of others (``CountDelta``), so that no two
threads change the same number; all are reduced when the week is over. Senders are listed a group at a time: while the
neighbours of one group come from memory, the next group is listed. Where no edges are stored (procedural networks), the
neighbours are computed, for many senders at once.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from abm.engine.state import Adjacency
from abm.networks.procedural_neighbors import neighbors, procedure_number, procedure_of
from abm.numerics.array_types import Counts, Words
from abm.numerics.bits import copy_sixteen, prefetch, sum_before, trailing_zeros
from abm.numerics.jit import device_function, inline, int64

SENDER_BLOCKS = 16  # blocks of 64 consumers whose senders are listed together, as a group
_SIZE = 64 * SENDER_BLOCKS
_FEW = 16  # neighbours of one sender that are copied at once, however few they are: that needs no branch
_ZERO, _ONE, _ALL = np.uint64(0), np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF)
_SIX, _BIT = np.uint64(6), np.uint64(63)  # of a row: its block, and its bit in there


class SenderBuffer(NamedTuple):
    """Senders of two groups: one is listed in a slot while the neighbours of the other are fetched."""

    n: npt.NDArray[np.int64]  # [slots, 2]: senders who add one, and all; the others take one away
    rows: npt.NDArray[np.int64]  # [slots, _SIZE + 1], the last one for nobody
    begins: npt.NDArray[np.int64]  # as many: the edges of sender k are begins[k] .. ends[k] - 1
    ends: npt.NDArray[np.int64]
    some: npt.NDArray[np.uint32]  # [_SIZE * _FEW]: neighbours of many, one after the other
    one: npt.NDArray[np.int64]  # [_SIZE]: one computed neighbour of each


class CountDelta(NamedTuple):
    """What this week adds to the counts of the same name in the state; of their type, [rows].

    That of all threads together has one dimension more: [threads, rows].
    """

    n_super: Counts
    n_let_down: Counts


def new_sender_buffer() -> SenderBuffer:
    """Return an empty buffer for the senders of two groups."""
    slots = np.zeros((3, 2, _SIZE + 1), np.int64)
    return SenderBuffer(
        np.zeros((2, 2), np.int64), slots[0], slots[1], slots[2],
        np.zeros(_SIZE * _FEW, np.uint32), np.zeros(_SIZE, np.int64),
    )  # fmt: skip


def zero_delta(state: Any, threads: int) -> CountDelta:
    """Return changes of nothing, for some threads."""
    return CountDelta(*(np.zeros((threads, counts.size), counts.dtype) for counts in (state.n_super, state.n_let_down)))


@device_function
def scatter_counts(
    sends: Words, plus: Words, first_block: int, last_block: int, adjacency: Adjacency,
    procedures: npt.NDArray[np.void] | None, delta: Counts, senders: SenderBuffer,
) -> None:  # fmt: skip
    """Add what the senders in some blocks of one market change to the counts of their neighbours.

    Parameters
    ----------
    sends : uint64[blocks]
        Bits of those who change the counts of their neighbours.
    plus : uint64[blocks]
        Bits of those who add one; the others take one away.
    first_block, last_block : int
        Blocks ``first_block`` .. ``last_block`` - 1 of the population.
    adjacency : Adjacency
    procedures : PROCEDURES[markets] or None
        Those of ``adjacency``: None leaves out, when compiled, what only computed neighbours need.
    delta : uint8, 16 or 32 [rows]
        One of those in ``CountDelta``; is added to.
    senders : SenderBuffer
    """
    procedure = -1 if procedures is None else procedure_number(procedures, 64 * first_block)
    senders.n[:, :] = 0
    slot = 0
    for first in range(first_block, last_block + SENDER_BLOCKS, SENDER_BLOCKS):  # once more: for the last group
        list_senders(sends, plus, first, min(first + SENDER_BLOCKS, last_block), senders, slot)
        if procedure < 0:
            add_to_stored(delta, adjacency, senders, 1 - slot)
            locate_neighbors(adjacency, senders, slot)
        elif procedures is not None:
            add_to_computed(delta, procedures[procedure], senders, 1 - slot)
        slot = 1 - slot


@inline
def list_senders(
    sends: Words, plus: Words, first_block: int, last_block: int, senders: SenderBuffer, slot: int
) -> None:
    """List the senders of some blocks: first those with a bit in ``plus``."""
    rows = senders.rows[slot]
    n_plus = _list_senders(sends, plus, _ZERO, first_block, last_block, rows, np.uint64(0))
    n = _list_senders(sends, plus, _ALL, first_block, last_block, rows, n_plus)
    senders.n[slot, 0], senders.n[slot, 1] = n_plus, n


@inline
def _list_senders(
    sends: Words, plus: Words, flip: np.uint64, first_block: int, last_block: int, rows: npt.NDArray[np.int64],
    n: np.uint64,
) -> np.uint64:  # fmt: skip
    for block in range(first_block, last_block):
        bits = sends[block] & (plus[block] ^ flip)
        for _ in range(2):  # few have more: those two are written down in any case, and nothing needs to be guessed
            is_one = np.uint64(bits != _ZERO)
            rows[n] = block * 64 + trailing_zeros(bits)
            n += is_one
            bits &= bits - is_one
        while bits != _ZERO:
            rows[n] = block * 64 + trailing_zeros(bits)
            bits &= bits - _ONE
            n += _ONE
    return n


@inline
def locate_neighbors(adjacency: Adjacency, senders: SenderBuffer, slot: int) -> None:
    """Look up where the edges of the listed senders lie, and have them fetched."""
    starts, n_neighbors = adjacency.starts, adjacency.n_neighbors
    rows, begins, ends = senders.rows[slot], senders.begins[slot], senders.ends[slot]
    for k in range(senders.n[slot, 1]):
        row = np.uint64(rows[k])
        block = row >> _SIX
        begins[k] = starts[block] + sum_before(n_neighbors, block << _SIX, row & _BIT)
        ends[k] = begins[k] + int64(n_neighbors[row])
        prefetch(adjacency.indices, begins[k])
        prefetch(adjacency.indices, begins[k] + _FEW - 1)


@inline
def add_to_stored(delta: Counts, adjacency: Adjacency, senders: SenderBuffer, slot: int) -> None:
    """Change the counts of the listed senders' stored neighbours."""
    n_plus, n = senders.n[slot, 0], senders.n[slot, 1]
    _add_to_stored(delta, adjacency.indices, senders, slot, 0, n_plus, 1)
    _add_to_stored(delta, adjacency.indices, senders, slot, n_plus, n, -1)


@inline
def _add_to_stored(
    delta: Counts, indices: npt.NDArray[np.uint32], senders: SenderBuffer, slot: int, first: int, last: int, change: int
) -> None:
    begins, ends, some, n = senders.begins[slot], senders.ends[slot], senders.some, 0
    for k in range(first, last):
        begin, end = begins[k], ends[k]
        if end - begin <= _FEW and begin + _FEW <= indices.size:
            copy_sixteen(indices, begin, some, n)
            n += end - begin
        else:
            _add(delta, indices, begin, end, change)
    _add(delta, some, 0, n, change)


@inline
def _add(delta: Counts, targets: npt.NDArray[Any], first: int, last: int, change: int) -> None:
    """Add ``change`` to the counts of targets[first] .. targets[last - 1]."""
    for k in range(np.uint64(first), np.uint64(last)):
        row = np.uint64(targets[k])
        delta[row] = int64(delta[row]) + change


@device_function
def add_to_computed(delta: Counts, record: Any, senders: SenderBuffer, slot: int) -> None:
    """Change the counts of the listed senders' computed neighbours, one neighbour of each at a time."""
    procedure, first_row = procedure_of(record), record.first_row
    rows, one, n_plus, n = senders.rows[slot], senders.one, senders.n[slot, 0], senders.n[slot, 1]
    for k in range(n):
        rows[k] -= first_row
    for number in range(2 * record.side + record.n_matchings):
        neighbors(procedure, rows, n, number, one)
        for k in range(n):
            one[k] += first_row
            prefetch(delta, one[k])
        _add(delta, one, 0, n_plus, 1)
        _add(delta, one, n_plus, n, -1)


@inline
def reduce_counts(counts: Counts, delta: npt.NDArray[Any], first_row: int, last_row: int, reset: bool) -> None:
    """Add the changes of all threads, [threads, rows], to the counts of some rows; ``reset``: these start from 0.

    Counts and changes may be as narrow as the largest count: what overflows on the way comes back.
    """
    first, last = np.uint64(first_row), np.uint64(last_row)
    if reset:
        for row in range(first, last):
            counts[row] = 0
    for thread in range(delta.shape[0]):
        of_thread = delta[thread]
        for row in range(first, last):
            counts[row] = int64(counts[row]) + int64(of_thread[row])
            of_thread[row] = 0
