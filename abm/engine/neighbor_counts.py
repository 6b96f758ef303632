"""Telling the neighbours: those who switched, or were let down, change the counts of everyone they are tied to.

Each thread keeps what its consumers tell apart from what others do (``News``), so that no two threads change the same
number; all is taken in when the week is over. Messengers are noted a group at a time: while the ties of one group come
from memory, the next is noted. Where no ties are stored (abm.networks.procedural), who the neighbours are is
worked out, for many messengers at once.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from abm.engine.state import State
from abm.networks.procedural_neighbors import neighbors, procedure_number, procedure_of
from abm.numerics.bits import copy_sixteen, prefetch, sum_before, trailing_zeros
from abm.numerics.jit import routine, rule

NOTED = 16  # blocks of 64 consumers whose messengers are noted together, as a group
_SIZE = 64 * NOTED
_FEW = 16  # ties of one messenger that are copied at once, however few they are: that needs no branch
_ZERO, _ONE, _ALL = np.uint64(0), np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF)
_SIX, _PLACE = np.uint64(6), np.uint64(63)  # of a row: its block, and its place in there


class Messages(NamedTuple):
    """Who has something to tell: two slots, one noted while the ties of the other are fetched."""

    n: npt.NDArray[np.int64]  # [slots, 2]: messengers who add one, and all; the others take one away
    rows: npt.NDArray[np.int64]  # [slots, _SIZE + 1], the last one for nobody
    begins: npt.NDArray[np.int64]  # as many: the ties of messenger k are begins[k] .. ends[k] - 1
    ends: npt.NDArray[np.int64]
    some: npt.NDArray[np.uint32]  # [_SIZE * _FEW]: neighbours of many, one after the other
    one: npt.NDArray[np.int64]  # [_SIZE]: one neighbour of each, worked out


class News(NamedTuple):
    """What is told this week, to be added to the counts of the same name in State; of their type, [rows].

    That of all threads together has one row more dimension: [threads, rows].
    """

    n_super: npt.NDArray[Any]
    n_let_down: npt.NDArray[Any]


def new_messages() -> Messages:
    """Return room for the messengers of two groups."""
    slots = np.zeros((3, 2, _SIZE + 1), np.int64)
    return Messages(
        np.zeros((2, 2), np.int64), slots[0], slots[1], slots[2],
        np.zeros(_SIZE * _FEW, np.uint32), np.zeros(_SIZE, np.int64),
    )  # fmt: skip


def no_news(state: State, threads: int) -> News:
    """Return news of nothing, for some threads."""
    return News(*(np.zeros((threads, counts.size), counts.dtype) for counts in (state.n_super, state.n_let_down)))


@routine
def pass_on(messengers, plus, first_block, last_block, ties, procedures, news, messages):  # type: ignore[no-untyped-def]
    """Tell the neighbours of the messengers in some blocks of one market; add to ``news`` (one of those in ``News``).

    Who has a bit in ``plus`` adds one to the count of each neighbour, others take one away. ``procedures`` are those of
    ``ties``, by themselves: only of an argument does the compiler know that it is None, and leaves out what needs it.
    """
    procedure = -1 if procedures is None else procedure_number(procedures, 64 * first_block)
    messages.n[:, :] = 0
    slot = 0
    for first in range(first_block, last_block + NOTED, NOTED):  # once more: to tell the last group noted
        note(messengers, plus, first, min(first + NOTED, last_block), messages, slot)
        if procedure < 0:
            tell_stored(news, ties, messages, 1 - slot)
            look_up(ties, messages, slot)
        elif procedures is not None:
            tell_worked_out(news, procedures[procedure], messages, 1 - slot)
        slot = 1 - slot


@rule
def note(messengers, plus, first_block, last_block, messages, slot):  # type: ignore[no-untyped-def]
    """Note the messengers of some blocks: first those with a bit in ``plus``."""
    rows = messages.rows[slot]
    n_plus = _note(messengers, plus, _ZERO, first_block, last_block, rows, np.uint64(0))
    n = _note(messengers, plus, _ALL, first_block, last_block, rows, n_plus)
    messages.n[slot, 0], messages.n[slot, 1] = n_plus, n


@rule
def _note(messengers, plus, flip, first_block, last_block, rows, n):  # type: ignore[no-untyped-def]
    for block in range(first_block, last_block):
        bits = messengers[block] & (plus[block] ^ flip)
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


@rule
def look_up(ties, messages, slot):  # type: ignore[no-untyped-def]
    """Look up where the ties of those noted lie, and have them fetched."""
    starts, n_neighbors = ties.starts, ties.n_neighbors
    rows, begins, ends = messages.rows[slot], messages.begins[slot], messages.ends[slot]
    for k in range(messages.n[slot, 1]):
        row = np.uint64(rows[k])
        block = row >> _SIX
        begins[k] = starts[block] + sum_before(n_neighbors, block << _SIX, row & _PLACE)
        ends[k] = begins[k] + np.int64(n_neighbors[row])
        prefetch(ties.indices, begins[k])
        prefetch(ties.indices, begins[k] + _FEW - 1)


@rule
def tell_stored(news, ties, messages, slot):  # type: ignore[no-untyped-def]
    """Tell the stored neighbours of those noted."""
    n_plus, n = messages.n[slot, 0], messages.n[slot, 1]
    _tell_stored(news, ties.indices, messages, slot, 0, n_plus, 1)
    _tell_stored(news, ties.indices, messages, slot, n_plus, n, -1)


@rule
def _tell_stored(news, indices, messages, slot, first, last, change):  # type: ignore[no-untyped-def]
    begins, ends, some, n = messages.begins[slot], messages.ends[slot], messages.some, 0
    for k in range(first, last):
        begin, end = begins[k], ends[k]
        if end - begin <= _FEW and begin + _FEW <= indices.size:
            copy_sixteen(indices, begin, some, n)
            n += end - begin
        else:
            _add(news, indices, begin, end, change)
    _add(news, some, 0, n, change)


@rule
def _add(news, places, first, last, change):  # type: ignore[no-untyped-def]
    """Add ``change`` at places[first] .. places[last - 1]."""
    for k in range(np.uint64(first), np.uint64(last)):
        place = np.uint64(places[k])
        news[place] = np.int64(news[place]) + change


@routine
def tell_worked_out(news, record, messages, slot):  # type: ignore[no-untyped-def]
    """Tell the neighbours of those noted, one neighbour of each at a time."""
    procedure, first_row = procedure_of(record), record.first_row
    rows, one, n_plus, n = messages.rows[slot], messages.one, messages.n[slot, 0], messages.n[slot, 1]
    for k in range(n):
        rows[k] -= first_row
    for number in range(2 * record.side + record.n_matchings):
        neighbors(procedure, rows, n, number, one)
        for k in range(n):
            one[k] += first_row
            prefetch(news, one[k])
        _add(news, one, 0, n_plus, 1)
        _add(news, one, n_plus, n, -1)


@rule
def take_in(counts, news, first_row, last_row, anew):  # type: ignore[no-untyped-def]
    """Add the news of all threads to the counts of some rows; ``anew``: what these were before is forgotten.

    Counts and news may be as narrow as the largest count: what overflows on the way comes back.
    """
    first, last = np.uint64(first_row), np.uint64(last_row)
    if anew:
        for row in range(first, last):
            counts[row] = 0
    for thread in range(news.shape[0]):
        told = news[thread]
        for row in range(first, last):
            counts[row] = np.int64(counts[row]) + np.int64(told[row])
            told[row] = 0
