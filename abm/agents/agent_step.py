"""A week lived consumer by consumer: what it reads, and what everybody has planned for the next one.

Nobody sees what a neighbour decides in the same week, so consumers may live it in any order. The week is over
when the last of them has lived it.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from abm.engine import state as arrays
from abm.engine.adjacency import count_neighbors
from abm.engine.layout import rows_of
from abm.engine.simulation import Simulation
from abm.engine.state import Run
from abm.engine.utility import StepParams, step_params
from abm.mechanisms.supply import merchants_join
from abm.numerics.bits import pack, unpack
from abm.numerics.lookup_tables import choice_curves
from abm.numerics.random import Purpose, bernoulli_mask, draw

_WEEK, _OCCASION = int(Purpose.WEEK), int(Purpose.OCCASION)
_FLOWS = {
    "spend": arrays.SPEND, "super_spend": arrays.SUPER_SPEND, "live_spend": arrays.LIVE_SPEND,
    "discounted": arrays.DISCOUNTED, "needed": arrays.NEEDED,
}  # fmt: skip


class AgentStep:
    """The step that reads the simulation's present week.

    Parameters
    ----------
    simulation : Simulation
        Is taken a week further once everybody has lived the week.
    """

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.number = simulation.week
        self.curves = choice_curves()
        rules, tallies, merchants = simulation.present()
        layouts = simulation.layouts.view(np.recarray)
        self.step_params = [
            _in_python(step_params(self.number, layouts[m], rules[m], merchants[m], tallies[m]))
            for m in range(len(layouts))
        ]
        state = simulation.population.state
        self._aware, self._mode = unpack(state.aware), unpack(state.mode)
        self._was_let_down = unpack(state.let_down)
        self.n_super = self._neighbors_who(self._mode)
        self.n_let_down = self._neighbors_who(self._was_let_down)
        self._occasions: dict[tuple[int, int], int] = {}
        n_rows = state.trust.size
        self._lived = np.zeros(n_rows, np.bool_)
        self._n_left = int(simulation.layouts["n_consumers"].sum())
        self.plan: dict[str, npt.NDArray[Any]] = {
            "aware": self._aware.copy(), "mode": self._mode.copy(), "let_down": np.zeros(n_rows, np.bool_),
            "habit": state.habit.copy(), "trust": state.trust.copy(),
            "stock": state.stock.copy() if state.stock.size else np.zeros(n_rows, np.uint16),
        } | {name: np.zeros(n_rows, np.int64) for name in _FLOWS}  # fmt: skip

    def has_occasion(self, market: int, number: int) -> bool:
        """Say whether consumer ``number`` of a market has an occasion (equation 2); 64 share a draw."""
        key = (market, number >> 6)
        if key not in self._occasions:
            now = self.step_params[market]
            self._occasions[key] = int(bernoulli_mask(now.stream, number >> 6, now.week, _OCCASION, now.occasion))
        return bool(self._occasions[key] >> (number & 63) & 1)

    def words(self, market: int, number: int) -> tuple[int, int, int]:
        """Return the consumer's random words of the week, 0 .. 2**32 - 1: awareness, choice, experience."""
        now = self.step_params[market]
        awareness, choice, experience, _ = draw(now.stream, number, now.week, _WEEK, 0)
        return int(awareness), int(choice), int(experience)

    def let_down_before(self, row: int) -> bool:
        """Say whether the consumer's last step held a bad purchase."""
        return bool(self._was_let_down[row])

    def lived(self, row: int, **planned: int) -> None:
        """Keep what a consumer has planned, in whole numbers; close the week after the last consumer."""
        for name, value in planned.items():
            self.plan[name][row] = value
        if not self._lived[row]:
            self._lived[row] = True
            self._n_left -= 1
            if self._n_left == 0:
                self.simulation.advance(1, live=self._close)

    def _neighbors_who(self, marked: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        counts = np.zeros(marked.size, np.int64)
        count_neighbors(self.simulation.population.adjacency, marked, counts)
        return counts

    def _close(self, run: Run, week: int) -> None:
        """Write what was planned as the state of the next week, and its tallies and merchants."""
        plan, state = self.plan, run.population.state
        for market, place in enumerate(self.simulation.layouts):
            self._count(rows_of(place), run.tallies[1, market])
            self._trade(run, market)
        state.habit[:], state.trust[:] = plan["habit"], plan["trust"]
        if state.stock.size:
            state.stock[:] = plan["stock"]
        for name in ("aware", "mode", "let_down"):
            getattr(state, name)[:] = pack(plan[name])
        state.switched[:] = pack(plan["mode"] ^ self._mode)
        if state.n_super.size:
            count_neighbors(run.population.adjacency, plan["mode"], state.n_super)
        if state.n_let_down.size:
            count_neighbors(run.population.adjacency, plan["let_down"], state.n_let_down)

    def _count(self, rows: slice, tally: npt.NDArray[np.int64]) -> None:
        plan = {name: values[rows] for name, values in self.plan.items()}
        was_super = self._mode[rows]
        tally[arrays.N_AWARE] = plan["aware"].sum()
        tally[arrays.N_SUPER] = plan["mode"].sum()
        tally[arrays.HABIT] = plan["habit"].sum(dtype=np.int64)
        tally[arrays.TRUST] = plan["trust"].sum(dtype=np.int64)
        tally[arrays.TO_SUPER] = (plan["mode"] & ~was_super).sum()
        tally[arrays.TO_SINGLE] = (was_super & ~plan["mode"]).sum()
        for name, column in _FLOWS.items():
            tally[column] = plan[name].sum()
        tally[arrays.LET_DOWN] = plan["let_down"].sum()

    def _trade(self, run: Run, market: int) -> None:
        """Let merchants join or leave an open market (equation 7)."""
        rules, tally = run.rules[0, market], run.tallies[1, market]
        merchants = run.merchants[0, market]
        if rules.launched:
            spend = tally[arrays.SPEND]
            gmv_share = tally[arrays.SUPER_SPEND] / spend if spend > 0 else 0.0
            merchants = merchants_join(merchants, gmv_share, rules.supply_rate, rules.half_saturation)
        run.merchants[1, market] = merchants


def _in_python(now: StepParams) -> StepParams:
    """Return the same with Python's own numbers, which are faster one at a time; only draws need numpy's."""
    kept = {"stream", "occasion"}
    changed = {
        name: value.item()
        for name, value in now._asdict().items()
        if name not in kept and isinstance(value, np.generic)
    }
    return now._replace(**changed, occasion=np.uint64(now.occasion))
