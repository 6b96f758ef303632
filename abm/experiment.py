"""Experiments: a config file read, checked as a whole, and laid out as runs."""

import hashlib
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError, field_validator

from abm import MODEL_VERSION
from abm.calendar import DEFAULT_START
from abm.config_file import read_config
from abm.errors import InputError, Problem, did_you_mean, problems_of
from abm.levers import Lever, make_lever, window_problems
from abm.market import Market, check_path
from abm.mechanisms.base import STRICT
from abm.networks import NetworkError, build
from abm.networks.errors import require_degree
from abm.profiles import load_profile, overlay
from abm.random import MAX_SEED, RNG_VERSION

BASELINE = "baseline"


class Head(BaseModel):
    """The top level of a config; what is inside markets, scenarios and sweep is checked part by part."""

    model_config = STRICT

    name: str = Field(description="names the results folder: letters, digits, - and _")
    question: str = Field("", description="what the experiment is to answer")
    extends: str | None = Field(None, description="another config, relative to this one, that this one changes")
    start: date = Field(DEFAULT_START, description="date of week 0")
    weeks: int = Field(ge=1, le=100_000, description="weeks to simulate")
    seed: int = Field(0, ge=0, le=MAX_SEED, description="random seed; same seed, same results")
    replicates: int = Field(1, ge=1, le=1_000_000, description="runs of each scenario with different random numbers")
    markets: dict[str, dict[str, Any]] = Field(description="one table per market: a profile and what differs from it")
    scenarios: list[dict[str, Any]] = Field([], description="named lists of levers; baseline, without any, is added")
    sweep: dict[str, list[Any]] = Field({}, description="parameter paths with the values to try, all combinations")

    @field_validator("name")
    @classmethod
    def _name_is_plain(cls, name: str) -> str:
        return plain_name(name)


class Scenario(BaseModel):
    """A named list of levers."""

    model_config = STRICT

    name: str
    levers: list[Any] = []

    @field_validator("name")
    @classmethod
    def _name_is_plain(cls, name: str) -> str:
        return plain_name(name)


@dataclass(frozen=True)
class RunSpec:
    """Everything one run depends on: a scenario, a point of the sweep and a replicate."""

    scenario: str
    replicate: int
    seed: int
    start: date
    weeks: int
    markets: tuple[Market, ...]
    levers: tuple[Lever, ...]
    point: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """A name that changes whenever the result could: a hash of all inputs and of the model's version."""
        facts = {
            "markets": [market.model_dump(mode="json") for market in self.markets],
            "network_files": [_file_hash(market) for market in self.markets],
            "levers": [lever.model_dump(mode="json") for lever in self.levers],
            "start": str(self.start),
            "weeks": self.weeks,
            "seed": self.seed,
            "point": {path: str(value) for path, value in self.point.items()},
            "versions": [MODEL_VERSION, RNG_VERSION],
        }
        digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
        return f"{self.scenario}-r{self.replicate:04d}-{digest[:12]}"

    @property
    def consumer_weeks(self) -> int:
        """Consumers times weeks."""
        return self.weeks * sum(market.consumers for market in self.markets)


@dataclass(frozen=True)
class Experiment:
    """A checked config: markets x scenarios x sweep x replicates."""

    name: str
    question: str
    start: date
    weeks: int
    seed: int
    replicates: int
    markets: Mapping[str, Market]
    scenarios: Mapping[str, tuple[Lever, ...]]
    sweep: Mapping[str, list[Any]]
    config: Mapping[str, Any]  # as written, for the manifest
    file: str = ""

    def runs(self) -> Iterator[RunSpec]:
        """Yield all runs, those that share a network one after the other."""
        for point, replicate, scenario in itertools.product(self.points(), range(self.replicates), self.scenarios):
            yield RunSpec(
                scenario=scenario,
                replicate=replicate,
                seed=self.seed,
                start=self.start,
                weeks=self.weeks,
                markets=tuple(self._market_at(name, point) for name in self.markets),
                levers=self.scenarios[scenario],
                point=point,
            )

    def points(self) -> list[dict[str, Any]]:
        """Return every combination of the swept values, as parameter path to value."""
        return [dict(zip(self.sweep, values, strict=True)) for values in itertools.product(*self.sweep.values())]

    def _market_at(self, name: str, point: Mapping[str, Any]) -> Market:
        prefix = f"markets.{name}."
        changes = {path.removeprefix(prefix): value for path, value in point.items() if path.startswith(prefix)}
        return self.markets[name].replace(changes) if changes else self.markets[name]


