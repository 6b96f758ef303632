"""Experiments: a config file read, checked as a whole, and laid out as runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

from abm.base.errors import InputError, Problem
from abm.base.plain_values import plain_value
from abm.experiment.config_keys import parse_top_level
from abm.experiment.inputs import hash_of
from abm.experiment.market_tables import parse_markets
from abm.experiment.network_notes import network_notes
from abm.experiment.plugins import load_installed, load_plugins
from abm.experiment.reader_notes import reader_notes
from abm.experiment.run_checks import run_problems
from abm.experiment.run_spec import RunSpec
from abm.experiment.scenarios import Scenario, parse_scenarios
from abm.experiment.stopping import StoppingRule, Target
from abm.experiment.sweep import parse_sweep
from abm.experiment.sweep_points import ConfigParts, SweepPoint
from abm.experiment.swept_parameter import find_swept
from abm.experiment.toml_file import read_config
from abm.markets.market import Market


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
    sweep: Sequence[SweepPoint]  # what differs at each point; one without a sweep
    config: Mapping[str, Any]  # as written, for the manifest
    precision: StoppingRule | None = None
    target: Target | None = None
    file: str = ""
    overrides: tuple[str, ...] = ()  # what was set on the command line; in ``config`` too
    command: str = ""  # as typed in a shell, if it was

    @property
    def points(self) -> list[SweepPoint]:
        """The points of the sweep with all markets and scenarios; one without a sweep."""
        return [point.within(self.markets, self.scenarios) for point in self.sweep]

    def runs(self) -> Iterator[RunSpec]:
        """Yield all runs, those that share a network one after the other."""
        for point in self.points:
            markets, group_weeks = tuple(point.markets.values()), point.group_weeks(self.start, self.weeks)
            for replicate, scenario in product(range(self.replicates), point.scenarios.values()):
                yield RunSpec(
                    scenario=scenario.name,
                    replicate=replicate,
                    seed=self.seed,
                    start=self.start,
                    weeks=self.weeks,
                    markets=markets,
                    levers=scenario.levers,
                    point=point.columns,
                    group_weeks=group_weeks,
                )

    @cached_property
    def config_hash(self) -> str:
        """A hash that changes whenever other runs are asked for; names the folder of the configuration."""
        how_many = self.precision or self.replicates
        return hash_of([how_many, [spec.key for spec in replace(self, replicates=1).runs()]])

    @property
    def notes(self) -> list[str]:
        """What a reader of the results should know: what has no effect, or less than it seems."""
        notes = reader_notes(self.config, self.points, self.start, self.weeks, self.target)
        return [*notes, *network_notes(self.config.get("markets", {}), self.points)]


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
    raw = plain_value(raw)
    problems: list[Problem] = []
    config = parse_top_level(raw, problems)
    load_installed()
    if config is not None:
        _load_plugins(config.plugins, folder, file, problems)
    names = _table(raw.get("markets"))
    markets = parse_markets(names, folder, problems)
    scenarios = parse_scenarios(raw.get("scenarios", []), problems)
    if config is not None:
        problems += run_problems(config, scenarios, list(names))
    swept = parse_sweep(
        raw.get("sweep", {}), lambda path: find_swept(path, markets, names, raw.get("scenarios")), problems
    )
    sweep: Sequence[SweepPoint] = ()
    if config is not None and not problems:
        parts = ConfigParts(raw, folder, config.start, config.weeks, markets, scenarios)
        sweep = parts.points(swept, problems)
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


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
