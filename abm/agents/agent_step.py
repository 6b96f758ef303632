"""A week computed consumer by consumer: what it reads, and what is planned for the next one.

Nobody sees what a neighbour decides in the same week, so consumers may step in any order. The week is over when the
last of them has.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from abm.engine.adjacency import count_neighbors
from abm.engine.columns import new_column, state_columns
from abm.engine.layout import rows_of
from abm.engine.market_params import MarketParams
from abm.engine.simulation import Simulation
from abm.engine.state import (
    DISCOUNTED,
    LET_DOWN,
    LIVE_SPEND,
    N_AWARE,
    N_SUPER,
    NEEDED,
    SPEND,
    SUPER_SPEND,
    TO_SINGLE,
    TO_SUPER,
    Run,
    summed_columns,
)
from abm.mechanisms.supply import merchants_join
from abm.numerics.bits import pack, unpack
from abm.numerics.lookup_tables import choice_curves
from abm.numerics.random import Purpose, bernoulli_mask, draw

_WEEK, _OCCASION = int(Purpose.WEEK), int(Purpose.OCCASION)
_FLOWS = {
    "spend": SPEND, "super_spend": SUPER_SPEND, "live_spend": LIVE_SPEND, "discounted": DISCOUNTED, "needed": NEEDED,
}  # fmt: skip


class AgentStep:
    """The step that reads the simulation's present week.

    Parameters
    ----------
    simulation : Simulation
        Is taken a week further once everybody has stepped.
    """

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.week = simulation.week
        self.curves = choice_curves()
        self.market_params = [_in_python(params) for params in simulation.present()]
        state = simulation.population.state
        self._was_aware, self._was_super = unpack(state.aware), unpack(state.mode)
        self._was_let_down = unpack(state.let_down)
        self.n_super = self._count_neighbors(self._was_super)
        self.n_let_down = self._count_neighbors(self._was_let_down)
        self._occasions: dict[tuple[int, int], int] = {}
        n_rows = self._was_super.size
        self._done = np.zeros(n_rows, np.bool_)
        self._n_left = int(simulation.layouts["n_consumers"].sum())
        self.plan = self._as_it_is(n_rows) | {name: np.zeros(n_rows, np.int64) for name in _FLOWS}

    def _as_it_is(self, n_rows: int) -> dict[str, npt.NDArray[Any]]:
        """Return a copy of every column of state, counts of neighbours apart; bits become truth values."""
        plan, state = {}, self.simulation.population.state
        for column in state_columns(self.simulation.mechanisms):
            values = getattr(state, column.name)
            if column.bit:
                plan[column.name] = unpack(values) if column.settable else np.zeros(n_rows, np.bool_)
            elif not column.counts:
                plan[column.name] = values.copy() if values.size else new_column(column, n_rows, np.uint8)
        return plan

    def has_occasion(self, market_index: int, number: int) -> bool:
        """Say whether consumer ``number`` of a market has an occasion (equation 2); 64 share a draw."""
        key = (market_index, number >> 6)
        if key not in self._occasions:
            params = self.market_params[market_index]
            self._occasions[key] = int(
                bernoulli_mask(params.stream, number >> 6, params.week, _OCCASION, params.p_occasion)
            )
        return bool(self._occasions[key] >> (number & 63) & 1)

    def words(self, market_index: int, number: int) -> tuple[int, int, int]:
        """Return the consumer's random words of the week, 0 .. 2**32 - 1: awareness, choice, experience."""
        params = self.market_params[market_index]
        awareness, choice, experience, _ = draw(params.stream, number, params.week, _WEEK, 0)
        return int(awareness), int(choice), int(experience)

    def let_down_before(self, row: int) -> bool:
        """Say whether the consumer's last step held a bad purchase."""
        return bool(self._was_let_down[row])

    def set_plan(self, row: int, **planned: int) -> None:
        """Keep what a consumer has planned, in whole numbers; close the week after the last consumer."""
        for name, value in planned.items():
            self.plan[name][row] = value
        if not self._done[row]:
            self._done[row] = True
            self._n_left -= 1
            if self._n_left == 0:
                self.simulation.advance(1, run_weeks=self._close)

    def _count_neighbors(self, flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        counts = np.zeros(flags.size, np.int64)
        count_neighbors(self.simulation.population.adjacency, flags, counts)
        return counts

    def _close(self, run: Run, week: int) -> None:
        """Write what was planned as the state of the next week, and its tallies and merchants."""
        plan, state = self.plan, run.population.state
        plan["switched"] = plan["mode"] ^ self._was_super
        for i, layout in enumerate(self.simulation.layouts):
            self._count(rows_of(layout), run.tallies[1, i])
            self._trade(run, i)
        for column in state_columns(self.simulation.mechanisms):
            values = getattr(state, column.name)
            if not column.counts and values.size:
                values[:] = pack(plan[column.name]) if column.bit else plan[column.name]
        if state.n_super.size:
            count_neighbors(run.population.adjacency, plan["mode"], state.n_super)
        if state.n_let_down.size:
            count_neighbors(run.population.adjacency, plan["let_down"], state.n_let_down)

    def _count(self, rows: slice, tally: npt.NDArray[np.int64]) -> None:
        plan = {name: values[rows] for name, values in self.plan.items()}
        was_super = self._was_super[rows]
        tally[N_AWARE] = plan["aware"].sum()
        tally[N_SUPER] = plan["mode"].sum()
        for name, total in summed_columns(self.simulation.mechanisms).items():
            tally[total] = plan[name].sum(dtype=np.int64)
        tally[TO_SUPER] = (plan["mode"] & ~was_super).sum()
        tally[TO_SINGLE] = (was_super & ~plan["mode"]).sum()
        for name, column in _FLOWS.items():
            tally[column] = plan[name].sum()
        tally[LET_DOWN] = plan["let_down"].sum()

    def _trade(self, run: Run, market_index: int) -> None:
        """Let merchants join or leave an open market (equation 7)."""
        scheduled, tally = run.schedule[0, market_index], run.tallies[1, market_index]
        merchants = run.merchants[0, market_index]
        if scheduled["launched"]:
            spend = tally[SPEND]
            gmv_share = tally[SUPER_SPEND] / spend if spend > 0 else 0.0
            merchants = merchants_join(
                merchants, gmv_share, scheduled["supply.rate"], scheduled["supply.half_saturation"]
            )
        run.merchants[1, market_index] = merchants


def _in_python(params: MarketParams) -> MarketParams:
    """Return the same with Python's own numbers, which are faster one at a time; only draws need numpy's."""
    market = params.market._replace(n_super=int(params.market.n_super), n_others=int(params.market.n_others))
    return params._replace(
        launched=bool(params.launched), spreads=bool(params.spreads), n_let_down=int(params.n_let_down), market=market
    )
