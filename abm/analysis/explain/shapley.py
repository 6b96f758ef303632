"""Shapley values: a fair split of a difference among the mechanisms that make it.

A *value table* holds one outcome per subset of the d mechanisms: entry s belongs to the subset whose members are
the bits set in s, so entry 0 is the market as it is and the last entry has every mechanism replaced. Nothing in this
file knows markets or simulations.

Source: Shapley (1953), "A value for n-person games"; Grabisch & Roubens (1999), Int. J. Game Theory 28, for
interactions; Castro, Gomez & Tejada (2009), Computers & Operations Research 36(5), for sampling permutations.
"""

from collections.abc import Callable, Iterator, Sequence
from math import comb

import numpy as np

from abm.numerics.array_types import Floats, Ints
from abm.numerics.random import Purpose, philox, stream

MAX_EXACT = 12  # mechanisms up to which all subsets are run


def n_players(values: Floats) -> int:
    """Return d of a value table, float64[..., 2**d].

    Raises
    ------
    ValueError
        The last axis is not a power of two.
    """
    size = int(values.shape[-1])
    if size == 0 or size & (size - 1):
        raise ValueError(f"values: last axis has {size} entries; needs a power of two, one per subset")
    return size.bit_length() - 1


def _without(d: int, *players: int) -> Ints:
    """Return the subsets without some players, as numbers, int64[2**(d - len(players))]."""
    subsets: Ints = np.arange(1 << d)
    rest: Ints = subsets[(subsets & sum(1 << player for player in players)) == 0]
    return rest


def _sizes(subsets: Ints) -> Ints:
    return np.bitwise_count(subsets).astype(np.int64)


def shapley(values: Floats) -> Floats:
    """Return the Shapley value of every player.

    Parameters
    ----------
    values : float64[..., 2**d]
        Value table; leading axes (such as seeds) are kept.

    Returns
    -------
    float64[..., d]
        They add up to ``values[..., -1] - values[..., 0]``.
    """
    d = n_players(values)
    result = np.zeros((*values.shape[:-1], d))
    for player in range(d):
        rest = _without(d, player)
        weights = 1.0 / (d * np.array([comb(d - 1, size) for size in range(d)], np.float64))
        gains = values[..., rest | 1 << player] - values[..., rest]
        result[..., player] = gains @ weights[_sizes(rest)]
    return result


def first_in(values: Floats) -> Floats:
    """Return what each player adds on its own, float64[..., d]."""
    d = n_players(values)
    return values[..., 1 << np.arange(d)] - values[..., :1]


def last_in(values: Floats) -> Floats:
    """Return what each player adds once all others are there, float64[..., d]."""
    d = n_players(values)
    everyone = (1 << d) - 1
    return values[..., -1:] - values[..., everyone ^ (1 << np.arange(d))]


def interactions(values: Floats) -> Floats:
    """Return the Shapley interaction of every pair, float64[..., d, d], symmetric with a zero diagonal.

    Positive: the two do more together than apart. In a game of two players it is v(12) - v(1) - v(2) + v(0).
    """
    d = n_players(values)
    result = np.zeros((*values.shape[:-1], d, d))
    for i in range(d):
        for j in range(i):
            rest = _without(d, i, j)
            weights = 1.0 / ((d - 1) * np.array([comb(d - 2, size) for size in range(d - 1)], np.float64))
            one, other = 1 << i, 1 << j
            joint = values[..., rest | one | other] - values[..., rest | one]
            alone = values[..., rest | other] - values[..., rest]
            result[..., i, j] = result[..., j, i] = (joint - alone) @ weights[_sizes(rest)]
    return result


def permutations(d: int, n: int, seed: int = 0) -> list[tuple[int, ...]]:
    """Return ``n`` random orders of ``d`` players, each second one the reverse of the one before.

    A player that is early in one is late in the other, which removes much of the chance of the draw.

    Parameters
    ----------
    d, n : int
    seed : int
    """
    return [order for pair in zip(_orders(d, -(-n // 2), seed), strict=True) for order in (pair[0], pair[0][::-1])][:n]


def _orders(d: int, n: int, seed: int) -> Iterator[tuple[int, ...]]:
    key = stream(seed, 0, "order of players")  # spaces: no market can have this name
    for draw in range(n):
        words = [
            int(
                philox(np.uint64(player), np.uint64(draw), key.market, np.uint64(Purpose.INITIAL_ADOPTION), *key[:2])[0]
            )
            for player in range(d)
        ]
        yield tuple(sorted(range(d), key=lambda player: (words[player], player)))


def prefixes(orders: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the subsets, as numbers, that each order passes through: d + 1 each, from nobody to everybody."""
    walks = []
    for order in orders:
        walk = [0]
        for player in order:
            walk.append(walk[-1] | 1 << player)
        walks.append(walk)
    return walks


def sampled(value: Callable[[int], Floats], orders: Sequence[Sequence[int]]) -> Floats:
    """Return each player's gain along each order; their mean over orders estimates the Shapley value.

    Parameters
    ----------
    value : callable
        Outcomes of a subset (as a number), float64[seeds].
    orders : sequence of sequences of int

    Returns
    -------
    float64[orders, seeds, d]
        Along every order the gains add up to the whole difference.
    """
    gains = []
    for order, walk in zip(orders, prefixes(orders), strict=True):
        steps = np.diff([value(subset) for subset in walk], axis=0)  # [d, seeds]
        own = np.empty_like(steps)
        own[list(order)] = steps
        gains.append(own.T)
    return np.array(gains)
