"""The loop over weeks: builds the population, runs the kernel, keeps the record."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from abm.base.calendar import DEFAULT_START, date_of
from abm.base.errors import InputError, Problem
from abm.base.plain_values import date_argument, plain_value
from abm.engine.adjacency import connect, count_neighbors
from abm.engine.columns import is_kept, mechanisms_in_use, new_column, state_columns
from abm.engine.dispatch import neutral_steps
from abm.engine.layout import market_layouts, rows_of
from abm.engine.market_params import MarketParams, market_params_at
from abm.engine.parallel import run_in_threads
from abm.engine.parameter_schedule import Schedule
from abm.engine.population import populate
from abm.engine.snapshot import Snapshot, copy_of, read_only, require_same_people, restore_state, take_snapshot
from abm.engine.state import (
    END_OF_FLOWS,
    FIRST_FLOW,
    N_AWARE,
    N_SUPER,
    Adjacency,
    Population,
    Run,
    n_tallies,
    summed_columns,
)
from abm.engine.trajectory import Trajectory
from abm.levers import Lever, Levers, as_levers, conflicts_with, make_lever, window_problems
from abm.markets.market import Market
from abm.markets.market_list import Markets, as_markets
from abm.markets.own_network import with_own_size
from abm.networks import FAMILIES, ids_of
from abm.numerics.bits import unpack
from abm.numerics.jit import mark_compiled
from abm.numerics.lookup_tables import choice_curves
from abm.numerics.random import MAX_SEED
from abm.numerics.thread_pool import useful_threads

MAX_WEEKS = 100_000


class Simulation:
    """Markets, their consumers and the weeks so far.

    Parameters
    ----------
    markets : Market, name of a profile, or several of these
        At least one; names must differ.
    seed, replicate : int
        Key of all random numbers, 0 .. 2**32 - 1 each.
    levers : Lever or table, or several of these
    start : date or str
        Date of week 0, such as ``"2023-09-11"``.
    threads : int, optional
        Threads that share one week; the result does not depend on it. Without it, all cores if that pays.
    adjacency : Adjacency, optional
        The joint network of these markets for this seed and replicate, if it was built before.

    Raises
    ------
    InputError, NetworkError
    """

    def __init__(
        self,
        markets: Markets,
        *,
        seed: int = 0,
        replicate: int = 0,
        levers: Levers = (),
        start: date | str = DEFAULT_START,
        threads: int | None = None,
        adjacency: Adjacency | None = None,
    ) -> None:
        self.markets = [with_own_size(market) for market in as_markets(markets)]
        seed, replicate, threads = map(plain_value, (seed, replicate, threads))
        first = date_argument("start", start)
        _check_run(self.markets, seed, replicate, threads)
        self.levers = as_levers(levers)
        self.seed, self.replicate, self.start = seed, replicate, first
        self.week = self._first_week = 0
        self.mechanisms = mechanisms_in_use()
        self._schedule = Schedule(self.markets, self.levers, first, self.mechanisms)
        self.layouts = market_layouts(self.markets, seed, replicate)
        adjacency = connect(self.markets, self.layouts, seed, replicate) if adjacency is None else adjacency
        self.population: Population = populate(
            self.markets, self.layouts, adjacency, self.mechanisms, self._schedule.ever()
        )
        self.node_ids = tuple(ids_of(market.network) for market in self.markets)  # as they were when ties were read
        self._threads = useful_threads(threads, int(self.layouts["n_consumers"].sum()))
        self._tallies = [self._stocks()]
        self._merchants = [np.array([[market.supply.initial for market in self.markets]])]
        self._schedules: list[npt.NDArray[np.void]] = []

    def advance(self, weeks: int = 1, *, run_weeks: Callable[[Run, int], None] | None = None) -> None:
        """Run the next ``weeks`` weeks (0 or more); ``run_weeks`` replaces the compiled weeks (agents.agent_step)."""
        if weeks < 0:
            raise InputError([Problem("weeks", weeks, "allowed: 0 or more")])
        for segment in self._schedule.segments(self.week, weeks):
            self._advance(segment, run_weeks)

    def prepare(self, weeks: int) -> Run:
        """Return the arrays of a run over the next weeks; nothing has happened yet."""
        parameters = self._schedule.parameters(self.week, self.week + weeks).view(np.recarray)
        tallies = np.zeros((weeks + 1, len(self.markets), n_tallies(self.mechanisms)), np.int64)
        merchants = np.zeros((weeks + 1, len(self.markets)))
        tallies[0], merchants[0] = self._tallies[-1][-1], self._merchants[-1][-1]
        layouts, steps = self.layouts.view(np.recarray), neutral_steps(self.mechanisms)
        return Run(self.population, layouts, steps, parameters, choice_curves(), tallies, merchants)

    def _advance(self, weeks: int, run_weeks: Callable[[Run, int], None] | None) -> None:
        run = self.prepare(weeks)
        if run_weeks is not None:
            run_weeks(run, self.week)
        else:
            run_in_threads(run, self.week, self._threads)
            mark_compiled(week_form(self.markets))
        self._tallies.append(run.tallies[1:])
        self._merchants.append(run.merchants[1:])
        self._schedules.append(run.schedule)
        self._schedule.book(self.week, run.tallies[1:])
        self.week += weeks

    def snapshot(self) -> Snapshot:
        """Return a copy of this week's state, to go on from in another simulation of as many consumers."""
        kept = take_snapshot(self.week, self.population.state, self._tallies[-1][-1], self._merchants[-1][-1])
        return kept._replace(node_ids=self.node_ids)

    def restore(self, snapshot: Snapshot) -> None:
        """Go on from a snapshot: its week, its consumers' state, its merchants.

        Traits, network and parameters stay this simulation's own; its record begins anew in the snapshot's week.

        Raises
        ------
        InputError
            The snapshot is of other people, or of more or fewer.
        """
        require_same_people(snapshot, self.node_ids)
        restore_state(snapshot, self.population, self.layouts, self.mechanisms)
        tallies, flows = self._stocks(), slice(FIRST_FLOW, END_OF_FLOWS)
        tallies[0, :, flows] = snapshot.tallies[:, flows]
        self._tallies = [tallies]
        self._merchants, self._schedules = [snapshot.merchants[None].copy()], []
        self._schedule = Schedule(self.markets, self.levers, self.start, self.mechanisms)  # budgets begin anew as well
        self.week = self._first_week = snapshot.week

    def change(self, changes: Mapping[str, Any]) -> None:
        """Give all markets other parameters, by dotted path, from this week on.

        Raises
        ------
        InputError
            Unknown path or value out of range.
        """
        markets = [market.replace(changes) for market in self.markets]
        schedule = Schedule(markets, self.levers, self.start, self.mechanisms)
        schedule.ledger = self._schedule.ledger
        self.markets, self._schedule = markets, schedule
        self._keep_what_is_needed()

    def present(self) -> list[MarketParams]:
        """Return what the consumers of each market share in the step that reads the present week."""
        parameters = self._schedule.parameters(self.week, self.week + 1).view(np.recarray)[0]
        layouts, steps = self.layouts.view(np.recarray), neutral_steps(self.mechanisms)
        return [
            market_params_at(self.week, layouts[i], steps, parameters[i], float(self._merchants[-1][-1, i]), tally)
            for i, tally in enumerate(self.present_tallies)
        ]

    @property
    def present_tallies(self) -> npt.NDArray[np.int64]:
        """The tallies of the present week, int64[markets, N_TALLIES]."""
        tallies: npt.NDArray[np.int64] = self._tallies[-1][-1]
        return tallies

    def pull(self, lever: Lever | Mapping[str, Any]) -> Lever:
        """Let a lever act from now on (or from its later ``start``), beside those of the beginning.

        Raises
        ------
        InputError
            No such market, a start that has passed, a contradiction to a lever that is there, or anything else that
            is wrong with it.
        """
        if isinstance(lever, Mapping):
            lever = {"start": self.week} | dict(lever)
        pulled = make_lever(lever)
        problems = window_problems([pulled], [market.name for market in self.markets], self.start, MAX_WEEKS, "levers")
        problems += conflicts_with(self.levers, pulled, self.start)
        if pulled.window(self.start)[0] < self.week:
            problems.append(Problem("start", str(pulled.start), f"has passed; allowed: week {self.week} or later"))
        if problems:
            raise InputError(problems)
        self.levers.append(pulled)
        self._schedule.add(pulled)
        self._keep_what_is_needed()
        return pulled

    def _keep_what_is_needed(self) -> None:
        """Begin to keep what nobody needed so far, such as stocks bought ahead."""
        state, ever = self.population.state, self._schedule.ever()
        n_rows = 64 * state.mode.size
        for column in state_columns(self.mechanisms):
            values = getattr(state, column.name)
            if column.kept_if and not values.size and is_kept(column, ever):
                values = new_column(column, n_rows, state.n_super.dtype)
                state = state._replace(**{column.name: values[: state.n_super.size] if column.counts else values})
        if state.n_let_down.size and not self.population.state.n_let_down.size:
            count_neighbors(self.population.adjacency, unpack(state.let_down), state.n_let_down)
        self.population = self.population._replace(state=state)

    def recount(self) -> None:
        """Count neighbours and totals anew, after the consumers were changed from outside."""
        state = self.population.state
        if state.n_super.size:
            count_neighbors(self.population.adjacency, unpack(state.mode), state.n_super)
        stocks, present = self._stocks()[0], self._tallies[-1][-1]
        present[:, :FIRST_FLOW], present[:, END_OF_FLOWS:] = stocks[:, :FIRST_FLOW], stocks[:, END_OF_FLOWS:]

    def _stocks(self) -> npt.NDArray[np.int64]:
        """Return tallies in which stocks are as they are and flows zero, int64[1, markets, n_tallies]."""
        state = self.population.state
        aware, mode = unpack(state.aware), unpack(state.mode)
        tallies = np.zeros((1, len(self.layouts), n_tallies(self.mechanisms)), np.int64)
        for tally, layout in zip(tallies[0], self.layouts, strict=True):
            rows = rows_of(layout)
            tally[N_AWARE], tally[N_SUPER] = aware[rows].sum(), mode[rows].sum()
            for name, number in summed_columns(self.mechanisms).items():
                tally[number] = getattr(state, name)[rows].sum(dtype=np.int64)
        return tallies

    @property
    def tallies(self) -> npt.NDArray[np.int64]:
        """The tallies of all weeks so far, int64[weeks + 1, markets, n_tallies]."""
        return np.concatenate(self._tallies)

    def trajectory(self, *, final: bool = False) -> Trajectory:
        """Return what has happened so far; it stays as it is, whatever happens to the simulation afterwards.

        Parameters
        ----------
        final : bool
            The simulation will not go on, and everybody's state need not be copied.
        """
        state = self.population.state if final else copy_of(self.population.state)
        return Trajectory(
            markets=tuple(self.markets),
            seed=self.seed,
            replicate=self.replicate,
            start=date_of(self._first_week, self.start),
            tallies=self.tallies,
            merchants=np.concatenate(self._merchants),
            mechanisms=self.mechanisms,
            schedule=np.concatenate(self._schedules) if self._schedules else self._schedule.parameters(0, 0),
            layouts=self.layouts.copy(),
            population=self.population._replace(state=read_only(state)),
            entries=self._schedule.ledger.since(self._first_week),
            node_ids=self.node_ids,
        )


def _check_run(markets: Sequence[Market], seed: int, replicate: int, threads: int | None) -> None:
    problems = []
    names = [market.name for market in markets]
    if not names:
        problems.append(Problem("markets", None, "needs at least one market"))
    for name in {name for name in names if names.count(name) > 1}:
        problems.append(Problem("markets", name, "names must differ; use Market(name=...) or replace"))
    for key, value, low, high in (
        ("seed", seed, 0, MAX_SEED), ("replicate", replicate, 0, MAX_SEED), ("threads", threads, 1, 256)
    ):  # fmt: skip
        if key == "threads" and value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            problems.append(Problem(key, value, f"allowed: whole numbers {low} to {high:,}"))
    if problems:
        raise InputError(problems)


def week_form(markets: Iterable[Market]) -> str:
    """Return the name of the compiled form of the week that these markets need; see ``numerics.jit.mark_compiled``."""
    procedural = any(FAMILIES[market.network.family].procedure is not None for market in markets)
    return "week_with_procedural_networks" if procedural else "week"
