"""One market, run for its outcomes only, without the table of every week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from abm.analysis.result_cache import Result, cache_key
from abm.base.calendar import date_of, days_by_year, is_full_year, week_of
from abm.base.errors import InputError, Problem, did_you_mean
from abm.engine.adjacency import connect
from abm.engine.layout import market_layouts
from abm.engine.simulation import Simulation
from abm.engine.snapshot import Snapshot
from abm.engine.state import N_SUPER, SPEND, SUPER_SPEND, Adjacency
from abm.experiment.executor import Job
from abm.experiment.inputs import network_inputs
from abm.experiment.memo import Memo
from abm.levers import Lever
from abm.markets.market import Market
from abm.markets.own_network import seed_rows
from abm.numerics.array_types import Floats

_PERCENTAGES = (1, 2, 5, 10, 20, 50)  # per cent of consumers
OUTCOMES = {
    "gmv_share": "share of spend in the last full year (of the whole run, if it covers none)",
    "adoption": "share of consumers in mode super in the last week",
    **{
        f"weeks_to_{n}": f"weeks until {n} % of consumers are in mode super (at most the run's weeks)"
        for n in _PERCENTAGES
    },
}
# What cannot matter while the shop is closed: nobody becomes aware of it, buys in it or chooses.
_IDLE_WHILE_CLOSED = (
    "preference", "integration", "norm", "livestream", "network", "choice",
    "awareness.advertising", "awareness.word_of_mouth", "awareness.form",
    "trust.weight", "trust.learning", "trust.service_quality", "trust.bad_news",
    "supply.weight", "supply.rate", "supply.half_saturation",
)  # fmt: skip


def check_outcome(name: str) -> None:
    """Refuse an unknown outcome.

    Raises
    ------
    InputError
    """
    if name not in OUTCOMES:
        raise InputError([Problem("outcome", name, f"no such outcome; {did_you_mean(name, OUTCOMES)}")])


@dataclass(frozen=True)
class MarketRun:
    """One market, alone, for so many weeks under one set of random numbers."""

    market: Market
    weeks: int
    start: date
    seed: int
    replicate: int
    memo: Memo = field(default_factory=Memo, compare=False)

    @cached_property
    def job(self) -> Job:
        """The run as a job whose result holds every outcome of ``OUTCOMES``."""
        key = cache_key(run="outcomes", weeks=self.weeks, **self.inputs)
        return Job(key, self.weeks * self.market.consumers, self._outcomes)

    def _outcomes(self) -> Result:
        return outcomes_of(self.tallies(), self.start, self.market.consumers)

    @property
    def inputs(self) -> dict[str, Any]:
        """What the state of every week depends on, for the key of a job."""
        return {"market": self.market, "start": self.start, "seed": self.seed, "replicate": self.replicate}

    def with_parameters(self, changes: Mapping[str, Any]) -> Self:
        """Return the same run with some parameters changed."""
        return replace(self, market=self.market.replace(changes))

    def opened(self, changes: Mapping[str, Any] | None = None) -> Self:
        """Return the same run with the shop open from week 0, and some parameters changed."""
        return self.with_parameters({"launch": 0, **(changes or {})})

    def simulation(self, levers: Sequence[Lever] = ()) -> Simulation:
        """Return the simulation in week 0, on one thread, with a network shared among runs."""
        return Simulation(
            [self.market],
            seed=self.seed,
            replicate=self.replicate,
            levers=levers,
            start=self.start,
            threads=1,
            adjacency=self._network(),
        )

    def end(self) -> Snapshot:
        """Return the state after the last week."""
        return self._run()[0].snapshot()

    def tallies(self) -> npt.NDArray[np.int64]:
        """Return the tallies of all weeks, int64[weeks + 1, N_TALLIES]."""
        simulation, before = self._run()
        return np.concatenate([before, simulation.tallies])[:, 0]

    def _run(self) -> tuple[Simulation, npt.NDArray[np.int64]]:
        """Run all weeks; those before the launch are shared by all markets that only differ once the shop is open."""
        simulation = self.simulation()
        closed = min(max(week_of(self.market.launch, self.start), 0), self.weeks)
        before = simulation.tallies[:0]
        if closed:
            neutral = self._neutral_while_closed()
            key = f"closed {self._key(neutral)} {closed}"
            state, before = self.memo.get(key, partial(self._run_closed, neutral, closed))
            simulation.restore(state)
        simulation.advance(self.weeks - closed)
        return simulation, before

    def _neutral_while_closed(self) -> Market:
        """Return the market with everything neutral that cannot matter while the shop is closed."""
        neutral = Market()
        fields = {path: getattr(neutral, path) for path in _IDLE_WHILE_CLOSED if "." not in path}
        leaves = [path.split(".") for path in _IDLE_WHILE_CLOSED if "." in path]
        for group in {group for group, _ in leaves}:
            names = [name for owner, name in leaves if owner == group]
            values = {name: getattr(getattr(neutral, group), name) for name in names}
            fields[group] = getattr(self.market, group).model_copy(update=values)
        fields["seed_consumers"] = tuple(seed_rows(self.market).tolist())  # the neutral network has no ids of its own
        return self.market.model_copy(update=fields)

    def _run_closed(self, market: Market, closed: int) -> tuple[Snapshot, npt.NDArray[np.int64]]:
        simulation = Simulation([market], seed=self.seed, replicate=self.replicate, start=self.start, threads=1)
        simulation.advance(closed)
        return simulation.snapshot(), simulation.tallies[:-1]

    def _network(self) -> Adjacency:
        def build() -> Adjacency:
            layouts = market_layouts([self.market], self.seed, self.replicate)
            return connect([self.market], layouts, self.seed, self.replicate)

        market = self.market
        network: Adjacency = self.memo.get(
            f"network {self._key(market.name, market.consumers, network_inputs(market.network))}", build
        )
        return network

    def _key(self, *inputs: Any) -> str:
        return cache_key(inputs=inputs, seed=self.seed, replicate=self.replicate, start=self.start)


def outcomes_of(tallies: npt.NDArray[np.int64], start: date, consumers: int) -> Mapping[str, float]:
    """Return every outcome of a run of one market from its tallies, int64[weeks + 1, N_TALLIES].

    Parameters
    ----------
    tallies : int64[weeks + 1, N_TALLIES]
    start : date
        Date of week 0.
    consumers : int
        Of the market.
    """
    weeks = len(tallies) - 1
    adoption = tallies[:, N_SUPER] / consumers
    outcomes = {"gmv_share": float(gmv_share(tallies) @ year_weights(weeks, start)), "adoption": float(adoption[-1])}
    for level in _PERCENTAGES:
        reached = np.flatnonzero(adoption >= level / 100)
        outcomes[f"weeks_to_{level}"] = float(reached[0]) if reached.size else float(weeks)
    return outcomes


def gmv_share(tallies: npt.NDArray[np.int64]) -> Floats:
    """Return the super-app's share of spend week by week, 0 where nothing was spent, float64[weeks + 1]."""
    spend = tallies[:, SPEND]
    return np.divide(tallies[:, SUPER_SPEND], spend, out=np.zeros(len(spend)), where=spend > 0)


@lru_cache(maxsize=8)
def year_weights(weeks: int, start: date) -> Floats:
    """Return how much each week counts in the outcome's period, float64[weeks + 1], sum 1 (0 for a run of no weeks).

    The period is the last calendar year covered from end to end, as in the summary, or else the whole run.

    Parameters
    ----------
    weeks : int
        Weeks of the run.
    start : date
        Date of week 0.
    """
    years: dict[int, Floats] = {}
    for week in range(1, weeks + 1):
        for year, days in days_by_year(date_of(week, start)).items():
            years.setdefault(year, np.zeros(weeks + 1))[week] += days / 7
    full = [year for year, counts in years.items() if is_full_year(counts.sum())]
    chosen = years[max(full)] if full else np.concatenate([[0.0], np.ones(weeks)])
    return chosen / max(chosen.sum(), 1.0)
