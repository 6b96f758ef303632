"""The Mesa face of a simulation: consumers as agents, Mesa's clock, events and data collection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from mesa import DataCollector, Model

from abm.agents.agent_set import ConsumerSet
from abm.agents.agent_step import AgentStep
from abm.agents.consumer import Consumer
from abm.agents.row_index import RowIndex, Rows
from abm.base.calendar import DEFAULT_START
from abm.base.engines import ENGINES, KERNEL, MESA, Engine
from abm.base.errors import InputError, Problem, did_you_mean
from abm.base.plain_values import plain_value
from abm.engine.columns import Names
from abm.engine.simulation import Simulation
from abm.engine.state import N_SUPER, SPEND, SUPER_SPEND, Population
from abm.engine.trajectory import Trajectory
from abm.levers import Lever, Levers
from abm.markets.market import Market
from abm.markets.market_list import Markets, as_markets
from abm.markets.own_network import warn_of_ignored
from abm.numerics.random import MAX_SEED


class ShoppingModel(Model):  # type: ignore[misc]  # Mesa is not typed
    """Markets whose consumers choose, week by week, between single apps and the super-app.

    Parameters
    ----------
    markets : Market, name of a profile, or several of these
    levers : Lever or table, or several of these
    rng : int or numpy Generator, optional
        Seed of all random numbers, 0 .. 2**32 - 1; a seed is drawn from anything else.
    replicate : int
        Second part of the seed.
    engine : {"kernel", "mesa"}
        One compiled call a week, or consumer by consumer in plain Python: the same numbers, to the last bit.
    threads : int, optional
        Threads that share a compiled week; does not change the result.
    start : date or str
        Date of week 0, such as ``"2023-09-11"``.
    consumer : type
        The class of the agents; rules that a subclass replaces need ``engine="mesa"``.

    Raises
    ------
    InputError, NetworkError

    Examples
    --------
    >>> model = ShoppingModel(markets=Market(name="town", consumers=1000), rng=1)
    >>> model.run_for(10)
    >>> model.agents.agg("mode", np.mean) == model.adoption("town")
    np.True_
    """

    def __init__(
        self,
        *,
        markets: Markets,
        levers: Levers = (),
        rng: Any = None,
        replicate: int = 0,
        engine: Engine = KERNEL,
        threads: int | None = None,
        start: date | str = DEFAULT_START,
        consumer: type[Consumer] = Consumer,
    ) -> None:
        rng = plain_value(rng)
        super().__init__(rng=rng)
        seed = rng if _is_whole(rng) else int(self.rng.integers(MAX_SEED, endpoint=True))
        chosen = as_markets(markets)
        warn_of_ignored(chosen)
        simulation = Simulation(chosen, seed=seed, replicate=replicate, levers=levers, start=start, threads=threads)
        self._show(simulation, engine, consumer)

    @classmethod
    def of(cls, simulation: Simulation, *, engine: Engine = KERNEL, consumer: type[Consumer] = Consumer) -> Self:
        """Return the Mesa face of a simulation that is there already."""
        model = cls.__new__(cls)
        Model.__init__(model, rng=simulation.seed)
        model._show(simulation, engine, consumer)
        return model

    def _show(self, simulation: Simulation, engine: str, consumer: type[Consumer]) -> None:
        _check(engine, consumer)
        self.simulation, self.engine, self.consumer = simulation, engine, consumer
        self.own_columns: dict[str, npt.NDArray[Any]] = {}
        self._week: AgentStep | None = None
        self._counts_outdated = False
        self.row_index = RowIndex(simulation)
        self.datacollector = DataCollector(model_reporters=self._reporters())
        self.datacollector.collect(self)

    @property
    def markets(self) -> dict[str, Market]:
        """The markets by name."""
        return {market.name: market for market in self.simulation.markets}

    @property
    def mechanisms(self) -> Names:
        """The names of the mechanisms."""
        return self.simulation.mechanisms

    @property
    def week(self) -> int:
        """Weeks simulated so far."""
        return self.simulation.week

    @property
    def population(self) -> Population:
        """The arrays of everybody; see ``abm.engine.state``."""
        return self.simulation.population

    @property
    def agents(self) -> ConsumerSet:
        """All consumers, market after market."""
        return ConsumerSet(self)

    @agents.setter
    def agents(self, agents: Any) -> None:
        raise AttributeError("model.agents cannot be replaced; consumers come with their markets")

    @property
    def agent_types(self) -> list[type]:
        """The one class of agents."""
        return [self.consumer]

    @property
    def agents_by_type(self) -> dict[type, ConsumerSet]:
        """All consumers, under their class."""
        return {self.consumer: ConsumerSet(self)}

    def step(self) -> None:
        """Simulate one week and collect data."""
        self.advance_week()
        self.datacollector.collect(self)

    def advance_week(self) -> None:
        """Take everybody from week t to week t + 1."""
        if self.engine == MESA:
            self.agents.do("step")
        else:
            self._week = None  # those who have stepped already are stepped with everybody
            self.update_counts()
            self.simulation.advance()

    def pull(self, lever: Lever | Mapping[str, Any]) -> Lever:
        """Pull a lever now, or later if it says when; a table without ``start`` starts in the present week.

        Raises
        ------
        InputError
        """
        return self.simulation.pull(lever)

    def adoption(self, market: str) -> float:
        """Return the share of a market's consumers in mode super."""
        i = self._market_index(market)
        return float(self._tally(i)[N_SUPER] / self.simulation.layouts["n_consumers"][i])

    def gmv_share(self, market: str) -> float:
        """Return the super-app's share of what a market's consumers spent in the last week."""
        tally = self._tally(self._market_index(market))
        return float(tally[SUPER_SPEND] / tally[SPEND]) if tally[SPEND] else 0.0

    def trajectory(self) -> Trajectory:
        """Return the record so far; ``trajectory().table`` has a row per week and market."""
        self.update_counts()
        return self.simulation.trajectory()

    def current_step(self) -> AgentStep:
        """Return the step in which consumers act one by one, starting it if need be."""
        if self._week is None or self._week.week != self.simulation.week:
            self.update_counts()
            self._week = AgentStep(self.simulation)
        return self._week

    def note_change(self, name: str, rows: Rows, values: Any) -> None:
        """Note that state was set from outside; counts are updated before they are next needed."""
        self._counts_outdated = True
        if self._week is not None and self._week.week == self.simulation.week:
            self._week.plan[name][rows] = values

    def update_counts(self) -> None:
        """Update counts of neighbours after state was set from outside."""
        if self._counts_outdated:
            self.simulation.recount()
            self._counts_outdated = False

    def register_agent(self, agent: Any) -> None:
        """Consumers come with their market."""
        raise TypeError("consumers come with their market and cannot be added")

    def deregister_agent(self, agent: Any) -> None:
        """Consumers stay for the run."""
        raise TypeError("consumers cannot leave; the network is fixed for the run")

    def remove_all_agents(self) -> None:
        """Release the arrays; the model is of no use afterwards."""
        del self.simulation

    def _tally(self, market_index: int) -> npt.NDArray[np.int64]:
        self.update_counts()
        tally: npt.NDArray[np.int64] = self.simulation.present_tallies[market_index]
        return tally

    def _market_index(self, market: str) -> int:
        names = list(self.markets)
        if market not in names:
            raise InputError([Problem("market", market, f"no such market; {did_you_mean(market, names)}")])
        return names.index(market)

    def _reporters(self) -> dict[str, Any]:
        measures = {"adoption": _adoption, "gmv_share": _gmv_share}
        return {f"{name}.{what}": partial(of, market=name) for name in self.markets for what, of in measures.items()}


def _adoption(model: ShoppingModel, market: str) -> float:
    return model.adoption(market)


def _gmv_share(model: ShoppingModel, market: str) -> float:
    return model.gmv_share(market)


def _is_whole(rng: Any) -> bool:
    return isinstance(rng, int) and not isinstance(rng, bool)


def _check(engine: str, consumer: type[Consumer]) -> None:
    if engine not in ENGINES:
        raise InputError([Problem("engine", engine, f"allowed: {', '.join(ENGINES)}")])
    rules = {name for name in vars(Consumer) if not name.startswith("_")}
    own = {
        name for base in consumer.__mro__ if base is not Consumer and issubclass(base, Consumer) for name in vars(base)
    }
    if rules & own and engine != MESA:
        what = f"{consumer.__name__} replaces {', '.join(sorted(rules & own))}, which the compiled engine never calls"
        raise InputError([Problem("engine", engine, f'{what}; allowed: "mesa"')])
