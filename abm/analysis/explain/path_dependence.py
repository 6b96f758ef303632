"""Taste or trap: each market from the other's history, and from nothing and from everything.

*History* is what a market has become: who shops in the super-app (adopters), habits, awareness and merchants, as they
are in the last week of the experiment. It is moved consumer by consumer: both histories are of the same consumers under
the same random numbers (the high one that of the low market with all of the high one's parameters). Trust stays
with each market; ``with_trust`` moves it too. From there on the shop stays open and today's parameters hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from abm.analysis.explain import shapley
from abm.analysis.explain.decomposition import Decomposition, standard_error
from abm.analysis.market_run import MarketRun, gmv_share
from abm.analysis.result_cache import ResultCache, cache_key
from abm.engine.snapshot import Snapshot
from abm.engine.state import N_SUPER
from abm.experiment.executor import Job
from abm.levers import Lever
from abm.markets.market import Market
from abm.numerics.array_types import Floats
from abm.numerics.fixed_point import U16_MAX

TASTE = ("preference", "integration")  # what people want; all else that acts week by week is "mechanisms"
PARTS = ("taste", "mechanisms", "history")
BIN = 4  # weeks of which curves hold the mean
YEAR = 13  # bins
LONG_RUN = 2080  # weeks (40 years) after which a market is taken to have settled
_CLOSE = 0.01  # of consumers: two ends nearer than this are one
# Part of the difference that is left after the last quarter of the time: above, it lasts; below, it is closing.
_LASTS, _CLOSES = 0.9, 0.75


@dataclass(frozen=True)
class Histories:
    """Runs of two markets from both histories.

    Parameters
    ----------
    gap : Decomposition
        The two markets; by group.
    horizon : int
        Weeks after the end of the experiment.
    """

    gap: Decomposition
    horizon: int

    def jobs(self) -> list[Job]:
        """Return one job per replicate."""
        shared, markets = self.gap.settings, (self.gap.low, self.gap.high)
        weeks = 2 * shared.weeks + 10 * self.horizon
        facts = {"histories": markets, "horizon": self.horizon, "setting": [shared.weeks, shared.start, shared.seed]}
        return [
            Job(cache_key(**facts, replicate=r), weeks * self.gap.low.consumers, partial(self._run, r))
            for r in range(shared.replicates)
        ]

    def curves(self, cache: ResultCache) -> pd.DataFrame:
        """Return the curves: replicate, taste, mechanisms, history, with_trust, week, adoption, gmv_share.

        ``taste``, ``mechanisms`` and ``history`` name the market that each is taken from, low or high. Weeks count
        from the end of the experiment.
        """
        tables = []
        for replicate, job in enumerate(self.jobs()):
            for name, curve in cache[job.key].items():
                taste, mechanisms, history, trust = name.split()
                table = pd.DataFrame(curve)
                table.insert(0, "week", BIN * np.arange(1, len(table) + 1))
                table = table.assign(taste=taste, mechanisms=mechanisms, history=history, replicate=replicate)
                tables.append(table.assign(with_trust=trust == "trust"))
        return pd.concat(tables, ignore_index=True)

    def _run(self, replicate: int) -> dict[str, Any]:
        ends = [self.gap.market_run(self.gap.market(s), replicate).end() for s in (0, (1 << len(self.gap.players)) - 1)]
        cells = {(t, m, h, False) for t in (0, 1) for m in (0, 1) for h in (0, 1)}
        cells |= {(p, p, 1 - p, True) for p in (0, 1)}
        curves = {}
        for taste, mechanisms, history, trust in sorted(cells):
            market = self._market(taste, mechanisms)
            state = _inherit(ends[mechanisms], ends[history], trust=trust)
            names = [("low", "high")[market] for market in (taste, mechanisms, history)]
            name = " ".join([*names, "trust" if trust else "own"])
            curves[name] = follow(self.gap.market_run(market, replicate), state, self.horizon)
        return curves

    def _market(self, taste: int, mechanisms: int) -> Market:
        """Return the low market with the high one's tastes or mechanisms, the shop open."""
        owners = {name: taste if name in TASTE else mechanisms for name in self.gap.players}
        subset = sum(owner << i for i, owner in enumerate(owners.values()))
        return self.gap.market(subset).replace({"launch": 0})


def _inherit(own: Snapshot, other: Snapshot, *, trust: bool) -> Snapshot:
    state = other.state
    trust_of = state.trust if trust else own.state.trust
    merchants = float(other.merchants[0])
    return own.altered(merchants, aware=state.aware, mode=state.mode, habit=state.habit, trust=trust_of)


def follow(market_run: MarketRun, state: Snapshot, weeks: int, levers: Sequence[Lever] = ()) -> dict[str, list[float]]:
    """Run a market from a snapshot; return adoption and GMV share as means over every ``BIN`` weeks.

    Parameters
    ----------
    market_run : MarketRun
    state : Snapshot
    weeks : int
    levers : sequence of Lever
    """
    simulation = market_run.simulation(levers)
    simulation.restore(state._replace(node_ids=()))  # row by row, also into the network of the other market
    simulation.advance(weeks)
    tallies = simulation.tallies[1:, 0]
    adoption = tallies[:, N_SUPER] / market_run.market.consumers
    return {"adoption": binned(adoption), "gmv_share": binned(gmv_share(tallies))}


def binned(values: Floats) -> list[float]:
    """Return the means over every ``BIN`` weeks; weeks that do not fill the last bin are left out."""
    n_bins = len(values) // BIN
    return [round(float(mean), 12) for mean in values[: n_bins * BIN].reshape(n_bins, BIN).mean(axis=1)]


