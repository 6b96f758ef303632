"""The arrays of a run, grouped by what they are about.

Rows are the consumers of all markets one after the other; a market starts at a multiple of 64, so that a block
(64 consumers, one bit each in a word) belongs to one market.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from abm.engine.columns import updated_columns

# Columns of a tally, int64: stocks change by what a week adds to them, flows start each week at zero. The sums of what
# further mechanisms update come after them, and are stocks as well.
N_AWARE, N_SUPER, HABIT, TRUST = range(4)
TO_SUPER, TO_SINGLE, SPEND, SUPER_SPEND, LIVE_SPEND, LET_DOWN, DISCOUNTED, NEEDED = range(4, 12)
N_TALLIES, FIRST_FLOW, END_OF_FLOWS = 12, TO_SUPER, 12
_SUMS = {"habit": HABIT, "trust": TRUST}


def summed_columns(names: tuple[str, ...]) -> dict[str, int]:
    """Return the tally that holds the sum of each column that some mechanisms update."""
    updated = [column.name for _, column in updated_columns(names)]
    further = [name for name in updated if name not in _SUMS]
    return {name: _SUMS[name] if name in _SUMS else END_OF_FLOWS + further.index(name) for name in updated}


def n_tallies(names: tuple[str, ...]) -> int:
    """Return the number of tallies that some mechanisms need."""
    return max(N_TALLIES, *(tally + 1 for tally in summed_columns(names).values()))


# A market whose ties are computed (abm.networks.procedural): its first row, then the fields of a Procedure.
PROCEDURES = np.dtype(
    [(name, np.int64) for name in ("first_row", "n", "side", "n_matchings", "height", "width")]
    + [("key_0", np.uint64), ("key_1", np.uint64)]
)


class Adjacency(NamedTuple):
    """The social network: stored in rows one after the other, and for some markets computed.

    The stored neighbours of block b are indices[starts[b] : starts[b + 1]], first those of its first consumer;
    ``starts`` has one entry if none are stored. Where those of one consumer begin is added up from the numbers of
    neighbours before it in the block: to keep it for everyone took 8 bytes each, and a line of memory to look it up.
    ``procedures`` is None where no market's ties are computed: then nothing is compiled for it.
    """

    starts: npt.NDArray[np.int64]  # [blocks + 1]
    indices: npt.NDArray[np.uint32]
    n_neighbors: npt.NDArray[Any]  # [rows], also of those computed (uint8, 16 or 32); empty if all are complete
    procedures: npt.NDArray[np.void] | None = None  # PROCEDURES[markets whose ties are computed]


class Population(NamedTuple):
    """Everybody, in all markets."""

    traits: Any  # one array for each trait, what never changes: taste, live_rank, reach_rank, basket ...
    state: Any  # one array for each column that changes: aware, mode, habit, trust ...; bits are 64 to a word
    adjacency: Adjacency


class Run(NamedTuple):
    """All arrays of a run over some weeks; row t of ``tallies`` and ``merchants`` is week t of these."""

    population: Population
    layouts: npt.NDArray[np.void]  # layout.MARKET_LAYOUT[markets]
    steps: Any  # StepParams of neutral mechanisms: its type says which mechanisms there are
    schedule: npt.NDArray[np.void]  # [weeks, markets], see parameter_schedule.py
    curves: npt.NDArray[np.int64]
    tallies: npt.NDArray[np.int64]  # [weeks + 1, markets, n_tallies]
    merchants: npt.NDArray[np.float64]  # M, [weeks + 1, markets]
