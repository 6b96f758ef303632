"""Telling the neighbours: those who switched, or were let down, change the counts of everyone they are tied to.

Messengers are collected a batch at a time, so that their ties are on the way from memory while others are told. Where
no ties are stored (abm.networks.procedural), who the neighbours are is worked out, for many messengers at once.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from abm.bits import atomic_add, prefetch, trailing_zeros
from abm.compiled import bare, rule
from abm.networks.feistel import Procedure, neighbors

BATCH = 16  # blocks of 64 consumers whose messengers are collected before their neighbours are told
_ZERO, _ONE = np.uint64(0), np.uint64(1)


class Messages(NamedTuple):
    """Who has something to tell, [64 * BATCH]: messenger k adds changes[k] to the counts of its neighbours."""

    rows: npt.NDArray[np.int64]
    changes: npt.NDArray[np.int64]
    begins: npt.NDArray[np.int64]  # its ties are begins[k] .. ends[k] - 1
    ends: npt.NDArray[np.int64]
    found: npt.NDArray[np.int64]  # one neighbour of each, worked out


def new_messages() -> Messages:
    """Return room for the messengers of a batch."""
    room = np.zeros((len(Messages._fields), 64 * BATCH), np.int64)
    return Messages(room[0], room[1], room[2], room[3], room[4])


@bare
def note_messengers(messengers, plus, first_block, last_block, messages):  # type: ignore[no-untyped-def]
    """Note the messengers of some blocks; those with a bit in ``plus`` add one, others take one away."""
    rows, changes, n = messages.rows, messages.changes, 0
    for block in range(first_block, last_block):
        bits, adds = messengers[block], plus[block]
        while bits != _ZERO:
            place = trailing_zeros(bits)
            bits &= bits - _ONE
            rows[n] = block * 64 + place
            changes[n] = 2 * np.int64((adds >> np.uint64(place)) & _ONE) - 1
            n += 1
    return n


@rule
def procedure_number(ties, first_row):  # type: ignore[no-untyped-def]
    """Return which of ``ties.procedures`` a market's ties are worked out by; -1: they are stored."""
    for number in range(ties.procedures.size):
        record = ties.procedures[number]
        if record.first_row <= first_row < record.first_row + record.n:
            return number
    return -1


@rule
def tell(counts, ties, procedure, messages, n, shared):  # type: ignore[no-untyped-def]
    """Let n messengers tell their neighbours; ``shared``: other threads do the same."""
    if procedure < 0:
        tell_stored(counts, ties, messages, n, shared)
    else:
        tell_worked_out(counts, ties.procedures[procedure], messages, n, shared)


@bare
def tell_stored(counts, ties, messages, n, shared):  # type: ignore[no-untyped-def]
    """Add each messenger's change to the counts of its stored neighbours."""
    indptr, indices = ties.indptr, ties.indices
    rows, changes, begins, ends = messages.rows, messages.changes, messages.begins, messages.ends
    for k in range(n):
        row = np.uint64(rows[k])
        begins[k], ends[k] = indptr[row], indptr[row + _ONE]
        prefetch(indices, begins[k])
        prefetch(indices, begins[k] + 8)
    for k in range(n):
        change = changes[k]
        for tie in range(np.uint64(begins[k]), np.uint64(ends[k])):
            if shared:
                atomic_add(counts, np.int64(indices[tie]), change)
            else:
                neighbor = np.uint64(indices[tie])
                counts[neighbor] = np.int64(counts[neighbor]) + change


@rule
def procedure_of(record):  # type: ignore[no-untyped-def]
    """Return the procedure that an entry of ``Ties.procedures`` describes."""
    return Procedure(
        record.n, record.side, record.n_matchings, record.height, record.width, record.key_0, record.key_1
    )  # fmt: skip


@bare
def tell_worked_out(counts, record, messages, n, shared):  # type: ignore[no-untyped-def]
    """Add each messenger's change to the counts of its neighbours, one neighbour of each at a time."""
    procedure, first_row = procedure_of(record), record.first_row
    rows, changes, found = messages.rows, messages.changes, messages.found
    for k in range(n):
        rows[k] -= first_row
    for number in range(2 * record.side + record.n_matchings):
        neighbors(procedure, rows, n, number, found)
        for k in range(n):
            found[k] += first_row
            prefetch(counts, found[k])
        for k in range(n):
            if shared:
                atomic_add(counts, found[k], changes[k])
            else:
                counts[found[k]] = np.int64(counts[found[k]]) + changes[k]
