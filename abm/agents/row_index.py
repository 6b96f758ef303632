"""Who is where: from rows of the arrays to markets, numbers and neighbours."""

from bisect import bisect_right
from functools import cached_property

import numpy as np
import numpy.typing as npt

from abm.engine import state as arrays
from abm.engine.adjacency import neighbors_of
from abm.engine.layout import rows_of
from abm.engine.simulation import Simulation
from abm.numerics.bits import unpack

Rows = npt.NDArray[np.int64]


class RowIndex:
    """The consumers of a simulation by row; rows between two markets are empty.

    Methods that take many rows are named after the attribute of a consumer that they answer for.
    """

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._names = np.array([market.name for market in simulation.markets])
        self._first_rows = [rows_of(place).start for place in simulation.layouts]
        self._n_before = np.concatenate([[0], np.cumsum(simulation.layouts["n_consumers"])[:-1]])

    @cached_property
    def rows(self) -> Rows:
        """Rows of everybody, int64."""
        layouts = [rows_of(place) for place in self._simulation.layouts]
        return np.concatenate([np.arange(rows.start, rows.stop) for rows in layouts])

    def place_of(self, row: int) -> int:
        """Return the position of the market in which the consumer of a row lives."""
        return bisect_right(self._first_rows, row) - 1

    def first_row(self, place: int) -> int:
        """Return the row of a market's first consumer."""
        return int(self._first_rows[place])

    def neighbors(self, row: int) -> Rows:
        """Return the rows of a consumer's neighbours."""
        place = self._simulation.layouts[self.place_of(row)]
        if place["complete"]:
            own = rows_of(place)
            return np.delete(np.arange(own.start, own.stop), row - own.start)
        return neighbors_of(self._simulation.population.adjacency, row)

    def market(self, rows: Rows) -> npt.NDArray[np.str_]:
        """Return the names of their markets."""
        return self._names[self._places(rows)]

    def unique_id(self, rows: Rows) -> Rows:
        """Return Mesa's numbers: 1 and up, market after market."""
        layouts = self._places(rows)
        return np.asarray(rows - np.array(self._first_rows)[layouts] + self._n_before[layouts] + 1, np.int64)

    def degree(self, rows: Rows) -> Rows:
        """Return how many neighbours they have."""
        layouts = self._simulation.layouts[self._places(rows)]
        others = np.asarray(layouts["n_consumers"] - 1, np.int64)
        if self._simulation.layouts["complete"].all():
            return others
        n_neighbors = self._simulation.population.adjacency.n_neighbors[rows].astype(np.int64)
        return np.where(layouts["complete"], others, n_neighbors)

    def n_super(self, rows: Rows) -> Rows:
        """Return how many of their neighbours are in mode super."""
        layouts, state = self._places(rows), self._simulation.population.state
        totals = self._simulation.present_tallies[:, arrays.N_SUPER]
        others = np.asarray(totals[layouts] - unpack(state.mode)[rows], np.int64)
        if self._simulation.layouts["complete"].all():
            return others
        return np.where(self._simulation.layouts["complete"][layouts], others, state.n_super[rows])

    def _places(self, rows: Rows) -> npt.NDArray[np.intp]:
        return np.searchsorted(self._first_rows, rows, side="right") - 1
