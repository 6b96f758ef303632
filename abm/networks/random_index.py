"""Uniform random indices from words of the counter-based generator; the bias is below 2**-32."""

from typing import Final

import numpy as np

from abm.numerics.jit import inline, int64
from abm.numerics.random import Purpose, Stream, draw

NETWORK: Final = int(Purpose.NETWORK)
_HALF = np.uint64(32)


def threshold(probability: float) -> np.uint64:
    """Return a probability as the number of 32-bit words, 0 .. 2**32, below which it happens."""
    return np.uint64(round(probability * 2**32))


@inline
def index_from_words(high: np.uint64, low: np.uint64, limit: int) -> int:
    """Return a whole number in 0 .. limit - 1 from two words: floor(64-bit word * limit / 2**64).

    Parameters
    ----------
    high, low : uint64
        Words below 2**32.
    limit : int
        1 .. 2**32 - 1.

    Returns
    -------
    int64
    """
    bound = np.uint64(limit)
    return int64((high * bound + ((low * bound) >> _HALF)) >> _HALF)


@inline
def random_index(stream: Stream, number: int, attempt: int, limit: int) -> int:
    """Draw a whole number in 0 .. limit - 1, each with the same chance.

    Parameters
    ----------
    stream : Stream
        Random numbers of the market.
    number, attempt : int
        Which draw: of a network, each pair of them is drawn at most once.
    limit : int
        1 .. 2**32 - 1.

    Returns
    -------
    int64
    """
    words = draw(stream, number, attempt, NETWORK, 0)
    return index_from_words(words[0], words[1], limit)
