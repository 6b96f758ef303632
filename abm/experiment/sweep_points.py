"""The points of a sweep: the markets and scenarios of a config with some of its values replaced."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from abm.base.errors import InputError, Problem
from abm.experiment.config_paths import replaced
from abm.experiment.market_tables import make_market
from abm.experiment.scenarios import Scenario, parse_scenarios
from abm.experiment.sweep import SweepValues
from abm.experiment.swept_parameter import ColumnValue
from abm.levers import window_problems
from abm.markets.market import Market, nested
from abm.markets.own_network import seed_rows
from abm.markets.profile import overlay
from abm.networks import NetworkError

_MOST_PROBLEMS = 10


class SweepPoint(NamedTuple):
    """What is run at one point of a sweep."""

    columns: Mapping[str, ColumnValue] = {}  # the swept values as tables hold them, by path
    markets: Mapping[str, Market] = {}  # those that differ from the experiment's, or all
    scenarios: Mapping[str, Scenario] = {}  # the same

    def within(self, markets: Mapping[str, Market], scenarios: Mapping[str, Scenario]) -> "SweepPoint":
        """Return the point with all markets and scenarios.

        Parameters
        ----------
        markets, scenarios : mapping
            Those of the experiment.
        """
        return SweepPoint(self.columns, {**markets, **self.markets}, self.scenarios or scenarios)

    def group_weeks(self, start: date, weeks: int) -> tuple[int, int] | None:
        """Return the first week in which a lever of any scenario acts, and the week after the last; None without.

        Parameters
        ----------
        start : date
            Date of week 0.
        weeks : int
            Weeks of the run.
        """
        windows = [window for scenario in self.scenarios.values() if (window := scenario.window(start))]
        if not windows:
            return None
        ends = [weeks if end is None else min(end, weeks) for _, end in windows]
        return min(first for first, _ in windows), max(ends)


@dataclass
class ConfigParts:
    """What the points of a sweep have in common.

    Parameters
    ----------
    raw : mapping
        The config as written.
    folder : Path
        Files are relative to it.
    start : date
    weeks : int
    markets, scenarios : mapping
        As they are without a sweep.
    """

    raw: Mapping[str, Any]
    folder: Path
    start: date
    weeks: int
    markets: Mapping[str, Market]
    scenarios: Mapping[str, Scenario]
    _made: dict[str, Market] = field(default_factory=dict)
    _parsed: dict[str, Mapping[str, Scenario]] = field(default_factory=dict)

    def points(self, values: Sequence[SweepValues], problems: list[Problem]) -> tuple[SweepPoint, ...]:
        """Return the points; what a market or a lever refuses is added to ``problems``.

        Parameters
        ----------
        values : sequence of SweepValues
        problems : list of Problem
        """
        points: list[SweepPoint] = []
        found: dict[str, Problem] = {}
        for given, columns in values:
            try:
                points.append(SweepPoint(columns, self._markets_at(given), self._scenarios_at(given)))
            except InputError as error:
                found |= {str(problem): problem for problem in _at_point(error.problems, given, columns)}
            if len(found) >= _MOST_PROBLEMS:
                break
        problems += found.values()
        return tuple(points)

    def _markets_at(self, given: Mapping[str, Any]) -> dict[str, Market]:
        markets = {}
        for name in self.markets:
            prefix = f"markets.{name}."
            changes = {path.removeprefix(prefix): value for path, value in given.items() if path.startswith(prefix)}
            if changes:
                markets[name] = self._market_with(name, changes)
        return markets

    def _market_with(self, name: str, changes: Mapping[str, Any]) -> Market:
        """Return a market with other values; its network is looked at again if it is another one."""
        key = f"{name} {changes!r}"
        if key not in self._made:
            try:
                self._made[key] = self._make(name, changes)
            except InputError as error:
                raise InputError(
                    p._replace(key=f"markets.{name}.{p.key}".rstrip(".")) for p in error.problems
                ) from None
            except NetworkError as error:
                raise InputError([Problem(f"markets.{name}.network", None, str(error))]) from None
        return self._made[key]

    def _make(self, name: str, changes: Mapping[str, Any]) -> Market:
        if not any(path == "consumers" or path.startswith("network.") for path in changes):
            market = self.markets[name].replace(changes)
            seed_rows(market)
            return market
        return make_market(name, overlay(self.raw["markets"][name], nested(changes)), self.folder)

    def _scenarios_at(self, given: Mapping[str, Any]) -> Mapping[str, Scenario]:
        changes = {path: value for path, value in given.items() if path.startswith("scenarios.")}
        if not changes:
            return {}
        key = repr(changes)
        if key not in self._parsed:
            raw = dict(self.raw)
            for path, value in changes.items():
                raw = replaced(raw, path, value)
            problems: list[Problem] = []
            scenarios = parse_scenarios(raw["scenarios"], problems)
            problems += lever_problems(scenarios, list(self.markets), self.start, self.weeks)
            if problems:
                raise InputError(problems)
            self._parsed[key] = scenarios
        return self._parsed[key]


def lever_problems(scenarios: Mapping[str, Scenario], markets: list[str], start: date, weeks: int) -> list[Problem]:
    """Return what is wrong with the levers of some scenarios in a run.

    Parameters
    ----------
    scenarios : mapping
    markets : list of str
        Names of all markets.
    start : date
        Date of week 0.
    weeks : int
        Weeks of the run.
    """
    return [
        problem
        for scenario in scenarios.values()
        for problem in window_problems(scenario.levers, markets, start, weeks, f"scenarios.{scenario.name}.levers")
    ]


def _at_point(
    problems: Sequence[Problem], given: Mapping[str, Any], columns: Mapping[str, ColumnValue]
) -> Iterator[Problem]:
    """Yield the problems of a point under the path of the sweep they are due to, or under the whole point."""
    point = ", ".join(f"{path} = {value}" for path, value in columns.items())
    for problem in problems:
        path = problem.key.replace("[", ".").replace("]", "")
        key = f"sweep.{path}" if path in given else f"sweep: with {point}: {problem.key}"
        yield problem._replace(key=key)
