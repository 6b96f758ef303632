"""The results of an experiment as the report reads them: curves by scenario and market, dates, labels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from abm.analysis.effects.cube import ResultCube, by_sweep_point
from abm.base.errors import InputError
from abm.experiment.manifest import scenarios_at
from abm.markets.profile import load_profile
from abm.numerics.array_types import Floats
from abm.report.experiment.config_values import moment, table_of
from abm.report.text.market_names import market_name, market_title

SWEPT = "markets."  # how the name of a swept parameter begins


@dataclass(frozen=True)
class PointResults:
    """Runs that differ in scenario and replicate only: one combination of swept values.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per scenario, replicate, week and market.
    config : mapping
        The experiment's configuration; every key is optional.
    parameters : mapping
        All parameters of every market, if the manifest has them.
    swept : dict
        Value of every swept parameter, by column name.
    """

    table: pd.DataFrame
    config: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    swept: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def cube(self) -> ResultCube:
        """The table as arrays."""
        return ResultCube(self.table)

    @cached_property
    def markets(self) -> list[str]:
        """Names of the markets, in the order of the configuration."""
        return _ordered(self.table["market"], list(table_of(self.config, "markets")))

    @cached_property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, the baseline first."""
        listed = [str(scenario.get("name")) for scenario in self.scenario_tables]
        return _ordered(self.table["scenario"], ["baseline", *listed])

    @property
    def baseline(self) -> str:
        """The scenario that the others are compared with."""
        return self.scenarios[0]

    @property
    def others(self) -> list[str]:
        """The scenarios that are compared with the baseline: those with a replicate in common."""
        return [name for name in self.scenarios[1:] if self.replicates(name, self.baseline)]

    @cached_property
    def dates(self) -> list[date]:
        """Date of every row of a curve, week 0 first."""
        return self.cube.dates

    @cached_property
    def titles(self) -> dict[str, str]:
        """What to call each market: its profile's title if it has the name of one, otherwise its own name in words."""
        return {market: market_title(market) for market in self.markets}

    @cached_property
    def names(self) -> dict[str, str]:
        """What to call each market within a sentence."""
        return {market: market_name(market) for market in self.markets}

    @cached_property
    def launches(self) -> dict[str, date]:
        """Date at which each market's shop opens, for those that open after week 0."""
        opened = {market: self._launch(market) for market in self.markets}
        return {m: day for m, day in opened.items() if day is not None and self.dates[0] < day <= self.dates[-1]}

    @property
    def label(self) -> str:
        """The swept values as text; empty without a sweep."""
        return ", ".join(f"{name.removeprefix(SWEPT)} = {_plain(value)}" for name, value in self.swept.items())

    @property
    def scenario_tables(self) -> list[Mapping[str, Any]]:
        """The scenarios as configured."""
        return [table for table in self.config.get("scenarios") or [] if isinstance(table, Mapping)]

    def replicates(self, *scenarios: str) -> list[int]:
        """Return the replicates that all these scenarios have."""
        return self.cube.replicates_of(*scenarios)

    def paths(self, scenario: str, market: str, column: str, replicates: list[int] | None = None) -> Floats:
        """Return a column as float64[replicates, weeks].

        Parameters
        ----------
        scenario : str
            Name of a scenario.
        market : str
            Name of a market.
        column : str
            A column of the results table.
        replicates : list of int, optional
            Which replicates, in this order; all that the scenario has without it.

        Returns
        -------
        Floats
        """
        return self.cube.paths(scenario, market, column, replicates)

    def in_year(self, scenario: str, market: str, year: int, column: str, replicates: list[int]) -> Floats:
        """Return a yearly sum as float64[replicates].

        Parameters
        ----------
        scenario : str
            Name of a scenario.
        market : str
            Name of a market.
        year : int
            Calendar year.
        column : str
            A column of the results table.
        replicates : list of int
            Which replicates, in this order; all that the scenario has without it.

        Returns
        -------
        Floats
        """
        cube = self.cube
        rows = [cube.replicates.index(number) for number in replicates]
        return cube.sales(column, year)[cube.scenarios.index(scenario), rows, cube.markets.index(market)]

    def windows(self, scenario: str) -> list[tuple[str, str, date, date]]:
        """Return (market, kind, first day, last day) of each lever of a scenario; what cannot be read is left out."""
        levers = [
            lever
            for table in self.scenario_tables
            if table.get("name") == scenario
            for lever in table.get("levers") or []
        ]
        return [window for lever in levers if (window := self._window(lever)) is not None]

    def _launch(self, market: str) -> date | None:
        written = table_of(table_of(self.config, "markets"), market)
        given = {**written, **table_of(self.parameters, market)}
        value = self.swept.get(f"{SWEPT}{market}.launch", given.get("launch"))
        if value is None and given.get("profile"):
            try:
                value = load_profile(str(given["profile"])).values.get("launch")
            except InputError:
                return None
        return moment(value, self.dates[0])

    def _window(self, lever: Mapping[str, Any]) -> tuple[str, str, date, date] | None:
        first = moment(lever.get("start"), self.dates[0])
        if first is None or first > self.dates[-1]:
            return None
        weeks = lever.get("weeks")
        days = 7 * int(weeks) if weeks is not None else math.inf
        last = first + timedelta(days=days) if days < (self.dates[-1] - first).days else self.dates[-1]
        return str(lever.get("market")), str(lever.get("kind")), first, last


def split(table: pd.DataFrame, manifest: Mapping[str, Any]) -> list[PointResults]:
    """Return the results of each combination of swept values, in rising order; one without a sweep.

    Parameters
    ----------
    table : pandas.DataFrame
        The results table; at least one row.
    manifest : mapping
        Provenance; every key is optional.

    Returns
    -------
    list[PointResults]
    """
    parameters = table_of(manifest, "markets")
    table = table.assign(scenario=table["scenario"].astype(str), market=table["market"].astype(str))
    return [
        PointResults(rows, _complete(manifest, swept), parameters, swept)
        for swept, rows in by_sweep_point(table, sort=True)
    ]


def _complete(manifest: Mapping[str, Any], swept: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the configuration; its scenarios with the levers they inherit, where the manifest lists them."""
    config, described = table_of(manifest, "config"), scenarios_at(manifest, swept)
    if not described:
        return config
    return {**config, "scenarios": [{"name": name, "levers": facts["levers"]} for name, facts in described.items()]}


def _ordered(found: pd.Series[Any], wanted: list[str]) -> list[str]:
    present = [str(value) for value in found.unique()]
    return list(dict.fromkeys([name for name in wanted if name in present] + present))


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
