"""Telling neighbours that are not stored: who they are is worked out, many messengers at a time."""

import numpy as np

from abm.bits import atomic_add, prefetch, trailing_zeros
from abm.compiled import rule
from abm.networks.feistel import Procedure, neighbors

BLOCKS = 16  # of 64 consumers, whose messengers are collected before their neighbours are told
_ZERO, _ONE = np.uint64(0), np.uint64(1)


@rule
def procedure_of(record):  # type: ignore[no-untyped-def]
    """Return the procedure that an entry of ``Ties.procedures`` describes."""
    return Procedure(
        record.n, record.side, record.n_matchings, record.height, record.width, record.key_0, record.key_1
    )  # fmt: skip


@rule
def pass_on_worked_out(state, record, first_block, last_block, shared):  # type: ignore[no-untyped-def]
    """Tell the neighbours of those who switched or were let down, like ``kernel.pass_on``, by their procedure."""
    ids, found = np.empty(64 * BLOCKS, np.int64), np.empty(64 * BLOCKS, np.int64)
    changes = np.empty(64 * BLOCKS, np.int64)
    for batch in range(first_block, last_block, BLOCKS):
        n_switched = n_let_down = 0
        for block in range(batch, min(batch + BLOCKS, last_block)):
            bits, mode = state.switched[block], state.mode[block]
            while bits != _ZERO:
                place = trailing_zeros(bits)
                bits &= bits - _ONE
                ids[n_switched] = block * 64 + place - record.first_row
                changes[n_switched] = 2 * np.int64((mode >> np.uint64(place)) & _ONE) - 1
                n_switched += 1
        tell_worked_out(state.n_super, record, ids, changes, n_switched, found, shared)
        if state.n_let_down.size > 0:
            for block in range(batch, min(batch + BLOCKS, last_block)):
                bits = state.let_down[block]
                while bits != _ZERO:
                    ids[n_let_down] = block * 64 + trailing_zeros(bits) - record.first_row
                    changes[n_let_down] = 1
                    bits &= bits - _ONE
                    n_let_down += 1
            tell_worked_out(state.n_let_down, record, ids, changes, n_let_down, found, shared)


@rule
def tell_worked_out(counts, record, ids, changes, n, found, shared):  # type: ignore[no-untyped-def]
    """Add each messenger's change to the counts of all its neighbours; ``found`` is scratch."""
    procedure = procedure_of(record)
    for number in range(2 * record.side + record.n_matchings):
        neighbors(procedure, ids, n, number, found)
        for k in range(n):
            found[k] += record.first_row
            prefetch(counts, found[k])
        for k in range(n):
            if shared:
                atomic_add(counts, found[k], changes[k])
            else:
                counts[found[k]] = np.int64(counts[found[k]]) + changes[k]