def plain_name(name: str) -> str:
    """Return ``name`` if it can name a file everywhere.

    Raises
    ------
    ValueError
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,63}", name):
        raise ValueError(f"{name!r}: letters, digits, _ and - only, at most 64")
    return name


def load_experiment(path: str | Path, overrides: tuple[str, ...] = ()) -> Experiment:
    """Read and check a config file.

    Parameters
    ----------
    path : path
    overrides : tuple of str
        Such as ``"markets.us.norm.strength=2"``; each replaces one value.

    Raises
    ------
    InputError
        With every problem found in the file.
    """
    raw = read_config(Path(path), overrides)
    return parse_experiment(raw, file=str(path), folder=Path(path).parent)


def parse_experiment(raw: Mapping[str, Any], *, file: str = "", folder: Path = Path()) -> Experiment:
    """Check a config given as nested tables; see ``load_experiment``."""
    problems: list[Problem] = []
    head = _parse_head(raw, problems)
    markets = _parse_markets(_table(raw.get("markets")), folder, problems)
    scenarios = _parse_scenarios(raw.get("scenarios", []), problems)
    if head is not None:
        names = list(_table(raw.get("markets")))
        for scenario, levers in scenarios.items():
            place = f"scenarios.{scenario}.levers"
            problems += window_problems(levers, names, head.start, head.weeks, place)
    sweep = _parse_sweep(_table(raw.get("sweep", {})), markets, _table(raw.get("markets")), problems)
    if problems or head is None:
        raise InputError([problem._replace(file=file) for problem in problems])
    return Experiment(
        **{key: getattr(head, key) for key in ("name", "question", "start", "weeks", "seed", "replicates")},
        markets=markets, scenarios=scenarios, sweep=sweep, config=dict(raw), file=file,
    )  # fmt: skip


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _parse_head(raw: Mapping[str, Any], problems: list[Problem]) -> Head | None:
    try:
        head = Head(**raw)
    except ValidationError as error:
        problems += problems_of(error, Head)
        return None
    if not head.markets:
        problems.append(Problem("markets", None, "needs at least one market"))
    return head


def _parse_markets(tables: Mapping[str, Any], folder: Path, problems: list[Problem]) -> dict[str, Market]:
    markets = {}
    for name, table in tables.items():
        if not isinstance(table, dict):
            continue  # reported with the head
        try:
            markets[name] = make_market(name, table, folder)
        except InputError as error:
            problems += [p._replace(key=f"markets.{name}.{p.key}".rstrip(".")) for p in error.problems]
        except NetworkError as error:
            problems.append(Problem(f"markets.{name}.network", None, str(error)))
    return markets


def make_market(name: str, table: Mapping[str, Any], folder: Path = Path()) -> Market:
    """Return the market a config table describes: a profile, if named, with the table laid over it.

    Raises
    ------
    InputError, NetworkError
    """
    own = dict(table)
    profile = own.pop("profile", None)
    if profile is not None and not isinstance(profile, str):
        raise InputError([Problem("profile", profile, "must be text")])
    base = load_profile(profile).values if profile else {}
    values = overlay(base, own)
    network = values.get("network")
    if isinstance(network, dict) and isinstance(network.get("file"), str):
        values["network"] = {**network, "file": str(folder / network["file"])}
    market = Market(**{**values, "name": name})
    if market.network.family == "file":
        n_nodes = build(market.network, n=market.consumers if "consumers" in own else None).indptr.size - 1
        return market.replace({"consumers": n_nodes})
    if market.network.family not in ("complete", "graph"):
        require_degree(market.network.family, market.network.degree, market.consumers)
    return market


def _parse_scenarios(tables: Any, problems: list[Problem]) -> dict[str, tuple[Lever, ...]]:
    scenarios: dict[str, tuple[Lever, ...]] = {BASELINE: ()}
    for position, table in enumerate(tables if isinstance(tables, list) else []):
        key = f"scenarios[{position}]"
        if not isinstance(table, dict):
            continue  # reported with the head
        try:
            scenario = Scenario(**table)
        except ValidationError as error:
            problems += problems_of(error, Scenario, key)
            continue
        if scenario.name in scenarios and (scenario.name != BASELINE or scenario.levers):
            reason = "has no levers" if scenario.name == BASELINE else "is there twice"
            problems.append(Problem(f"{key}.name", scenario.name, f"{reason}; choose another name"))
        scenarios[scenario.name] = _parse_levers(scenario.levers, f"scenarios.{scenario.name}.levers", problems)
    return scenarios


def _parse_levers(tables: list[Any], key: str, problems: list[Problem]) -> tuple[Lever, ...]:
    levers = []
    for position, table in enumerate(tables):
        try:
            levers.append(make_lever(table, f"{key}[{position}]"))
        except InputError as error:
            problems += error.problems
    return tuple(levers)


def _parse_sweep(
    sweep: Mapping[str, Any], markets: Mapping[str, Market], names: Mapping[str, Any], problems: list[Problem]
) -> dict[str, list[Any]]:
    for path, values in sweep.items():
        table, _, rest = path.partition(".")
        name, _, parameter = rest.partition(".")
        place = f"sweep.{path}"
        if table != "markets" or name not in names:
            hint = did_you_mean(name, names)
            problems.append(Problem(place, None, f'must start with "markets." and the name of a market; {hint}'))
        elif problem := check_path(parameter, change_in_time=False):
            problems.append(problem._replace(key=place))
        elif not values:
            problems.append(Problem(place, None, "needs at least one value"))
        elif isinstance(values, list):
            problems += _value_problems(markets.get(name, Market()), parameter, values, place)
    return dict(sweep)


def _value_problems(market: Market, parameter: str, values: list[Any], place: str) -> list[Problem]:
    problems = []
    for value in values:
        try:
            market.replace({parameter: value})
        except InputError as error:
            problems += [problem._replace(key=place) for problem in error.problems]
    return problems


def _file_hash(market: Market) -> str:
    if market.network.family != "file" or not market.network.file:
        return ""
    return hashlib.sha256(Path(market.network.file).read_bytes()).hexdigest()
