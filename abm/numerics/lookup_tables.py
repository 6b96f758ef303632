"""Curves tabulated once, as whole numbers, so that no decision calls a library function.

The tables are rounded to 2**-32 (chances), 2**-16 (tastes, baskets): 20 or more binary digits coarser than the
double-precision functions they are made with, so that their last digit does not show.
"""

import math
from functools import cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from abm.numerics.fixed_point import BASKET, TASTE_BITS, to_q32
from abm.numerics.jit import inline

CURVE_BOUND = 24  # beyond, a chance is 0 or 1 to within 2**-32
CURVE_STEP_BITS = 24  # points are 2**24 units = 2**-8 apart
_POINTS_PER_UNIT = 1 << (32 - CURVE_STEP_BITS)

_TAIL_BITS = 6  # every octave of the normal quantile is cut into 64 pieces
_TAIL = 1 << _TAIL_BITS
_BASKET_STEP_BITS = 10
_TASTE_BOUND = 8


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _normal(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


@cache
def choice_curves() -> npt.NDArray[np.int64]:
    """Return the logistic and the normal distribution function as Q32, int64[2, 12289], on -24 .. 24."""
    n_points = 2 * CURVE_BOUND * _POINTS_PER_UNIT + 1
    grid = [point / _POINTS_PER_UNIT - CURVE_BOUND for point in range(n_points)]
    curves = np.array([[to_q32(curve(x)) for x in grid] for curve in (_logistic, _normal)], np.int64)
    curves.setflags(write=False)
    return curves


@cache
def normal_quantiles() -> npt.NDArray[np.int64]:
    """Return minus the normal quantile of (r + 1/2) / 2**32, in units of 2**-16, where ``taste_of`` reads it.

    Entry r for r < 64; from there 64 entries for every octave of r up to 2**31, which keeps the tails exact.
    """
    starts = list(range(_TAIL))
    for octave in range(_TAIL_BITS, 31):
        starts += [(1 << octave) + (piece << (octave - _TAIL_BITS)) for piece in range(_TAIL)]
    starts.append(1 << 31)
    normal = NormalDist()
    values = [-normal.inv_cdf((r + 0.5) / 2**32) * (1 << TASTE_BITS) for r in starts]
    table = np.array([math.floor(value + 0.5) for value in values], np.int64)
    table.setflags(write=False)
    return table


@inline
def taste_of(word: int, quantiles: npt.NDArray[np.int64]) -> int:
    """Return a standard normal taste in units of 2**-16 from one 32-bit word (int64): sign, then tail.

    Parameters
    ----------
    word : int
        0 .. 2**32 - 1.
    quantiles : int64[...]
        From ``normal_quantiles``.
    """
    rank = word & 0x7FFFFFFF
    if rank < _TAIL:
        size: int = quantiles[rank]
    else:
        octave = 30
        while rank >> octave == 0:
            octave -= 1
        shift = octave - _TAIL_BITS
        piece = _TAIL + shift * _TAIL + ((rank >> shift) & (_TAIL - 1))
        inside = rank & ((1 << shift) - 1)
        size = quantiles[piece] + (((quantiles[piece + 1] - quantiles[piece]) * inside) >> shift)
    return -size if word >> 31 else size


@cache
def baskets(sigma: float) -> npt.NDArray[np.int64]:
    """Return exp(sigma z - sigma**2 / 2), a lognormal basket of mean 1, in units of 2**-16, for z = -8 .. 8."""
    n_points = (2 * _TASTE_BOUND << TASTE_BITS >> _BASKET_STEP_BITS) + 1
    step = (1 << _BASKET_STEP_BITS) / (1 << TASTE_BITS)
    grid = [point * step - _TASTE_BOUND for point in range(n_points)]
    # Beyond the largest taste there is (6.4) the curve is flat, so that every entry fits into 32 bits.
    values = [math.exp(sigma * min(z, 6.5) - sigma * sigma / 2) * BASKET for z in grid]
    table = np.array([math.floor(value + 0.5) for value in values], np.int64)
    table.setflags(write=False)
    return table


@inline
def basket_of(taste: int, table: npt.NDArray[np.int64]) -> int:
    """Return the basket (units of 2**-16) of a consumer whose log basket lies ``taste`` (2**-16) from the mean.

    Parameters
    ----------
    taste : int
    table : int64[...]
        From ``baskets``.
    """
    position = taste + (_TASTE_BOUND << TASTE_BITS)
    point = position >> _BASKET_STEP_BITS
    inside = position & ((1 << _BASKET_STEP_BITS) - 1)
    basket: int = table[point] + (((table[point + 1] - table[point]) * inside) >> _BASKET_STEP_BITS)
    return basket
