"""Experiments: a config file read, checked as a whole, and laid out as runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from abm.base.calendar import DEFAULT_START, sales_year
from abm.base.errors import InputError, Problem, did_you_mean
from abm.base.parameters import STRICT
from abm.base.validation import problems_of
from abm.experiment.market_tables import parse_markets
from abm.experiment.plugins import load_installed, load_plugins
from abm.experiment.run_spec import RunSpec
from abm.experiment.scenarios import Scenario, parse_scenarios
from abm.experiment.stopping import MOST_REPLICATES, StoppingRule, Target
from abm.experiment.sweep import Sweep, parse_sweep
from abm.experiment.toml_file import plain_name, read_config
from abm.levers import window_problems
from abm.markets.market import Market
from abm.numerics.random import MAX_SEED


class ExperimentConfig(BaseModel):
    """The top level of a config; what is inside markets, scenarios and sweep is checked part by part."""

    model_config = STRICT

    name: str = Field(description="names the results folder: letters, digits, - and _")
    question: str = Field("", description="what the experiment is to answer")
    extends: str | None = Field(None, description="another config, relative to this one, that this one changes")
    start: date = Field(DEFAULT_START, description="date of week 0")
    weeks: int = Field(ge=1, le=100_000, description="weeks to simulate")
    seed: int = Field(0, ge=0, le=MAX_SEED, description="random seed; same seed, same results")
    replicates: Annotated[int, Field(ge=1, le=MOST_REPLICATES)] | Literal["auto"] = Field(
        1, description='runs of each scenario with different random numbers, or "auto": see precision'
    )
    precision: StoppingRule | None = Field(None, description='how precise replicates = "auto" has to be')
    target: Target | None = Field(None, description="sales to be reached, for the answer in the report")
    plugins: list[str] = Field(
        [],
        description="relative to this file: own mechanisms, levers, networks, outcomes (.py), profiles (.toml)",
    )
    markets: dict[str, dict[str, Any]] = Field(description="one table per market: a profile and what differs from it")
    scenarios: list[dict[str, Any]] = Field([], description="named lists of levers; baseline, without any, is added")
    sweep: dict[str, Any] = Field({}, description="parameter paths with the values to try; design, samples, points")

    @field_validator("name")
    @classmethod
    def _name_is_plain(cls, name: str) -> str:
        return plain_name(name)

    @model_validator(mode="after")
    def _auto_needs_precision(self) -> Self:
        if (self.replicates == "auto") != (self.precision is not None):
            raise ValueError('replicates = "auto" and the table precision go together')
        return self


@dataclass(frozen=True)
class Experiment:
    """A checked config: markets x scenarios x sweep x replicates."""

    name: str
    question: str
    start: date
    weeks: int
    seed: int
    replicates: int  # to begin with, if there is a precision to be reached
    markets: Mapping[str, Market]
    scenarios: Mapping[str, Scenario]
    sweep: Sweep
    config: Mapping[str, Any]  # as written, for the manifest
    precision: StoppingRule | None = None
    target: Target | None = None
    file: str = ""
    overrides: tuple[str, ...] = ()  # what was set on the command line; in ``config`` too

    def runs(self) -> Iterator[RunSpec]:
        """Yield all runs, those that share a network one after the other."""
        for point in self.points():
            markets = tuple(self._market_at(name, point) for name in self.markets)
            for replicate, scenario in product(range(self.replicates), self.scenarios.values()):
                yield RunSpec(
                    scenario=scenario.name,
                    replicate=replicate,
                    seed=self.seed,
                    start=self.start,
                    weeks=self.weeks,
                    markets=markets,
                    levers=scenario.levers,
                    point=point,
                    group_weeks=self.group_weeks,
                )

    def points(self) -> list[dict[str, Any]]:
        """Return the points of the sweep, each as parameter path to value."""
        return [dict(point) for point in self.sweep.points]

    @cached_property
    def group_weeks(self) -> tuple[int, int] | None:
        """The first week in which a lever of any scenario acts, and the week after the last; None without levers."""
        windows = [window for scenario in self.scenarios.values() if (window := scenario.window(self.start))]
        if not windows:
            return None
        ends = [self.weeks if end is None else min(end, self.weeks) for _, end in windows]
        return min(first for first, _ in windows), max(ends)

    @property
    def notes(self) -> list[str]:
        """What a reader of the results should know: levers that the end of the run cuts short."""
        found = [note for each in self.scenarios.values() for note in each.cut_short(self.start, self.weeks)]
        return list(dict.fromkeys(found))

    def _market_at(self, name: str, point: Mapping[str, Any]) -> Market:
        prefix = f"markets.{name}."
        changes = {path.removeprefix(prefix): value for path, value in point.items() if path.startswith(prefix)}
        return self.markets[name].replace(changes) if changes else self.markets[name]


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
    return replace(parse_experiment(raw, file=str(path), folder=Path(path).parent), overrides=overrides)


def parse_experiment(raw: Mapping[str, Any], *, file: str = "", folder: Path = Path()) -> Experiment:
    """Check a config given as nested tables; see ``load_experiment``."""
    problems: list[Problem] = []
    config = _parse_top_level(raw, problems)
    load_installed()
    if config is not None:
        _load_plugins(config.plugins, folder, file, problems)
    names = _table(raw.get("markets"))
    markets = parse_markets(names, folder, problems)
    scenarios = parse_scenarios(raw.get("scenarios", []), problems)
    if config is not None:
        problems += _lever_problems(config, scenarios, list(names))
        problems += _name_problems(config, scenarios, list(names))
    sweep = parse_sweep(raw.get("sweep", {}), markets, names, problems)
    if problems or config is None:
        raise InputError([problem._replace(file=problem.file or file) for problem in problems])
    return Experiment(
        **{key: getattr(config, key) for key in ("name", "question", "start", "weeks", "seed", "precision", "target")},
        replicates=config.precision.least if config.precision else int(config.replicates),
        markets=markets, scenarios=scenarios, sweep=sweep, config=dict(raw), file=file,
    )  # fmt: skip


def _load_plugins(files: Sequence[str], folder: Path, file: str, problems: list[Problem]) -> None:
    """Load the plugins of a config; what they add can be used in the rest of it."""
    try:
        load_plugins(files, folder)
    except InputError as error:
        found = [problem._replace(file=problem.file or file) for problem in [*problems, *error.problems]]
        raise InputError(found) from None  # the rest would be misunderstood without them


def _lever_problems(config: ExperimentConfig, scenarios: Mapping[str, Scenario], markets: list[str]) -> list[Problem]:
    return [
        problem
        for scenario in scenarios.values()
        for problem in window_problems(
            scenario.levers, markets, config.start, config.weeks, f"scenarios.{scenario.name}.levers"
        )
    ]


def _name_problems(config: ExperimentConfig, scenarios: Mapping[str, Scenario], markets: list[str]) -> list[Problem]:
    """Return what is wrong with names and years in ``precision`` and ``target``."""
    named: list[tuple[str, str | None, list[str]]] = []
    if config.precision:
        named.append(("precision.market", config.precision.market, markets))
        named.append(("precision.scenario", config.precision.scenario, list(scenarios)))
    if config.target:
        named.append(("target.market", config.target.market, markets))
    problems = [
        Problem(key, name, f"no such {key.split('.')[1]}; {did_you_mean(name, known)}")
        for key, name, known in named
        if name is not None and name not in known
    ]
    if config.target:
        first, last = sales_year(1, config.start), sales_year(config.weeks, config.start)
        if not first <= config.target.year <= last:
            message = f"outside the run; allowed: {first:d} to {last:d}"
            problems.append(Problem("target.year", str(config.target.year), message))
    return problems


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _parse_top_level(raw: Mapping[str, Any], problems: list[Problem]) -> ExperimentConfig | None:
    try:
        config = ExperimentConfig(**raw)
    except ValidationError as error:
        problems += problems_of(error, ExperimentConfig)
        return None
    if not config.markets:
        problems.append(Problem("markets", None, "needs at least one market"))
    return config
