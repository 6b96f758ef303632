"""Philox4x32-10 and the layout of its counter, in Python's own whole numbers.

Source: Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC '11, section 3.3.
"""

from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

Words = tuple[int, int, int, int]

TRAITS, INITIAL_ADOPTION, OCCASION, WEEK = 1, 2, 3, 4  # what a draw is for


def philox(counter: Words, key: tuple[int, int]) -> Words:
    """Ten rounds of multiply, exchange and add, as in figure 2 of the paper (R and L are the two halves)."""
    left_0, right_0, left_1, right_1 = counter
    key_0, key_1 = key
    for _ in range(10):
        high_0, low_0 = divmod(left_0 * 0xD2511F53, 2**32)
        high_1, low_1 = divmod(left_1 * 0xCD9E8D57, 2**32)
        left_0, right_0, left_1, right_1 = high_1 ^ right_0 ^ key_0, low_1, high_0 ^ right_1 ^ key_1, low_0
        key_0 = (key_0 + 0x9E3779B9) % 2**32  # the golden ratio
        key_1 = (key_1 + 0xBB67AE85) % 2**32  # the square root of 3, less 1
    return left_0, right_0, left_1, right_1


class Stream(NamedTuple):
    """The random numbers of one market in one run."""

    seed: int
    replicate: int
    market: str

    def draw(self, index: int, week: int, purpose: int, part: int = 0) -> Words:
        """Return four words for consumer ``index``, or for block ``index`` of 64 consumers."""
        return _draw(self, index, week, purpose, part)

    def has_occasion(self, consumer: int, week: int, p_occasion: int) -> bool:
        """Say whether a consumer's own 32-bit number lies below ``p_occasion`` (0 .. 2**32).

        The 64 consumers of a block share their words: each word holds one binary digit for every one of them, most
        significant digit first; two words of 64 bits come from each draw.
        """
        block, bit = divmod(consumer, 64)
        number = 0
        for digit in range(32):
            words = self.draw(block, week, OCCASION, part=digit // 2)
            low, high = words[:2] if digit % 2 == 0 else words[2:]
            number = 2 * number + ((low + 2**32 * high) >> bit) % 2
        return number < p_occasion


@lru_cache(maxsize=1 << 14)
def _draw(stream: Stream, index: int, week: int, purpose: int, part: int) -> Words:
    market = crc32(stream.market.encode())
    return philox((index, week, market, purpose + 256 * part), (stream.seed, stream.replicate))
