"""Scenarios: named lists of levers, which may build on each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field, ValidationError, field_validator

from abm.base.errors import InputError, Problem, did_you_mean
from abm.base.parameters import Parameters
from abm.base.validation import problems_of
from abm.experiment.toml_file import plain_name
from abm.levers import Lever, make_lever

BASELINE = "baseline"


class ScenarioTable(Parameters):
    """One scenario as it is written in a config."""

    name: str = Field(description="letters, digits, - and _")
    extends: str | list[str] = Field([], description="scenarios whose levers come first, before its own")
    levers: list[Any] = Field([], description="what is done, in order: a later lever acts on what earlier ones left")

    @field_validator("name")
    @classmethod
    def _name_is_plain(cls, name: str) -> str:
        return plain_name(name)

    @property
    def parents(self) -> list[str]:
        """The scenarios it builds on."""
        return [self.extends] if isinstance(self.extends, str) else self.extends


@dataclass(frozen=True)
class Scenario:
    """A named list of levers.

    Attributes
    ----------
    levers : tuple of Lever
        Those of ``parts`` first, then its own.
    parts : tuple of str
        The scenarios it builds on.
    combines : bool
        Whether it is nothing but two or more other scenarios at once.
    """

    name: str
    levers: tuple[Lever, ...] = ()
    parts: tuple[str, ...] = ()
    combines: bool = False

    def window(self, start: date) -> tuple[int, int | None] | None:
        """Return the first week of any lever and the week after the last, None for no end; None without levers."""
        if not self.levers:
            return None
        windows = [lever.window(start) for lever in self.levers]
        end = max(end for _, end in windows)
        return min(first for first, _ in windows), None if end == float("inf") else int(end)

    def cut_short(self, start: date, weeks: int) -> list[str]:
        """Return a sentence for each lever whose window ends after the last week of the run.

        Parameters
        ----------
        start : date
            Date of week 0.
        weeks : int
            Weeks of the run.
        """
        windows = [(lever, *lever.window(start)) for lever in self.levers]
        return [
            f"{self.name}: {lever.kind} in {lever.market} was to act for {lever.weeks} weeks from week {first}; "
            f"the run ends after {weeks - first} of them, and so do its effects and costs."
            for lever, first, end in windows
            if weeks < end < float("inf")
        ]


def parse_scenarios(tables: Any, problems: list[Problem]) -> dict[str, Scenario]:
    """Return the scenarios of a config by name, ``baseline`` first; what is wrong is added to ``problems``.

    Parameters
    ----------
    tables : list of mapping
        As written in the config.
    problems : list of Problem
    """
    written: dict[str, ScenarioTable] = {BASELINE: ScenarioTable(name=BASELINE)}
    for position, table in enumerate(tables if isinstance(tables, list) else []):
        key = f"scenarios[{position}]"
        if not isinstance(table, dict):
            continue  # reported with the top level
        try:
            scenario = ScenarioTable(**table)
        except ValidationError as error:
            problems += problems_of(error, ScenarioTable, key)
            continue
        if scenario.name in written and (scenario.name != BASELINE or scenario.levers or scenario.parents):
            reason = "has no levers" if scenario.name == BASELINE else "is there twice"
            problems.append(Problem(f"{key}.name", scenario.name, f"{reason}; choose another name"))
        written[scenario.name] = scenario
    own = {name: _parse_levers(table.levers, f"scenarios.{name}.levers", problems) for name, table in written.items()}
    return {
        name: Scenario(
            name,
            _inherited(name, written, own, problems, ()),
            tuple(table.parents),
            combines=len(table.parents) > 1 and not table.levers,
        )
        for name, table in written.items()
    }


def _inherited(
    name: str,
    written: Mapping[str, ScenarioTable],
    own: Mapping[str, tuple[Lever, ...]],
    problems: list[Problem],
    readers: tuple[str, ...],
) -> tuple[Lever, ...]:
    """Return the levers of a scenario: those of the scenarios it extends, in their order, then its own."""
    levers: list[Lever] = []
    for parent in written[name].parents:
        key = f"scenarios.{name}.extends"
        if parent not in written:
            if not readers:
                problems.append(Problem(key, parent, f"no such scenario; {did_you_mean(parent, written)}"))
        elif parent in (*readers, name):
            chain = " -> ".join((*readers, name, parent))
            if parent == (*readers, name)[0]:  # each circle is reported by those who are in it
                problems.append(Problem(key, parent, f"runs in a circle: {chain}"))
        else:
            levers += _inherited(parent, written, own, problems, (*readers, name))
    return (*levers, *own[name])


def _parse_levers(tables: list[Any], key: str, problems: list[Problem]) -> tuple[Lever, ...]:
    levers = []
    for position, table in enumerate(tables):
        try:
            levers.append(make_lever(table, f"{key}[{position}]"))
        except InputError as error:
            problems += error.problems
    return tuple(levers)
