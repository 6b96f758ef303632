"""Number formats, rounding and curves, exactly: fractions where the model rounds, no tables.

Chances and utilities are whole numbers of 2**-32 (Q32); a level is 1 / 65535.
"""

import math
from fractions import Fraction
from functools import cache
from statistics import NormalDist

ONE = 2**32
U16_MAX = 65535
_LN2 = 2977044472  # ln 2 as Q32


def nearest(value: Fraction) -> int:
    """Round to the nearest whole number, halves up."""
    return math.floor(value + Fraction(1, 2))


@cache
def to_q32(value: float | Fraction) -> int:
    """Round a number to Q32."""
    return nearest(Fraction(value) * ONE)


@cache
def q32_per_level(value: float) -> int:
    """Return what one level is worth, as Q32, if 65535 levels are worth ``value``."""
    return nearest(Fraction(value) * ONE / U16_MAX)


@cache
def share(weight: int, count: int, total: int) -> int:
    """Return weight * count / total, rounded; 0 if ``total`` is 0."""
    return nearest(Fraction(weight * count, total)) if total else 0


@cache
def to_rank(part: float) -> int:
    """Return the rank (0 .. 65536) below which a ``part`` of all consumers lies."""
    return math.floor(part * 2**16 + 0.5)


def approach(level: int, target: int, rate: float) -> int:
    """Move a level towards a target by a share of the distance; the share is a multiple of 2**-16."""
    rate_q16 = nearest(Fraction(rate) * 2**16)
    return level + nearest(Fraction(rate_q16 * (target - level), 2**16))


@cache
def natural_log(value: float) -> int:
    """Return ln as Q32: the binary logarithm digit by digit, cut off at every step, then times ln 2."""
    number = math.floor(value * ONE + 0.5)
    exponent = number.bit_length() - 33
    mantissa = number >> exponent if exponent >= 0 else number << -exponent  # 1 .. 2, as Q32
    mantissa >>= 2
    log2 = exponent
    for _ in range(32):
        mantissa = mantissa * mantissa // 2**30
        digit = int(mantissa >= 2**31)
        mantissa >>= digit
        log2 = 2 * log2 + digit
    high, low = divmod(log2, 2**16)
    return (high * _LN2 + low * _LN2 // 2**16) // 2**16


def interpolate(low: int, high: int, part: int, whole: int) -> int:
    """Interpolate ``part`` of the ``whole`` way from ``low`` to ``high``, rounded down."""
    return low + (high - low) * part // whole


@cache
def _curve(noise: str, point: int) -> int:
    """Return the distribution function at ``point`` / 256, as Q32."""
    x = point / 256
    return to_q32((1 + math.tanh(x / 2)) / 2 if noise == "logistic" else NormalDist().cdf(x))


def p_super(utility: int, noise: str) -> int:
    """Return the chance, as Q32, that a utility exceeds the noise."""
    if noise == "none":
        return ONE if utility >= 0 else 0
    if noise == "uniform":
        return min(max(utility, 0), ONE)
    if abs(utility) >= 24 * ONE:
        return ONE if utility > 0 else 0
    point, remainder = divmod(utility, 2**24)
    return interpolate(_curve(noise, point), _curve(noise, point + 1), remainder, 2**24)


@cache
def _tail(rank: int) -> int:
    """Return minus the normal quantile of (rank + 1/2) / 2**32, in units of 2**-16."""
    return math.floor(-NormalDist().inv_cdf((rank + 0.5) / 2**32) * 2**16 + 0.5)


def normal(word: int) -> int:
    """Return a standard normal number in units of 2**-16: the top bit is the sign, the others the rank in the tail.

    The quantile is interpolated between 64 points in every octave of the rank; below 64 every rank is a point.
    """
    negative, rank = divmod(word, 2**31)
    width = max(1, 2 ** (rank.bit_length() - 7))
    remainder = rank % width
    start = rank - remainder
    size = interpolate(_tail(start), _tail(start + width), remainder, width)
    return -size if negative else size


@cache
def _lognormal(sigma: float, point: int) -> int:
    """Return the basket at z = ``point`` / 64, in units of 2**-16; flat beyond 6.5, which no draw reaches."""
    z = min(point / 64, 6.5)
    return math.floor(math.exp(sigma * z - sigma * sigma / 2) * 2**16 + 0.5)


def basket(sigma: float, z: int) -> int:
    """Return a lognormal basket of mean 1 in units of 2**-16; ``z`` is normal, in units of 2**-16."""
    point, remainder = divmod(z, 2**10)
    return interpolate(_lognormal(sigma, point), _lognormal(sigma, point + 1), remainder, 2**10)
