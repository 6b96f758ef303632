"""The arrays of a run, grouped by what they are about.

Rows are the consumers of all markets one after the other; a market starts at a multiple of 64, so that a block
(64 consumers, one bit each in a word) belongs to one market.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

# Columns of a tally, int64: stocks change by what a week adds to them, flows (from TO_SUPER on) start at zero.
N_AWARE, N_SUPER, HABIT, TRUST = range(4)
TO_SUPER, TO_SINGLE, SPEND, SUPER_SPEND, LIVE_SPEND, LET_DOWN, DISCOUNTED, NEEDED = range(4, 12)
N_TALLIES, FIRST_FLOW = 12, TO_SUPER


class Traits(NamedTuple):
    """What never changes about a consumer, one row each."""

    taste: npt.NDArray[np.int32]  # z, in 2**-16
    live_rank: npt.NDArray[np.uint16]  # v
    reach_rank: npt.NDArray[np.uint16]  # w
    basket: npt.NDArray[np.uint32]  # b, in 2**-16; empty if everyone's is 1


class State(NamedTuple):
    """What changes; the first four hold one bit per consumer, 64 to a word."""

    aware: npt.NDArray[np.uint64]
    mode: npt.NDArray[np.uint64]  # set: super
    switched: npt.NDArray[np.uint64]  # this week
    let_down: npt.NDArray[np.uint64]  # this week
    habit: npt.NDArray[np.uint16]  # h, 0 .. 65535
    trust: npt.NDArray[np.uint16]  # T, 0 .. 65535
    n_super: npt.NDArray[Any]  # neighbours in mode super (uint8, 16 or 32)
    n_let_down: npt.NDArray[Any]  # neighbours let down last week; empty if bad news never travels
    stock: npt.NDArray[np.uint16]  # bought ahead, in 2**-13 baskets; empty if nobody ever stocks up


# A market whose ties are worked out (abm.networks.procedural): its first row, then the fields of a Procedure.
PROCEDURES = np.dtype(
    [(name, np.int64) for name in ("first_row", "n", "side", "n_matchings", "height", "width")]
    + [("key_0", np.uint64), ("key_1", np.uint64)]
)


class Adjacency(NamedTuple):
    """The social network: stored in rows one after the other, and for some markets worked out.

    The stored neighbours of block b are indices[starts[b] : starts[b + 1]], first those of its first consumer;
    ``starts`` has one entry if none are stored. Where those of one consumer begin is added up from the numbers of
    neighbours before it in the block: to keep it for everyone took 8 bytes each, and a line of memory to look it up.
    ``procedures`` is None where no market's ties are worked out: then nothing is compiled for it.
    """

    starts: npt.NDArray[np.int64]  # [blocks + 1]
    indices: npt.NDArray[np.uint32]
    n_neighbors: npt.NDArray[Any]  # [rows], also of those worked out (uint8, 16 or 32); empty if all are complete
    procedures: npt.NDArray[np.void] | None = None  # PROCEDURES[markets whose ties are worked out]


class Population(NamedTuple):
    """Everybody, in all markets."""

    traits: Traits
    state: State
    adjacency: Adjacency


class Run(NamedTuple):
    """All arrays of a run over some weeks; row t of ``tallies`` and ``merchants`` is week t of these."""

    population: Population
    layouts: npt.NDArray[np.void]  # MARKET_LAYOUT[markets]
    rules: npt.NDArray[np.void]  # schedule.RULES[weeks, markets]
    curves: npt.NDArray[np.int64]
    tallies: npt.NDArray[np.int64]  # [weeks + 1, markets, N_TALLIES]
    merchants: npt.NDArray[np.float64]  # M, [weeks + 1, markets]