def parts_at(curves: pd.DataFrame, column: str, horizons: Sequence[int]) -> pd.DataFrame:
    """Split the gap, as it is some weeks after the end of the experiment, into taste, mechanisms and history.

    Parameters
    ----------
    curves : DataFrame
        As ``Histories.curves`` returns them.
    column : str
        ``adoption`` or ``gmv_share``.
    horizons : sequence of int
        Weeks after the end of the experiment.

    Returns
    -------
    DataFrame
        One row per horizon and part: horizon, with_trust, part, value, standard_error, first_in, last_in, gap,
        gap_error. With trust counted as history there are two parts: ``parameters`` and ``history``.
    """
    rows = []
    for horizon in horizons:
        year = curves[(curves["week"] <= horizon) & (curves["week"] > horizon - BIN * YEAR)]
        means = year.groupby(["replicate", "taste", "mechanisms", "history", "with_trust"])[column].mean()
        for trust, parts in ((False, PARTS), (True, ("parameters", "history"))):
            values = np.stack([_cell(means, *_owners(s, trust)) for s in range(1 << len(parts))], axis=1)
            rows += [{"horizon": horizon, "with_trust": trust} | row for row in _part_rows(values, parts)]
    return pd.DataFrame(rows)


def _owners(subset: int, trust: bool) -> tuple[int, int, int, bool]:
    """Return the market (0 low, 1 high) of taste, mechanisms, history for a subset; last, whether trust was moved."""
    if not trust:
        return subset & 1, subset >> 1 & 1, subset >> 2 & 1, False
    parameters, history = subset & 1, subset >> 1 & 1
    return parameters, parameters, history, parameters != history


def _cell(means: "pd.Series[float]", taste: int, mechanisms: int, history: int, trust: bool) -> Floats:
    names = [("low", "high")[market] for market in (taste, mechanisms, history)]
    rows = means.xs((*names, trust), level=("taste", "mechanisms", "history", "with_trust"))
    return np.asarray(rows.sort_index(), np.float64)


def _part_rows(values: Floats, parts: Sequence[str]) -> list[dict[str, Any]]:
    attributed = shapley.shapley(values), shapley.first_in(values), shapley.last_in(values)
    gap = values[:, -1] - values[:, 0]
    rows = []
    for i, part in enumerate(parts):
        value, first, last = (array[:, i] for array in attributed)
        row = {"part": part, "value": float(value.mean()), "standard_error": standard_error(value)}
        row |= {"first_in": float(first.mean()), "last_in": float(last.mean())}
        rows.append(row | {"gap": float(gap.mean()), "gap_error": standard_error(gap)})
    return rows


def start_states(market_run: MarketRun) -> dict[str, Snapshot]:
    """Return the two starts from which a market is tested for two stable states; everyone knows the shop in both.

    low: nobody shops in it, all habits single, merchants and trust as the profile has them at first.
    high: everybody does, all habits super, all merchants there, trust as good as the service.
    """
    market = market_run.market
    nobody = market_run.simulation().snapshot().altered(market.supply.initial, aware=1, mode=0, habit=0)
    served = round(U16_MAX * market.trust.service_quality)
    return {"low": nobody, "high": nobody.altered(1.0, mode=1, habit=U16_MAX, trust=served)}


def state_job(market_run: MarketRun, weeks: int = LONG_RUN) -> Job:
    """Return a job that runs a market, its shop open, from the low and from the high start for ``weeks`` weeks.

    Parameters
    ----------
    market_run : MarketRun
    weeks : int
    """
    opened = market_run.opened()

    def run() -> dict[str, Any]:
        return {name: follow(opened, state, weeks) for name, state in start_states(opened).items()}

    return Job(cache_key(states=weeks, **opened.inputs), 2 * weeks * opened.market.consumers, run)


@dataclass(frozen=True)
class States:
    """Where a market ends from the low and from the high start, [replicates] each (share of consumers)."""

    low: Floats
    high: Floats
    low_before: Floats  # a quarter of the time earlier
    high_before: Floats
    curves: pd.DataFrame  # start, replicate, week, adoption, gmv_share

    @property
    def verdict(self) -> str:
        """What the two starts say about stable states.

        ``one``: they end together. ``two``: they end apart and stay apart. ``closing``: still apart, but approaching
        each other, as with one state and a long memory. ``undecided``: apart, and neither.
        """
        apart, before = float((self.high - self.low).mean()), float((self.high_before - self.low_before).mean())
        if apart < _CLOSE:
            return "one"
        return "two" if apart >= _LASTS * before else "closing" if apart < _CLOSES * before else "undecided"


def states_of(jobs: Sequence[Job], cache: ResultCache) -> States:
    """Return where a market ends, from the jobs of its replicates.

    Parameters
    ----------
    jobs : sequence of Job
        From ``state_job``, one per replicate.
    cache : ResultCache
        Holds their results.
    """
    found = [cache[job.key] for job in jobs]
    ends = {}
    for start in ("low", "high"):
        paths = np.array([result[start]["adoption"] for result in found])
        before = 3 * paths.shape[1] // 4
        ends[start] = paths[:, -YEAR:].mean(axis=1)
        ends[f"{start}_before"] = paths[:, max(before - YEAR, 0) : before].mean(axis=1)
    tables = [
        pd.DataFrame(result[start]).assign(start=start, replicate=r, week=lambda t: BIN * (t.index + 1))
        for r, result in enumerate(found)
        for start in ("low", "high")
    ]
    return States(**ends, curves=pd.concat(tables, ignore_index=True))
