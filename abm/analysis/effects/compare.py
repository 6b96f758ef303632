"""Scenarios against the baseline, paired: what a lever adds, what stays, what it costs, who switched and gained."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from abm.analysis.effects.cube import ResultCube, by_sweep_point
from abm.analysis.effects.estimate import Estimate
from abm.analysis.effects.paired import paired_difference, ratio_of_means
from abm.experiment.adoption_by_group import GROUPS, TRAITS
from abm.experiment.results import Results, write_table
from abm.experiment.scenarios import BASELINE
from abm.numerics.array_types import Floats

PERSISTENCE_WEEKS = 52
DIP_WEEKS = 8  # right after an event, in which those who stocked up buy less
LEAST_GROUP = 0.1  # of a market, before anything is said about a group of its consumers
LEAST_WEEKS = 4  # after an event, before anything is said about persistence
ALL = "all markets"
ELSEWHERE = "other markets"  # those in which no lever of the scenario acts
FOLDER = "compare"
_COLUMNS = ("people", "gmv_usd", "spend_usd", "cost_usd")  # people: consumers in mode super, times whom they stand for
MEASURES = {
    "adopters_after": "extra adopters when the levers end, people",
    "adopters_end": "extra adopters at the end of the run, people",
    "gmv_during": "extra GMV while levers act, US$",
    "gmv_after": "extra GMV afterwards, to the end of the run, US$",
    "gmv_dip": "extra GMV in the first 8 weeks afterwards, US$",
    "spend_dip": "extra spend in all shops, single apps as well, in the first 8 weeks afterwards, US$",
    "gmv": "extra GMV in all, US$",
    "cost": "cost of the levers, US$",
    "cost_per_gmv": "cost per extra US$ of GMV",
    "persistence": "share of the extra adoption left after 52 weeks, or at the end if that is sooner",
    "spill_over": "extra GMV beyond the sum of the single scenarios, US$",
}


@dataclass(frozen=True)
class Comparison:
    """What scenarios do to markets.

    Attributes
    ----------
    effects : DataFrame
        One row per scenario, sweep point, market (besides ``all markets`` and ``other markets``: those in which
        no lever of the scenario acts) and measure: value, low, high, se,
        se_independent, n; ``acts_here`` says whether a lever acts in this market, ``weeks`` how many weeks the
        measure spans.
    who : DataFrame
        One row per scenario, sweep point, market, trait, group and moment (``after``, ``end``): extra adopters per 100
        consumers of the group, with the columns of ``effects``; groups of less than a tenth of a market are left out.
    """

    effects: pd.DataFrame
    who: pd.DataFrame


class _Pair(NamedTuple):
    """Runs of a scenario and of the baseline in one market at one sweep point, float64[replicates, weeks] a column."""

    changed: Mapping[str, Floats]
    usual: Mapping[str, Floats]

    def gained(self, column: str) -> Floats:
        return self.changed[column] - self.usual[column]


class _Weeks(NamedTuple):
    """Rows of the table: the last without any lever's effect, the last with a lever's, the last of the run."""

    first: int
    end: int
    last: int

    @property
    def dip(self) -> int:
        """The last row of the weeks right after the event."""
        return min(self.end + DIP_WEEKS, self.last)

    @property
    def later(self) -> int:
        """The row in which persistence is looked up."""
        return min(self.end + PERSISTENCE_WEEKS, self.last)


def compare(results: Results) -> Comparison:
    """Compare every scenario of an experiment with its baseline.

    Raises
    ------
    ResultsError
        Runs are missing or unreadable.
    """
    scenarios = results.manifest.get("scenarios") or {}
    described = {
        name: facts | {"end_week": _end_week(name, facts, results.ledger)}
        for name, facts in scenarios.items()
        if name != BASELINE and facts["levers"]
    }
    effects, who = [], []
    if described:
        people = {name: facts["shoppers"] / facts["consumers"] for name, facts in results.manifest["markets"].items()}
        for point, table in by_sweep_point(results.table):
            runs = _Runs(ResultCube(table), people)
            for name, facts in described.items():
                effects += [point | row for row in _effects(runs, name, facts)]
        for point, table in by_sweep_point(results.adoption_by_group):
            who += [point | row for name in described for row in _who(table, name)]
    return Comparison(pd.DataFrame(effects), pd.DataFrame(who))


def write_comparison(comparison: Comparison, folder: Path) -> None:
    """Write ``compare/effects.parquet`` and ``compare/who.parquet``, if there is anything to compare."""
    for name in ("effects", "who"):
        table = getattr(comparison, name)
        if not table.empty:
            write_table(table, folder / FOLDER / f"{name}.parquet")


def _end_week(name: str, facts: Mapping[str, Any], ledger: pd.DataFrame) -> int | None:
    """Return the week after a scenario's last lever; levers with a budget end, in every run, once it is used up."""
    end: int | None = facts["end_week"]
    open_ended = [lever for lever in facts["levers"] if lever["weeks"] is None]
    if end is not None or ledger.empty or any(lever.get("budget") is None for lever in open_ended):
        return end
    booked = ledger[ledger["scenario"] == name]
    return None if booked.empty else int(booked["week"].max())


