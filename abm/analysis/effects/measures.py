"""What a scenario does to markets: each measure as a paired difference to the baseline, with its interval."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from abm.analysis.effects.cube import ResultCube
from abm.analysis.effects.estimate import Estimate
from abm.analysis.effects.paired import paired_difference, ratio_of_means
from abm.experiment.scenarios import BASELINE
from abm.numerics.array_types import Floats

PERSISTENCE_WEEKS = 52
DIP_WEEKS = 8  # right after an event, in which those who stocked up buy less
LEAST_WEEKS = 4  # after an event, before anything is said about persistence
ALL = "all markets"
ELSEWHERE = "other markets"  # those in which no lever of the scenario acts
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


class PairedRuns(NamedTuple):
    """Runs of a scenario and of the baseline in one market at one sweep point, float64[replicates, weeks] a column."""

    changed: Mapping[str, Floats]
    baseline: Mapping[str, Floats]

    def difference(self, column: str) -> Floats:
        """Return the difference that the scenario makes to a column."""
        return self.changed[column] - self.baseline[column]


class EffectWeeks(NamedTuple):
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


@dataclass(frozen=True)
class ScenarioRuns:
    """The runs of one sweep point, with the people that stand behind each consumer, by market."""

    cube: ResultCube
    people: Mapping[str, float]

    def pair(self, scenario: str, markets: Sequence[str]) -> PairedRuns:
        """Return the runs of a scenario and of the baseline, summed over some markets.

        Parameters
        ----------
        scenario : str
            Name of a scenario.
        markets : sequence of str
            Summed over these.

        Returns
        -------
        PairedRuns
        """
        return PairedRuns(self._of(scenario, markets), self._of(BASELINE, markets))

    def _of(self, scenario: str, markets: Sequence[str]) -> Mapping[str, Floats]:
        return {column: np.sum([self._paths(scenario, m, column) for m in markets], axis=0) for column in _COLUMNS}

    def _paths(self, scenario: str, market: str, column: str) -> Floats:
        if column == "people":
            return self.cube.paths(scenario, market, "super") * (self.people.get(market) or 1.0)
        return self.cube.paths(scenario, market, column)


def scenario_effects(runs: ScenarioRuns, name: str, facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every measure of a scenario in every market and group of markets.

    Parameters
    ----------
    runs : ScenarioRuns
        All runs of one sweep point.
    name : str
        The scenario.
    facts : mapping
        What the manifest says of it: ``levers``, ``first_week``, ``end_week``, ``combines``, ``parts``.

    Yields
    ------
    dict
        A row of ``Comparison.effects``.
    """
    end = facts["end_week"]
    last = runs.cube.shape[3] - 1
    weeks = EffectWeeks(facts["first_week"], last if end is None else min(end, last), last)
    acting = {lever["market"] for lever in facts["levers"]}
    for market, members in _market_groups(runs.cube.markets, acting).items():
        found = dict(_measures(runs.pair(name, members), weeks))
        if facts["combines"]:
            found["spill_over"] = _spill_over(runs, name, facts["parts"], members)
        for measure, effect in found.items():
            yield {
                "scenario": name, "market": market, "measure": measure, **effect._asdict(),
                "acts_here": not acting.isdisjoint(members), "weeks": _span(measure, weeks),
            }  # fmt: skip


def _market_groups(markets: list[str], acting: set[str]) -> dict[str, list[str]]:
    """Return every market by itself, all together, and those in which nothing is done together."""
    groups = {market: [market] for market in markets}
    if len(markets) > 1:
        groups[ALL] = markets
        others = [market for market in markets if market not in acting]
        groups |= {ELSEWHERE: others} if others else {}
    return groups


def _measures(pair: PairedRuns, weeks: EffectWeeks) -> Iterator[tuple[str, Estimate]]:
    people, gmv, cost = (pair.difference(column) for column in ("people", "gmv_usd", "cost_usd"))
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


def _at(pair: PairedRuns, column: str, week: int) -> Estimate:
    return paired_difference(pair.changed[column][:, week], pair.baseline[column][:, week])


def _over(pair: PairedRuns, column: str, first: int, last: int) -> Estimate:
    rows = slice(first, last + 1)
    return paired_difference(pair.changed[column][:, rows].sum(1), pair.baseline[column][:, rows].sum(1))


def _spill_over(runs: ScenarioRuns, joint: str, parts: list[str], markets: list[str]) -> Estimate:
    """Return the joint effect minus the sum of the isolated ones, on all GMV of the run."""
    together = runs.pair(joint, markets).difference("gmv_usd").sum(1)
    alone = np.sum([runs.pair(part, markets).difference("gmv_usd").sum(1) for part in parts], axis=0)
    return paired_difference(together, alone)


def _span(measure: str, weeks: EffectWeeks) -> int:
    spans = {"gmv_during": weeks.end - weeks.first, "gmv_after": weeks.last - weeks.end}
    spans["gmv_dip"] = spans["spend_dip"] = weeks.dip - weeks.end
    spans["persistence"] = weeks.later - weeks.end
    return spans.get(measure, weeks.last - weeks.first)
