"""Who is where: from rows of the arrays to markets, numbers and neighbours."""

from bisect import bisect_right
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from abm.engine.adjacency import neighbors_of
from abm.engine.layout import concatenated_ids, rows_of
from abm.engine.simulation import Simulation
from abm.engine.state import N_SUPER
from abm.numerics.bits import unpack

Rows = npt.NDArray[np.int64]


class RowIndex:
    """The consumers of a simulation by row; rows between two markets are empty.

    Methods that take many rows are named after the attribute of a consumer that they answer for.
    """

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self.node_ids = simulation.node_ids
        self._names = np.array([market.name for market in simulation.markets])
        self._first_rows = [rows_of(layout).start for layout in simulation.layouts]
        self._n_before = np.concatenate([[0], np.cumsum(simulation.layouts["n_consumers"])[:-1]])

    @cached_property
    def rows(self) -> Rows:
        """Rows of everybody, int64."""
        markets = [rows_of(layout) for layout in self._simulation.layouts]
        return np.concatenate([np.arange(rows.start, rows.stop) for rows in markets])

    def market_index(self, row: int) -> int:
        """Return the position of the market in which the consumer of a row lives."""
        return bisect_right(self._first_rows, row) - 1

    def first_row(self, market_index: int) -> int:
        """Return the row of a market's first consumer."""
        return int(self._first_rows[market_index])

    def neighbors(self, row: int) -> Rows:
        """Return the rows of a consumer's neighbours."""
        layout = self._simulation.layouts[self.market_index(row)]
        if layout["complete"]:
            own = rows_of(layout)
            return np.delete(np.arange(own.start, own.stop), row - own.start)
        return neighbors_of(self._simulation.population.adjacency, row)

    def market(self, rows: Rows) -> npt.NDArray[np.str_]:
        """Return the names of their markets."""
        return self._names[self._market_indices(rows)]

    def unique_id(self, rows: Rows) -> Rows:
        """Return Mesa's numbers: 1 and up, market after market."""
        markets = self._market_indices(rows)
        return np.asarray(rows - np.array(self._first_rows)[markets] + self._n_before[markets] + 1, np.int64)

    def node_id(self, rows: Rows) -> npt.NDArray[Any]:
        """Return their ids in the file or graph of their market, else their number in it: int64 or objects."""
        return concatenated_ids(self.node_ids, self._simulation.layouts["n_consumers"].tolist())[
            self.unique_id(rows) - 1
        ]

    def id_of(self, row: int) -> Any:
        """Return one id as a Python value."""
        market = self.market_index(row)
        number, ids = row - self.first_row(market), self.node_ids[market]
        if ids is None:
            return number
        return ids[number].item() if isinstance(ids[number], np.generic) else ids[number]

    def degree(self, rows: Rows) -> Rows:
        """Return how many neighbours they have."""
        layouts = self._simulation.layouts[self._market_indices(rows)]
        others = np.asarray(layouts["n_consumers"] - 1, np.int64)
        if self._simulation.layouts["complete"].all():
            return others
        n_neighbors = self._simulation.population.adjacency.n_neighbors[rows].astype(np.int64)
        return np.where(layouts["complete"], others, n_neighbors)

    def n_super(self, rows: Rows) -> Rows:
        """Return how many of their neighbours are in mode super."""
        markets, state = self._market_indices(rows), self._simulation.population.state
        totals = self._simulation.present_tallies[:, N_SUPER]
        others = np.asarray(totals[markets] - unpack(state.mode)[rows], np.int64)
        if self._simulation.layouts["complete"].all():
            return others
        return np.where(self._simulation.layouts["complete"][markets], others, state.n_super[rows])

    def _market_indices(self, rows: Rows) -> npt.NDArray[np.intp]:
        return np.searchsorted(self._first_rows, rows, side="right") - 1
