"""Updating counts of neighbours: whoever switched, or was let down, changes the counts of everyone they are tied to.

Each thread adds up the changes its consumers cause apart from those of others (``CountDelta``), so that no two threads
change the same number; all are reduced when the week is over. Senders are listed a group at a time: while the
neighbours of one group come from memory, the next group is listed. Where no edges are stored (procedural networks), the
neighbours are computed, for many senders at once.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from abm.engine.state import State
from abm.networks.procedural_neighbors import neighbors, procedure_number, procedure_of
from abm.numerics.bits import copy_sixteen, prefetch, sum_before, trailing_zeros
from abm.numerics.jit import device_function, inline

SENDER_BLOCKS = 16  # blocks of 64 consumers whose senders are listed together, as a group
_SIZE = 64 * SENDER_BLOCKS
_FEW = 16  # ties of one messenger that are copied at once, however few they are: that needs no branch
_ZERO, _ONE, _ALL = np.uint64(0), np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF)
_SIX, _PLACE = np.uint64(6), np.uint64(63)  # of a row: its block, and its place in there


class SenderBuffer(NamedTuple):
    """Who has something to tell: two slots, one noted while the ties of the other are fetched."""

    n: npt.NDArray[np.int64]  # [slots, 2]: senders who add one, and all; the others take one away
    rows: npt.NDArray[np.int64]  # [slots, _SIZE + 1], the last one for nobody
    begins: npt.NDArray[np.int64]  # as many: the ties of messenger k are begins[k] .. ends[k] - 1
    ends: npt.NDArray[np.int64]
    some: npt.NDArray[np.uint32]  # [_SIZE * _FEW]: neighbours of many, one after the other
    one: npt.NDArray[np.int64]  # [_SIZE]: one neighbour of each, worked out


class CountDelta(NamedTuple):
    """What is told this week, to be added to the counts of the same name in State; of their type, [rows].

    That of all threads together has one row more dimension: [threads, rows].
    """

    n_super: npt.NDArray[Any]
    n_let_down: npt.NDArray[Any]


def new_sender_buffer() -> SenderBuffer:
    """Return room for the senders of two groups."""
    slots = np.zeros((3, 2, _SIZE + 1), np.int64)
    return SenderBuffer(
        np.zeros((2, 2), np.int64), slots[0], slots[1], slots[2],
        np.zeros(_SIZE * _FEW, np.uint32), np.zeros(_SIZE, np.int64),
    )  # fmt: skip


def zero_delta(state: State, threads: int) -> CountDelta:
    """Return counts that change nothing, for some threads."""
    return CountDelta(*(np.zeros((threads, counts.size), counts.dtype) for counts in (state.n_super, state.n_let_down)))


@device_function
def scatter_counts(senders_mask, plus, first_block, last_block, adjacency, procedures, delta, senders):  # type: ignore[no-untyped-def]
    """Add what the senders in some blocks of one market change to ``delta``, one of those in ``CountDelta``.

    Who has a bit in ``plus`` adds one to the count of each neighbour, others take one away. ``procedures`` are those of
    ``ties``, by themselves: only of an argument does the compiler know that it is None, and leaves out what needs it.
    """
    procedure = -1 if procedures is None else procedure_number(procedures, 64 * first_block)
    senders.n[:, :] = 0
    slot = 0
    for first in range(first_block, last_block + SENDER_BLOCKS, SENDER_BLOCKS):  # once more: for the last group
        list_senders(senders_mask, plus, first, min(first + SENDER_BLOCKS, last_block), senders, slot)
        if procedure < 0:
            add_to_stored(delta, adjacency, senders, 1 - slot)
            locate_neighbors(adjacency, senders, slot)
        elif procedures is not None:
            add_to_computed(delta, procedures[procedure], senders, 1 - slot)
        slot = 1 - slot


@inline
def list_senders(senders_mask, plus, first_block, last_block, senders, slot):  # type: ignore[no-untyped-def]
    """List the senders of some blocks: first those with a bit in ``plus``."""
    rows = senders.rows[slot]
    n_plus = _list_senders(senders_mask, plus, _ZERO, first_block, last_block, rows, np.uint64(0))
    n = _list_senders(senders_mask, plus, _ALL, first_block, last_block, rows, n_plus)
    senders.n[slot, 0], senders.n[slot, 1] = n_plus, n


@inline
def _list_senders(senders_mask, plus, flip, first_block, last_block, rows, n):  # type: ignore[no-untyped-def]
    for block in range(first_block, last_block):
        bits = senders_mask[block] & (plus[block] ^ flip)
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
def locate_neighbors(adjacency, senders, slot):  # type: ignore[no-untyped-def]
    """Look up where the ties of those noted lie, and have them fetched."""
    starts, n_neighbors = adjacency.starts, adjacency.n_neighbors
    rows, begins, ends = senders.rows[slot], senders.begins[slot], senders.ends[slot]
    for k in range(senders.n[slot, 1]):
        row = np.uint64(rows[k])
        block = row >> _SIX
        begins[k] = starts[block] + sum_before(n_neighbors, block << _SIX, row & _PLACE)
        ends[k] = begins[k] + np.int64(n_neighbors[row])
        prefetch(adjacency.indices, begins[k])
        prefetch(adjacency.indices, begins[k] + _FEW - 1)


@inline
def add_to_stored(delta, adjacency, senders, slot):  # type: ignore[no-untyped-def]
    """Tell the stored neighbours of those noted."""
    n_plus, n = senders.n[slot, 0], senders.n[slot, 1]
    _add_to_stored(delta, adjacency.indices, senders, slot, 0, n_plus, 1)
    _add_to_stored(delta, adjacency.indices, senders, slot, n_plus, n, -1)


@inline
def _add_to_stored(delta, indices, senders, slot, first, last, change):  # type: ignore[no-untyped-def]
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
def _add(delta, targets, first, last, change):  # type: ignore[no-untyped-def]
    """Add ``change`` at targets[first] .. targets[last - 1]."""
    for k in range(np.uint64(first), np.uint64(last)):
        place = np.uint64(targets[k])
        delta[place] = np.int64(delta[place]) + change


@device_function
def add_to_computed(delta, record, senders, slot):  # type: ignore[no-untyped-def]
    """Tell the neighbours of those noted, one neighbour of each at a time."""
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
def reduce_counts(counts, delta, first_row, last_row, anew):  # type: ignore[no-untyped-def]
    """Add the delta of all threads to the counts of some rows; ``anew``: what these were before is forgotten.

    Counts and delta may be as narrow as the largest count: what overflows on the way comes back.
    """
    first, last = np.uint64(first_row), np.uint64(last_row)
    if anew:
        for row in range(first, last):
            counts[row] = 0
    for thread in range(delta.shape[0]):
        told = delta[thread]
        for row in range(first, last):
            counts[row] = np.int64(counts[row]) + np.int64(told[row])
            told[row] = 0
