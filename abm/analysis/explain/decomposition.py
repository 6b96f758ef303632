"""The gap between two markets, split into mechanisms: which runs that takes, and how their outcomes are attributed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from abm.analysis.explain import shapley
from abm.analysis.explain.mechanism_groups import By, differences, group_order, mixed
from abm.analysis.market_run import MarketRun
from abm.analysis.result_cache import ResultCache
from abm.experiment.executor import Job
from abm.experiment.memo import Memo
from abm.markets.market import Market
from abm.numerics.array_types import Floats

PERMUTATIONS = 200  # orders drawn where there are too many mechanisms for all subsets
SPREAD = (0.05, 0.95)  # quantiles over parameter sets


@dataclass(frozen=True)
class RunSettings:
    """What all runs of an analysis share."""

    weeks: int
    start: date
    seed: int
    replicates: int


@dataclass(frozen=True)
class Decomposition:
    """Two markets whose difference in an outcome is to be split.

    Parameters
    ----------
    low, high : Market
        The gap is the high one's outcome less the low one's.
    settings : RunSettings
    by : {"group", "parameter"}
        One player per mechanism, or one per parameter that differs.
    permutations : int, optional
        Draw so many orders instead of running all subsets; drawn anyway above ``shapley.MAX_EXACT`` players.
    """

    low: Market
    high: Market
    settings: RunSettings
    by: By = "group"
    permutations: int | None = None
    memos: Mapping[int, Memo] = field(default_factory=dict, compare=False)

    @cached_property
    def changes(self) -> dict[str, dict[str, Any]]:
        """Values of the high market, by player."""
        return differences(self.low, self.high, self.by)

    @property
    def players(self) -> list[str]:
        """Mechanisms in which the markets differ: all others do nothing, exactly."""
        return list(self.changes)

    @cached_property
    def orders(self) -> list[tuple[int, ...]]:
        """The orders drawn; empty if all subsets are run."""
        d = len(self.players)
        if self.permutations is None and d <= shapley.MAX_EXACT:
            return []
        return shapley.permutations(d, self.permutations or PERMUTATIONS, self.settings.seed)

    @cached_property
    def subsets(self) -> list[int]:
        """The subsets to run, as numbers, those that share a network one after the other."""
        d = len(self.players)
        everyone = (1 << d) - 1
        if not self.orders:
            return list(range(1 << d))
        walks = {subset for walk in shapley.prefixes(self.orders) for subset in walk}
        return sorted(walks | {1 << i for i in range(d)} | {everyone ^ (1 << i) for i in range(d)})

    def market(self, subset: int) -> Market:
        """Return the low market with the high one's values for the members of a subset."""
        return mixed(self.low, [change for i, change in enumerate(self.changes.values()) if subset >> i & 1])

    def market_run(self, market: Market, replicate: int) -> MarketRun:
        """Return a run of a market under the random numbers of a replicate.

        Parameters
        ----------
        market : Market
        replicate : int
        """
        shared = self.settings
        memo = self.memos.get(replicate) or Memo()
        return MarketRun(market, shared.weeks, shared.start, shared.seed, replicate, memo)

    @cached_property
    def jobs(self) -> dict[tuple[int, int], Job]:
        """All runs, by subset and replicate."""
        markets = {subset: self.market(subset) for subset in self.subsets}
        return {
            (subset, replicate): self.market_run(market, replicate).job
            for replicate in range(self.settings.replicates)
            for subset, market in markets.items()
        }

    def high_under_own_name(self) -> list[Job]:
        """Return the runs of the high market under its own name, hence with other random numbers."""
        return [self.market_run(self.high, replicate).job for replicate in range(self.settings.replicates)]

    def result(self, cache: ResultCache, outcome: str) -> "ShapleyResult":
        """Return the parts of the gap in an outcome once all jobs are done.

        Parameters
        ----------
        cache : ResultCache
            Holds the results of all ``jobs``.
        outcome : str
            One of ``market_run.OUTCOMES``.
        """

        def value(subset: int) -> Floats:
            return np.array([cache[self.jobs[subset, r].key][outcome] for r in range(self.settings.replicates)])

        d = len(self.players)
        everyone = (1 << d) - 1
        ends = value(0), value(everyone)
        first = np.array([value(1 << i) - ends[0] for i in range(d)]).reshape(d, self.settings.replicates)
        last = np.array([ends[1] - value(everyone ^ (1 << i)) for i in range(d)]).reshape(d, self.settings.replicates)
        if self.orders:
            gains = shapley.sampled(value, self.orders)
            pairs = gains[: len(gains) // 2 * 2].mean(axis=1).reshape(len(gains) // 2, 2, d).mean(axis=1)
            sampling_variance = pairs.var(axis=0, ddof=1) / len(pairs) if len(pairs) > 1 else np.full(d, np.nan)
            return ShapleyResult(self.players, *ends, gains.mean(axis=0).T, first, last, sampling_variance, None)
        table = np.array([value(subset) for subset in range(1 << d)]).T
        pairs = shapley.interactions(table)
        return ShapleyResult(self.players, *ends, shapley.shapley(table).T, first, last, np.zeros(d), pairs)


@dataclass(frozen=True)
class ShapleyResult:
    """A gap and its parts, replicate by replicate; arrays of parts are float64[players, replicates]."""

    players: Sequence[str]
    low: Floats  # outcome of the low market, [replicates]
    high: Floats  # of the low market with all of the high one's values
    value: Floats  # Shapley
    first_in: Floats
    last_in: Floats
    sampling_variance: Floats  # variance of the mean over orders, [players]; 0 if all subsets were run
    pairs: Floats | None  # interactions, [replicates, players, players]

    @property
    def gap(self) -> Floats:
        """High less low, float64[replicates]."""
        return self.high - self.low

    def table(self) -> pd.DataFrame:
        """Return one row per mechanism, largest part first; those in which the markets do not differ get exactly 0."""
        rows = [self._row(name, i) for i, name in enumerate(self.players)]
        if not any("." in name for name in self.players):
            rows += [_zero_row(name) for name in group_order() if name not in self.players]
        table = pd.DataFrame(rows)
        return table.sort_values("value", key=lambda v: -v.abs(), kind="stable", ignore_index=True)

    def _row(self, name: str, i: int) -> dict[str, Any]:
        row: dict[str, Any] = {"mechanism": name, "differs": True, "value": float(self.value[i].mean())}
        row["standard_error"] = float(np.sqrt(standard_error(self.value[i]) ** 2 + self.sampling_variance[i]))
        for column, values in (("first_in", self.first_in[i]), ("last_in", self.last_in[i])):
            row |= {column: float(values.mean()), f"{column}_error": standard_error(values)}
        return row

    def interactions(self) -> pd.DataFrame:
        """Return one row per pair of mechanisms, strongest first; empty where orders were drawn."""
        rows = []
        if self.pairs is not None:
            for i, one in enumerate(self.players):
                for j, other in enumerate(self.players[:i]):
                    values = self.pairs[:, i, j]
                    row = {"mechanism": other, "other": one, "interaction": float(values.mean())}
                    rows.append(row | {"standard_error": standard_error(values)})
        table = pd.DataFrame(rows, columns=["mechanism", "other", "interaction", "standard_error"])
        return table.sort_values("interaction", key=lambda v: -v.abs(), kind="stable", ignore_index=True)


def standard_error(values: Floats) -> float:
    """Return the standard error of a mean; 0 if all values are the same, NaN for a single other one."""
    if not values.any():
        return 0.0
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")


def over_draws(results: Sequence[ShapleyResult]) -> pd.DataFrame:
    """Return one row per mechanism: the mean over parameter sets and, as ``draw_low``, ``draw_high``, their spread."""
    parts = pd.concat([result.table().assign(draw=draw) for draw, result in enumerate(results)], ignore_index=True)
    by = parts.groupby("mechanism", sort=False)
    columns = ["value", "first_in", "last_in"]
    table = by[columns].mean().reindex(columns=columns)
    n_draws = by["value"].size()
    for column in ("standard_error", "first_in_error", "last_in_error"):
        table[column] = by[column].agg(lambda errors: float(np.sqrt((errors**2).sum(skipna=False)))) / n_draws
    table["differs"] = by["differs"].any()
    table["draw_low"], table["draw_high"] = by["value"].quantile(SPREAD[0]), by["value"].quantile(SPREAD[1])
    order = table["value"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index()


def _zero_row(name: str) -> dict[str, Any]:
    columns = ("value", "standard_error", "first_in", "first_in_error", "last_in", "last_in_error")
    return {"mechanism": name, "differs": False} | dict.fromkeys(columns, 0.0)
