"""Who is tied to whom, worked out when it is asked: a ring, and matchings of all consumers into pairs.

A matching is a permutation P with its inverse: the partner of i is P^-1(P(i) xor 1), so i is the partner of that one,
and nobody is their own. P is a Feistel network over the cells of a rectangle that holds n consumers; from a cell
beyond n it goes on until it is back (cycle walking).

Source: Luby & Rackoff (1988), SIAM J. Comput. 17:373; Black & Rogaway (2002), CT-RSA, "Ciphers with arbitrary finite
domains" (rectangle, cycle walking).
"""

from typing import Final, NamedTuple

import numpy as np

from abm.numerics.jit import inline

ROUNDS: Final = 4  # even: the rows are shifted in one, the columns in the next
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_WEYL = np.uint64(0x9E3779B9)  # steps through the keys of the rounds
_MULTIPLIER_0, _MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)  # of Philox


class Procedure(NamedTuple):
    """All there is to know of a procedural network.

    Attributes
    ----------
    n : int
        Consumers; even where there are matchings.
    side : int
        Neighbours on either side of the ring.
    n_matchings : int
        Neighbours by matching; the degree is 2 * side + n_matchings.
    height, width : int
        The rectangle: consumer i is in row i // width and column i % width; the width is even.
    key_0, key_1 : uint64
        Random keys, below 2**32, of all matchings.
    """

    n: int
    side: int
    n_matchings: int
    height: int
    width: int
    key_0: np.uint64
    key_1: np.uint64


@inline
def neighbor(ties, i, number):  # type: ignore[no-untyped-def]
    """Return neighbour ``number``, 0 .. degree - 1, of consumer i, both int64."""
    if number >= ties.n_matchings:
        return on_ring(ties, i, number - ties.n_matchings)
    cell = there(ties, i, number)
    while cell >= ties.n:
        cell = there(ties, cell, number)
    cell = back(ties, cell ^ 1, number)
    while cell >= ties.n:
        cell = back(ties, cell, number)
    return cell


@inline
def neighbors(ties, ids, n_ids, number, out):  # type: ignore[no-untyped-def]
    """Write neighbour ``number`` of each of the first ``n_ids`` consumers in ``ids`` to ``out``; both int64 arrays.

    Says the same as ``neighbor``; one step for all, then the next, so that each becomes vector instructions.
    """
    if number >= ties.n_matchings:
        for k in range(n_ids):
            out[k] = on_ring(ties, ids[k], number - ties.n_matchings)
        return
    for k in range(n_ids):
        out[k] = there(ties, ids[k], number)
    for k in range(n_ids):
        while out[k] >= ties.n:
            out[k] = there(ties, out[k], number)
    for k in range(n_ids):
        out[k] = back(ties, out[k] ^ 1, number)
    for k in range(n_ids):
        while out[k] >= ties.n:
            out[k] = back(ties, out[k], number)


@inline
def on_ring(ties, i, number):  # type: ignore[no-untyped-def]
    """Return neighbour ``number`` of consumer i on the ring: one step down, one up, two down and so on."""
    step = (number >> 1) + 1
    other = i + (step if number & 1 else ties.n - step)
    return other - ties.n if other >= ties.n else other


@inline
def there(ties, cell, matching):  # type: ignore[no-untyped-def]
    """Return where a cell goes: its row is shifted by a random number that its column sets, and so on in turn."""
    row = np.int64(cell / ties.width)  # exact: both are far below 2**53
    column = cell - row * ties.width
    for number in range(0, ROUNDS, 2):
        row += shift(ties, matching * ROUNDS + number, column, ties.height)
        row -= ties.height if row >= ties.height else 0
        column += shift(ties, matching * ROUNDS + number + 1, row, ties.width)
        column -= ties.width if column >= ties.width else 0
    return row * ties.width + column


@inline
def back(ties, cell, matching):  # type: ignore[no-untyped-def]
    """Return which cell goes there: the same shifts, the last first and the other way."""
    row = np.int64(cell / ties.width)
    column = cell - row * ties.width
    for number in range(ROUNDS - 2, -1, -2):
        column -= shift(ties, matching * ROUNDS + number + 1, row, ties.width)
        column += ties.width if column < 0 else 0
        row -= shift(ties, matching * ROUNDS + number, column, ties.height)
        row += ties.height if row < 0 else 0
    return row * ties.width + column


@inline
def shift(ties, number, place, limit):  # type: ignore[no-untyped-def]
    """Return a number below ``limit`` that key, number and place set as if by chance."""
    word = np.uint64(place) ^ ((ties.key_0 + np.uint64(number) * _WEYL) & _LOW)
    product = word * _MULTIPLIER_0
    word = (product >> _HALF) ^ (product & _LOW) ^ ties.key_1
    product = word * _MULTIPLIER_1
    word = (product >> _HALF) ^ (product & _LOW)
    return np.int64((word * np.uint64(limit)) >> _HALF)


@inline
def procedure_of(record):  # type: ignore[no-untyped-def]
    """Return the procedure that an entry of ``EdgeList.procedures`` describes."""
    return Procedure(
        record.n, record.side, record.n_matchings, record.height, record.width, record.key_0, record.key_1
    )  # fmt: skip


@inline
def procedure_number(procedures, row):  # type: ignore[no-untyped-def]
    """Return which of ``procedures`` works out the ties of a market, given one of its rows; -1: they are stored."""
    for number in range(procedures.size):
        record = procedures[number]
        if record.first_row <= row < record.first_row + record.n:
            return number
    return -1