@dataclass(frozen=True)
class _Runs:
    """The runs of one sweep point, with the people that stand behind each consumer, by market."""

    cube: ResultCube
    people: Mapping[str, float]

    def pair(self, scenario: str, markets: Sequence[str]) -> _Pair:
        """Return the runs of a scenario and of the baseline, summed over some markets."""
        return _Pair(self._of(scenario, markets), self._of(BASELINE, markets))

    def _of(self, scenario: str, markets: Sequence[str]) -> Mapping[str, Floats]:
        return {column: np.sum([self._paths(scenario, m, column) for m in markets], axis=0) for column in _COLUMNS}

    def _paths(self, scenario: str, market: str, column: str) -> Floats:
        if column == "people":
            return self.cube.paths(scenario, market, "super") * (self.people.get(market) or 1.0)
        return self.cube.paths(scenario, market, column)


def _effects(runs: _Runs, name: str, facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    end = facts["end_week"]
    last = runs.cube.shape[3] - 1
    weeks = _Weeks(facts["first_week"], last if end is None else min(end, last), last)
    acting = {lever["market"] for lever in facts["levers"]}
    for market, members in _groups(runs.cube.markets, acting).items():
        found = dict(_measures(runs.pair(name, members), weeks))
        if facts["combines"]:
            found["spill_over"] = _spill_over(runs, name, facts["parts"], members)
        for measure, effect in found.items():
            yield {
                "scenario": name, "market": market, "measure": measure, **effect._asdict(),
                "acts_here": not acting.isdisjoint(members), "weeks": _span(measure, weeks),
            }  # fmt: skip


def _groups(markets: list[str], acting: set[str]) -> dict[str, list[str]]:
    """Return every market by itself, all together, and those in which nothing is done together."""
    groups = {market: [market] for market in markets}
    if len(markets) > 1:
        groups[ALL] = markets
        others = [market for market in markets if market not in acting]
        groups |= {ELSEWHERE: others} if others else {}
    return groups


def _measures(pair: _Pair, weeks: _Weeks) -> Iterator[tuple[str, Estimate]]:
    people, gmv, cost = (pair.gained(column) for column in ("people", "gmv_usd", "cost_usd"))
    yield "adopters_after", _at(pair, "people", weeks.end)
    yield "adopters_end", _at(pair, "people", weeks.last)
    yield "gmv_during", _over(pair, "gmv_usd", weeks.first + 1, weeks.end)
    if weeks.end < weeks.last:
        yield "gmv_after", _over(pair, "gmv_usd", weeks.end + 1, weeks.last)
        yield "gmv_dip", _over(pair, "gmv_usd", weeks.end + 1, weeks.dip)
        yield "spend_dip", _over(pair, "spend_usd", weeks.end + 1, weeks.dip)
    yield "gmv", _over(pair, "gmv_usd", weeks.first + 1, weeks.last)
    yield "cost", _over(pair, "cost_usd", weeks.first + 1, weeks.last)
    if cost.any():
        yield "cost_per_gmv", ratio_of_means(cost.sum(1), gmv.sum(1))
    if weeks.later - weeks.end >= LEAST_WEEKS:
        yield "persistence", ratio_of_means(people[:, weeks.later], people[:, weeks.end])


def _at(pair: _Pair, column: str, week: int) -> Estimate:
    return paired_difference(pair.changed[column][:, week], pair.usual[column][:, week])


def _over(pair: _Pair, column: str, first: int, last: int) -> Estimate:
    rows = slice(first, last + 1)
    return paired_difference(pair.changed[column][:, rows].sum(1), pair.usual[column][:, rows].sum(1))


def _spill_over(runs: _Runs, joint: str, parts: list[str], markets: list[str]) -> Estimate:
    """Return the joint effect minus the sum of the isolated ones, on all GMV of the run."""
    together = runs.pair(joint, markets).gained("gmv_usd").sum(1)
    alone = np.sum([runs.pair(part, markets).gained("gmv_usd").sum(1) for part in parts], axis=0)
    return paired_difference(together, alone)


def _span(measure: str, weeks: _Weeks) -> int:
    spans = {"gmv_during": weeks.end - weeks.first, "gmv_after": weeks.last - weeks.end}
    spans["gmv_dip"] = spans["spend_dip"] = weeks.dip - weeks.end
    spans["persistence"] = weeks.later - weeks.end
    return spans.get(measure, weeks.last - weeks.first)


def _who(table: pd.DataFrame, scenario: str) -> Iterator[dict[str, Any]]:
    """Yield extra adopters per 100 consumers of each group, when the levers end and at the end of the run."""
    keys = ["replicate", "market", "trait", "group"]
    changed, usual = (table[table["scenario"] == name].set_index(keys) for name in (scenario, BASELINE))
    for market in changed.index.unique("market"):
        for trait in TRAITS:
            everybody = (
                usual.loc[(slice(None), market, trait), "consumers"].sum() / usual.index.unique("replicate").size
            )
            for group in GROUPS:
                cell = (slice(None), market, trait, group)
                consumers = usual.loc[cell, "consumers"].to_numpy(np.float64)
                if consumers.min() < LEAST_GROUP * everybody:
                    continue  # nearly all have the same value: the others are few and not typical of anything
                for moment in ("after", "end"):
                    sides = (rows.loc[cell, f"super_{moment}"].to_numpy(np.float64) for rows in (changed, usual))
                    effect = paired_difference(*(100 * side / consumers for side in sides))
                    yield {
                        "scenario": scenario, "market": market, "trait": trait, "group": group, "moment": moment,
                        **effect._asdict(),
                    }  # fmt: skip
