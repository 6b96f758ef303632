"""Counter-based random numbers: every draw is a pure function of who, when, where and what for.

Philox4x32-10 maps a 128-bit counter and a 64-bit key to four independent 32-bit words.

======== ==============================================================
key      (seed, replicate)
counter  (consumer or block of 64, week, market, purpose + 256 * part)
======== ==============================================================

Neither a scenario nor a thread nor an array position enters, so scenarios share their random numbers
and results cannot depend on how the work was divided.

Source: Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC '11.
"""

from enum import IntEnum
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from abm.numerics.jit import inline

RNG_VERSION = 1
MAX_SEED = 2**32 - 1


class Purpose(IntEnum):
    """What a draw is for. Append only: a number, once used, keeps its meaning for ever."""

    TRAITS = 1  # words: taste, ranks (live in the high half, reach in the low), basket, initial awareness
    INITIAL_ADOPTION = 2
    OCCASION = 3  # per block of 64 consumers
    WEEK = 4  # words: awareness, choice, experience, (free)
    NETWORK = 5
    TIES_ABROAD = 6
    COLUMN = 7  # traits that further mechanisms declare; part: crc32 of the column's name, 24 bits


Words = tuple[np.uint64, np.uint64, np.uint64, np.uint64]  # each below 2**32


class Stream(NamedTuple):
    """The part of key and counter that stays the same for one market in one run."""

    seed: np.uint64
    replicate: np.uint64
    market: np.uint64


def stream(seed: int, replicate: int, market: str) -> Stream:
    """Return the random stream of a market, known by its name and not by its position in a list.

    Parameters
    ----------
    seed, replicate : int
        0 .. 2**32 - 1 each.
    market : str
        Name of the market.
    """
    return Stream(np.uint64(seed), np.uint64(replicate), np.uint64(crc32(market.encode())))


_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_PART = np.uint64(8)
_ZERO = np.uint64(0)
_ONE = np.uint64(1)
_TWO = np.uint64(2)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_CERTAIN = np.uint64(1 << 32)


@inline
def philox(c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64) -> Words:
    """Philox4x32-10.

    Parameters
    ----------
    c0, c1, c2, c3, k0, k1 : uint64
        Counter and key, each below 2**32.

    Returns
    -------
    tuple of 4 uint64
        Four words, each uniform on 0 .. 2**32 - 1.
    """
    for _ in range(10):
        product_0 = c0 * _MULTIPLIER_0
        product_1 = c2 * _MULTIPLIER_1
        c0 = (product_1 >> _HALF) ^ c1 ^ k0
        c1 = product_1 & _LOW
        c2 = (product_0 >> _HALF) ^ c3 ^ k1
        c3 = product_0 & _LOW
        k0 = (k0 + _WEYL_0) & _LOW
        k1 = (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3


@inline
def draw(stream: Stream, consumer: int, week: int, purpose: int, part: int) -> Words:
    """Return the four words of one draw.

    Parameters
    ----------
    stream : Stream
        Random numbers of a market.
    consumer : int
        Or block of 64 consumers.
    week, purpose : int
    part : int
        Counts further draws for the same purpose.

    Returns
    -------
    tuple of 4 uint64
        Each below 2**32.
    """
    return philox(
        np.uint64(consumer),
        np.uint64(week),
        stream.market,
        np.uint64(purpose) | (np.uint64(part) << _PART),
        stream.seed,
        stream.replicate,
    )


@inline
def bernoulli_mask(stream: Stream, block: int, week: int, purpose: int, chance: np.uint64) -> np.uint64:
    """Return 64 independent yes/no draws as the bits of one word, each set with ``chance`` / 2**32 exactly.

    Each bit compares its own 32-bit uniform number with ``chance``, most significant bit first, for all
    64 at once; it stops as soon as every comparison is decided, usually after about eight words.

    Parameters
    ----------
    stream : Stream
    block, week, purpose : int
    chance : uint64
        0 .. 2**32; 2**32 means always.

    Returns
    -------
    uint64
    """
    if chance >= _CERTAIN:
        return _ALL
    below = _ZERO
    undecided = _ALL
    rest = chance << _HALF  # the bits of the threshold still to compare, the next one on top
    part = 0
    a, b, c, d = _ZERO, _ZERO, _ZERO, _ZERO
    while undecided != _ZERO and rest != _ZERO:
        if part & 1 == 0:
            a, b, c, d = draw(stream, block, week, purpose, part >> 1)
            word = a | (b << _HALF)
        else:
            word = c | (d << _HALF)
        if rest >> np.uint64(63):
            below |= undecided & ~word
            undecided &= word
        else:
            undecided &= ~word
        rest <<= _ONE
        part += 1
    return below


@inline
def bernoulli_masks(
    stream: Stream,
    first_block: int,
    n_blocks: int,
    week: int,
    purpose: int,
    chance: np.uint64,
    below: npt.NDArray[np.uint64],
    undecided: npt.NDArray[np.uint64],
) -> None:
    """Draw what ``bernoulli_mask`` does for ``n_blocks`` blocks side by side, in place.

    Parameters
    ----------
    stream, week, purpose, chance
        As there.
    first_block, n_blocks : int
    below : uint64[n_blocks]
        Receives the masks.
    undecided : uint64[n_blocks]
        Scratch.
    """
    rest = _ZERO if chance >= _CERTAIN else chance << _HALF
    for block in range(n_blocks):
        below[block] = _ALL if chance >= _CERTAIN else _ZERO
        undecided[block] = _ALL
    part, n_open = 0, n_blocks
    while n_open > 0 and rest != _ZERO:
        first, second = _ALL * (rest >> np.uint64(63)), _ALL * ((rest >> np.uint64(62)) & _ONE)  # all bits, or none
        n_open = 0
        for block in range(n_blocks):
            a, b, c, d = draw(stream, first_block + block, week, purpose, part)
            word, left, yes = a | (b << _HALF), undecided[block], below[block]
            yes |= left & ~word & first
            left &= word ^ ~first
            word = c | (d << _HALF)
            yes |= left & ~word & second
            left &= word ^ ~second
            below[block], undecided[block] = yes, left
            n_open += left != _ZERO
        rest <<= _TWO
        part += 1
