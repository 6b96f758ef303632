"""The consumers of a batch who have something to decide, gathered from all over the population.

What a decision needs is gathered into short rows, and what changed is scattered back. Few consumers are gathered one
by one; if they are most of the batch, all are, and the arrays are copied as they lie. Nothing here knows what the
numbers mean. What is called from many places is a device function: it need not be compiled once for each.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from abm.engine.columns import Names, gathered_columns, row_class
from abm.numerics.array_types import Bytes, Words
from abm.numerics.bits import bits_of, count_bits, flags_of, trailing_zeros
from abm.numerics.jit import device_function, inline

BLOCKS = 64  # blocks of 64 in a batch: enough for two dozen loops to get going, few enough to stay in near memory
SIZE = 64 * BLOCKS
_ONE, _SIX, _BIT = np.uint64(1), np.uint64(6), np.uint64(63)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


class Batch(NamedTuple):
    """Where a batch lies."""

    first_id: int  # number of its first consumer in the market
    first_row: np.uint64  # and in the population
    first_block: int
    n_blocks: int


class Active(NamedTuple):
    """The consumers of a batch who are gathered."""

    n: int  # everyone, if it is 64 for each block
    positions: npt.NDArray[np.uint32]  # of the consumers in the batch
    batch: Batch


class Masks(NamedTuple):
    """One bit per consumer of a batch: uint64[BLOCKS]."""

    present: Words  # rows that hold a consumer
    occasions: Words
    undecided: Words  # scratch of the draw
    unaware: Words
    chosen: Words  # shops in the super-app on the occasion
    let_down: Words
    affected: Words  # a neighbour of theirs was let down last week


class BatchBuffers(NamedTuple):
    """Entry k of every buffer is about the k-th active consumer of a batch, [SIZE]."""

    positions: npt.NDArray[np.uint32]  # of the consumers in the batch
    first_word: npt.NDArray[np.uint32]  # random: awareness, or choice
    second_word: npt.NDArray[np.uint32]  # random: experience
    value: npt.NDArray[np.int64]  # a utility, then a place on the curve, then a chance, then a sale if these differ
    occasion: Bytes  # 1: has an occasion
    aware: Bytes  # 1: knows of the super-app
    mode: Bytes  # 1: in mode super; first before, then after the choice
    scratch: Bytes
    rows: Any  # int32 for each column that rules look at, see columns.gathered_columns


def new_masks() -> Masks:
    """Return empty masks for a batch."""
    return Masks(*np.zeros((len(Masks._fields), BLOCKS), np.uint64))


def new_batch_buffers(names: Names) -> BatchBuffers:
    """Return buffers for the mechanisms with these names; zeros, because what is not gathered must not count."""
    words, flags = np.zeros((3, SIZE), np.uint32), np.zeros((4, SIZE), np.uint8)
    fields = gathered_columns(names)
    rows = row_class("Rows", fields)(*np.zeros((len(fields), SIZE), np.int32))
    return BatchBuffers(
        words[0], words[1], words[2], np.zeros(SIZE, np.int64), flags[0], flags[1], flags[2], flags[3], rows
    )


@inline
def present_bits(n_left: int) -> np.uint64:
    """Return the bits of the consumers a block holds when ``n_left`` are still to come."""
    return _ALL if n_left >= 64 else (_ONE << np.uint64(n_left)) - _ONE


@device_function
def select_active(bits: Words, n_blocks: int, positions: npt.NDArray[np.uint32]) -> int:
    """Write the positions of consumers with a bit set, or everyone's if they are most of the batch; return how many.

    Parameters
    ----------
    bits : uint64[n_blocks]
    n_blocks : int
    positions : uint32[SIZE]
        Receives the positions, 0 .. 64 * n_blocks - 1.
    """
    n_set = n = 0
    for block in range(n_blocks):
        n_set += count_bits(bits[block])
    if 2 * n_set > 64 * n_blocks:
        for k in range(64 * n_blocks):
            positions[k] = k
        return 64 * n_blocks
    for block in range(n_blocks):
        rest = bits[block]
        last = n + count_bits(rest)
        for k in range(n, last):  # counted: to ask each time whether a bit is left takes twice as long
            positions[k] = 64 * block + trailing_zeros(rest)
            rest &= rest - _ONE
        n = last
    return n


@inline
def round_up_simd(n: int) -> int:
    """Return ``n`` rounded up to whole vectors, 32 entries: idle ones have no occasion and change nothing."""
    return (n + 31) & ~31


@inline
def all_active(active: Active) -> bool:
    """Say whether everyone in the batch is active; then the arrays are copied as they lie."""
    return active.n == 64 * active.batch.n_blocks


@device_function
def set_active_mask(bits: Words, active: Active, row: Bytes) -> None:
    """Write 1 into ``row`` for those who are active because of their bit, 0 for those who are beside them."""
    if all_active(active):
        unpack_bits(bits, 0, active.batch.n_blocks, row)
    else:
        for k in range(round_up_simd(active.n)):
            row[k] = k < active.n


@device_function
def gather(array: npt.NDArray[Any], active: Active, row: npt.NDArray[Any]) -> None:
    """Copy the entries of ``array`` [rows of the population] that belong to active consumers into ``row`` [SIZE]."""
    first, positions, n = active.batch.first_row, active.positions, active.n
    if all_active(active):
        for k in range(n):
            row[k] = array[first + np.uint64(k)]
    else:
        for k in range(n):
            row[k] = array[first + np.uint64(positions[k])]


@device_function
def scatter(row: npt.NDArray[Any], active: Active, array: npt.NDArray[Any]) -> None:
    """Copy ``row`` [SIZE] back to where it was gathered from."""
    first, positions, n = active.batch.first_row, active.positions, active.n
    if all_active(active):
        for k in range(n):
            array[first + np.uint64(k)] = row[k]
    else:
        for k in range(n):
            array[first + np.uint64(positions[k])] = row[k]


@device_function
def gather_bits(words: Words, active: Active, row: Bytes) -> None:
    """Write the bits of the active consumers, of ``words`` [blocks of the population], into ``row`` as 0 or 1."""
    batch, positions = active.batch, active.positions
    if all_active(active):
        unpack_bits(words, batch.first_block, batch.n_blocks, row)
    else:
        first = np.uint64(batch.first_block)
        for k in range(active.n):
            at = np.uint64(positions[k])
            row[k] = (words[first + (at >> _SIX)] >> (at & _BIT)) & _ONE


@device_function
def scatter_bits(row: Bytes, active: Active, scratch: Bytes, words: Words) -> None:
    """Make the words of a batch, uint64[n_blocks], from what is 1 in ``row``; those not active get 0."""
    n, positions, n_blocks = active.n, active.positions, active.batch.n_blocks
    if all_active(active):
        pack_bits(row, n_blocks, words)
    else:
        for k in range(64 * n_blocks):
            scratch[k] = 0
        for k in range(n):
            scratch[np.uint64(positions[k])] = row[k]
        pack_bits(scratch, n_blocks, words)


@inline
def pack_bits(flags: Bytes, n_blocks: int, words: Words) -> None:
    """Make words of bits from bytes: ``words[b]`` from ``flags[64 * b : 64 * b + 64]``."""
    for block in range(n_blocks):
        words[block] = bits_of(flags, 64 * block)


@inline
def unpack_bits(words: Words, first: int, n_blocks: int, flags: Bytes) -> None:
    """Make bytes from the bits of ``n_blocks`` words, from ``words[first]`` on."""
    for block in range(n_blocks):
        flags_of(words[first + block], flags, 64 * block)
