"""Neighbours computed when they are needed: on a ring, and by matchings of all consumers into pairs.

A matching is a permutation P with its inverse: the partner of i is P^-1(P(i) xor 1), so i is the partner of that one,
and nobody is their own. P is a Feistel network over the cells of a rectangle that holds n consumers; a cell
beyond n is permuted again until it is not (cycle walking).

Source: Luby & Rackoff (1988), SIAM J. Comput. 17:373; Black & Rogaway (2002), CT-RSA, "Ciphers with arbitrary finite
domains" (rectangle, cycle walking).
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from abm.numerics.jit import inline, int64

ROUNDS: Final = 4  # even: the rows are shifted in one, the columns in the next
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_WEYL = np.uint64(0x9E3779B9)  # steps through the keys of the rounds
_MULTIPLIER_0, _MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)  # of Philox


class Procedure(NamedTuple):
    """The parameters from which neighbours are computed.

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
def neighbor(procedure: Procedure, i: int, number: int) -> int:
    """Return neighbour ``number``, 0 .. degree - 1, of consumer i; all int64.

    Parameters
    ----------
    procedure : Procedure
    i : int
        Consumer, 0 .. n - 1.
    number : int
    """
    if number >= procedure.n_matchings:
        return ring_neighbor(procedure, i, number - procedure.n_matchings)
    cell = permute(procedure, i, number)
    while cell >= procedure.n:
        cell = permute(procedure, cell, number)
    cell = permute_inverse(procedure, cell ^ 1, number)
    while cell >= procedure.n:
        cell = permute_inverse(procedure, cell, number)
    return cell


@inline
def neighbors(
    procedure: Procedure, ids: npt.NDArray[np.int64], n_ids: int, number: int, out: npt.NDArray[np.int64]
) -> None:
    """Write neighbour ``number`` of each of the first ``n_ids`` consumers in ``ids`` to ``out``; both int64 arrays.

    The same numbers as ``neighbor`` gives; step by step for all, so that each step becomes vector instructions.

    Parameters
    ----------
    procedure : Procedure
    ids : int64[at least n_ids]
        Consumers, 0 .. n - 1.
    n_ids : int
    number : int
        0 .. degree - 1.
    out : int64[at least n_ids]
    """
    if number >= procedure.n_matchings:
        for k in range(n_ids):
            out[k] = ring_neighbor(procedure, ids[k], number - procedure.n_matchings)
        return
    for k in range(n_ids):
        out[k] = permute(procedure, ids[k], number)
    for k in range(n_ids):
        while out[k] >= procedure.n:
            out[k] = permute(procedure, out[k], number)
    for k in range(n_ids):
        out[k] = permute_inverse(procedure, out[k] ^ 1, number)
    for k in range(n_ids):
        while out[k] >= procedure.n:
            out[k] = permute_inverse(procedure, out[k], number)


@inline
def ring_neighbor(procedure: Procedure, i: int, number: int) -> int:
    """Return neighbour ``number`` of consumer i on the ring: one step down, one up, two down and so on.

    Parameters
    ----------
    procedure : Procedure
    i : int
        Consumer, 0 .. n - 1.
    number : int
        0 .. 2 * side - 1.
    """
    step = (number >> 1) + 1
    other = i + (step if number & 1 else procedure.n - step)
    return other - procedure.n if other >= procedure.n else other


@inline
def permute(procedure: Procedure, cell: int, matching: int) -> int:
    """Return the image of a cell: its row is shifted by a pseudo-random number of its column, and so on in turn.

    Parameters
    ----------
    procedure : Procedure
    cell : int
        0 .. height * width - 1.
    matching : int
        0 .. n_matchings - 1.
    """
    row = int64(cell / procedure.width)  # exact: both are far below 2**53
    column = cell - row * procedure.width
    for number in range(0, ROUNDS, 2):
        row += pseudo_random(procedure, matching * ROUNDS + number, column, procedure.height)
        row -= procedure.height if row >= procedure.height else 0
        column += pseudo_random(procedure, matching * ROUNDS + number + 1, row, procedure.width)
        column -= procedure.width if column >= procedure.width else 0
    return row * procedure.width + column


@inline
def permute_inverse(procedure: Procedure, cell: int, matching: int) -> int:
    """Return the cell whose image this is: the same shifts, the last first and in the other direction.

    Parameters
    ----------
    procedure : Procedure
    cell : int
        0 .. height * width - 1.
    matching : int
        0 .. n_matchings - 1.
    """
    row = int64(cell / procedure.width)
    column = cell - row * procedure.width
    for number in range(ROUNDS - 2, -1, -2):
        column -= pseudo_random(procedure, matching * ROUNDS + number + 1, row, procedure.width)
        column += procedure.width if column < 0 else 0
        row -= pseudo_random(procedure, matching * ROUNDS + number, column, procedure.height)
        row += procedure.height if row < 0 else 0
    return row * procedure.width + column


@inline
def pseudo_random(procedure: Procedure, number: int, value: int, limit: int) -> int:
    """Return a pseudo-random number below ``limit``, a function of key, number and value.

    Parameters
    ----------
    procedure : Procedure
    number : int
        Of the function, among those of the key.
    value : int
        Its argument, 0 .. 2**32 - 1.
    limit : int
        At most 2**32.
    """
    word = np.uint64(value) ^ ((procedure.key_0 + np.uint64(number) * _WEYL) & _LOW)
    product = word * _MULTIPLIER_0
    word = (product >> _HALF) ^ (product & _LOW) ^ procedure.key_1
    product = word * _MULTIPLIER_1
    word = (product >> _HALF) ^ (product & _LOW)
    return int64((word * np.uint64(limit)) >> _HALF)


@inline
def procedure_of(record: Any) -> Procedure:
    """Return the procedure that a record of ``Adjacency.procedures`` describes."""
    return Procedure(
        record.n, record.side, record.n_matchings, record.height, record.width, record.key_0, record.key_1
    )  # fmt: skip


@inline
def procedure_number(procedures: npt.NDArray[np.void], row: int) -> int:
    """Return which of ``procedures`` computes the neighbours of a market, given one of its rows; -1: none.

    Parameters
    ----------
    procedures : PROCEDURES[markets]
    row : int
    """
    for number in range(procedures.size):
        record = procedures[number]
        if record.first_row <= row < record.first_row + record.n:
            return number
    return -1
