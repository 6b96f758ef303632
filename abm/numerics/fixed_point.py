"""Whole-number arithmetic for everything a decision depends on.

Floating-point sums depend on their order and library functions on the processor; whole numbers do not.
Utilities and probabilities are multiples of 2**-32 (Q32), habit and trust are levels 0 .. 65535,
tastes are multiples of 2**-16. All products stay below 2**63 for the parameter ranges the mechanisms allow.
"""

import math

import numpy as np

from abm.numerics.jit import inline, int64

Q32_BITS = 32
ONE = 1 << Q32_BITS
U16_MAX = 65535
TASTE_BITS = 16
RANK_BITS = 16
RATE_BITS = 16
BASKET_BITS = 16
BASKET = 1 << BASKET_BITS  # the average one

_LN2 = 2977044472  # ln 2 as Q32


@inline
def to_q32(value: float) -> int:
    """Return ``value`` as Q32, halves rounded up."""
    return math.floor(value * ONE + 0.5)


def q32_per_level(value: float) -> int:
    """Return what one level of habit or trust is worth when all 65535 are worth ``value``."""
    return math.floor(value * ONE / U16_MAX + 0.5)


def to_q16(value: float) -> int:
    """Return a rate as Q16, in units of 2**-16, halves rounded up."""
    return math.floor(value * (1 << RATE_BITS) + 0.5)


@inline
def to_rank(share: float) -> int:
    """Return the rank (0 .. 65536) below which a ``share`` of consumers lies."""
    return int(share * (1 << RANK_BITS) + 0.5)


@inline
def some_below(rank: int) -> bool:
    """Say whether some are below a rank and others not: nobody need be asked about 0, or about more than any rank."""
    return 0 < rank < 1 << RANK_BITS


@inline
def share_of(weight: int, count: int, total: int) -> int:
    """Return weight * count / total to the nearest whole number (halves up); 0 if nobody is counted.

    Exact for |weight| < 2**40 and 0 <= count <= total < 2**23. The quotient comes from a floating-point division, four
    of which a processor does at once; it can be off by one, which the remainder shows.

    Parameters
    ----------
    weight : int
        In any unit.
    count, total : int
    """
    total = max(total, 1)
    product = weight * count + (total >> 1)
    quotient = int64(np.floor(np.float64(product) / np.float64(total)))
    rest = product - quotient * total
    return quotient + int64(rest >= total) - int64(rest < 0)


@inline
def share_of_many(weight: int, count: int, total: int) -> int:
    """Return what ``share_of`` does, for whole populations: totals up to 2**31, without overflow.

    Parameters
    ----------
    weight : int
        In any unit.
    count, total : int
    """
    total = max(total, 1)
    whole = weight // total
    rest = weight - whole * total
    return whole * count + (rest * count + total // 2) // total


@inline
def approach(level: int, target: int, rate: int) -> int:
    """Move a level (0 .. 65535) towards ``target`` by a share ``rate`` / 2**16 of the distance, rounded.

    Parameters
    ----------
    level, target : int
        0 .. 65535.
    rate : int
        Q16.
    """
    return level + ((rate * (target - level) + 32768) >> RATE_BITS)


@inline
def natural_log(value: int) -> int:
    """Return ln(value) as Q32 for a ``value`` > 0 as Q32, by repeated squaring (error below 16 units).

    No library logarithm: its last digit may differ between machines.
    """
    exponent = 0
    while value >= 2 * ONE:
        value >>= 1
        exponent += 1
    while value < ONE:
        value <<= 1
        exponent -= 1
    mantissa = value >> 2  # in units of 2**-30, so that a square fits into 63 bits
    log2 = exponent
    for _ in range(Q32_BITS):
        mantissa = (mantissa * mantissa) >> 30
        log2 <<= 1
        if mantissa >= ONE >> 1:
            mantissa >>= 1
            log2 += 1
    # log2 * ln 2 in two halves: the product of two 32-bit fractions and an exponent would not fit
    high = log2 >> 16
    low = log2 - (high << 16)
    return ((high * _LN2) + ((low * _LN2) >> 16)) >> 16
