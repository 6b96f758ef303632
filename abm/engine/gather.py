"""A batch of consumers at hand: those who have something to decide, called up from all over the population.

What a decision needs is copied into short rows, and what changed is put back. Few are called up one by one; if it is
most of the batch, all are, and the rows are copied as they lie. No rule here knows what the numbers mean. What is
active from many layouts is a routine: it need not be compiled once for each.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from abm.numerics.bits import bits_of, count_bits, flags_of, trailing_zeros
from abm.numerics.jit import device_function, inline

BLOCKS = 64  # blocks of 64 in a batch: enough for two dozen loops to get going, few enough to stay in near memory
SIZE = 64 * BLOCKS
_ONE, _SIX, _PLACE = np.uint64(1), np.uint64(6), np.uint64(63)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


class Batch(NamedTuple):
    """Where a batch lies."""

    first_id: int  # number of its first consumer in the market
    first_row: np.uint64  # and in the population
    first_block: int
    n_blocks: int


class Active(NamedTuple):
    """Those of a batch who were called up."""

    n: int  # everyone, if it is 64 for each block
    who: npt.NDArray[np.uint32]  # place in the batch
    batch: Batch


class Masks(NamedTuple):
    """One bit per consumer of a batch: uint64[BLOCKS]."""

    present: npt.NDArray[np.uint64]  # rows that hold a consumer
    occasions: npt.NDArray[np.uint64]
    undecided: npt.NDArray[np.uint64]  # scratch of the draw
    unaware: npt.NDArray[np.uint64]
    chosen: npt.NDArray[np.uint64]  # shops in the super-app on the occasion
    let_down: npt.NDArray[np.uint64]
    hearing: npt.NDArray[np.uint64]  # a neighbour of theirs was let down last week


class BatchBuffers(NamedTuple):
    """What is at hand about those called up: entry k is about the k-th of them, [SIZE]."""

    who: npt.NDArray[np.uint32]  # place in the batch
    first_word: npt.NDArray[np.uint32]  # awareness, or choice
    second_word: npt.NDArray[np.uint32]  # experience
    value: npt.NDArray[np.int64]  # a utility, then a place on the curve, then a chance, then a sale if these differ
    visit: npt.NDArray[np.uint8]  # 1: has an occasion
    open_to: npt.NDArray[np.uint8]  # 1: knows of the super-app, and it is open
    mode: npt.NDArray[np.uint8]  # 1: in mode super; first before, then after the choice
    yes: npt.NDArray[np.uint8]  # scratch: 0 or 1
    taste: npt.NDArray[np.int32]
    live_rank: npt.NDArray[np.int32]
    reach_rank: npt.NDArray[np.int32]
    habit: npt.NDArray[np.int32]
    trust: npt.NDArray[np.int32]
    n_super: npt.NDArray[np.int32]
    n_neighbors: npt.NDArray[np.int32]


def new_masks() -> Masks:
    """Return room for the masks of a batch."""
    words = np.zeros((len(Masks._fields), BLOCKS), np.uint64)
    return Masks(words[0], words[1], words[2], words[3], words[4], words[5], words[6])


def new_batch_buffers() -> BatchBuffers:
    """Return an empty buffers; zeros, because what is not collected must not count."""
    words, flags, levels = np.zeros((3, SIZE), np.uint32), np.zeros((4, SIZE), np.uint8), np.zeros((7, SIZE), np.int32)
    return BatchBuffers(
        words[0], words[1], words[2], np.zeros(SIZE, np.int64),
        flags[0], flags[1], flags[2], flags[3],
        levels[0], levels[1], levels[2], levels[3], levels[4], levels[5], levels[6],
    )  # fmt: skip


@inline
def present_bits(n_left):  # type: ignore[no-untyped-def]
    """Return the bits of the consumers a block holds when ``n_left`` are still to come."""
    return _ALL if n_left >= 64 else (_ONE << np.uint64(n_left)) - _ONE


@device_function
def select_active(bits, n_blocks, who):  # type: ignore[no-untyped-def]
    """Call up the consumers with a bit set, or everyone if that is most of the batch; return how many."""
    n_set = n = 0
    for block in range(n_blocks):
        n_set += count_bits(bits[block])
    if 2 * n_set > 64 * n_blocks:
        for k in range(64 * n_blocks):
            who[k] = k
        return 64 * n_blocks
    for block in range(n_blocks):
        rest = bits[block]
        last = n + count_bits(rest)
        for k in range(n, last):  # counted: to ask each time whether a bit is left takes twice as long
            who[k] = 64 * block + trailing_zeros(rest)
            rest &= rest - _ONE
        n = last
    return n


@inline
def round_up_simd(n):  # type: ignore[no-untyped-def]
    """Return ``n`` rounded up to whole vectors, 32 entries: idle ones have no visit and change nothing."""
    return (n + 31) & ~31


@inline
def all_active(active):  # type: ignore[no-untyped-def]
    """Say whether everyone in the batch was called up; then the rows are copied as they lie."""
    return active.n == 64 * active.batch.n_blocks


@device_function
def set_active_mask(bits, active, row):  # type: ignore[no-untyped-def]
    """Write 1 into ``row`` for those who were called up because of their bit."""
    if all_active(active):
        unpack_bits(bits, 0, active.batch.n_blocks, row)
    else:
        for k in range(round_up_simd(active.n)):
            row[k] = k < active.n


@device_function
def gather(array, active, row):  # type: ignore[no-untyped-def]
    """Copy the entries of ``array`` that belong to those called up into ``row``."""
    first, who, n = active.batch.first_row, active.who, active.n
    if all_active(active):
        for k in range(n):
            row[k] = array[first + np.uint64(k)]
    else:
        for k in range(n):
            row[k] = array[first + np.uint64(who[k])]


@device_function
def scatter(row, active, array):  # type: ignore[no-untyped-def]
    """Copy ``row`` back to where it was collected from."""
    first, who, n = active.batch.first_row, active.who, active.n
    if all_active(active):
        for k in range(n):
            array[first + np.uint64(k)] = row[k]
    else:
        for k in range(n):
            array[first + np.uint64(who[k])] = row[k]


@device_function
def read_bits(words, active, row):  # type: ignore[no-untyped-def]
    """Write the bits of those called up into ``row``."""
    batch, who = active.batch, active.who
    if all_active(active):
        unpack_bits(words, batch.first_block, batch.n_blocks, row)
    else:
        first = np.uint64(batch.first_block)
        for k in range(active.n):
            at = np.uint64(who[k])
            row[k] = (words[first + (at >> _SIX)] >> (at & _PLACE)) & _ONE


@device_function
def write_bits(row, active, yes, words):  # type: ignore[no-untyped-def]
    """Make the words of a batch from what is 1 in ``row``; those not called up get 0. ``yes`` is scratch."""
    n, who, n_blocks = active.n, active.who, active.batch.n_blocks
    if all_active(active):
        pack_bits(row, n_blocks, words)
    else:
        for k in range(64 * n_blocks):
            yes[k] = 0
        for k in range(n):
            yes[np.uint64(who[k])] = row[k]
        pack_bits(yes, n_blocks, words)


@inline
def pack_bits(flags, n_blocks, words):  # type: ignore[no-untyped-def]
    """Make words of bits from bytes."""
    for block in range(n_blocks):
        words[block] = bits_of(flags, 64 * block)


@inline
def unpack_bits(words, first, n_blocks, flags):  # type: ignore[no-untyped-def]
    """Make bytes from the bits of ``n_blocks`` words, from ``words[first]`` on."""
    for block in range(n_blocks):
        flags_of(words[first + block], flags, 64 * block)
