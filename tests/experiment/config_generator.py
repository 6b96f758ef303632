"""Generated configs tried out: refused in plain words, or run to a complete report.

``python -m tests.experiment.config_generator 500 --seed 3`` makes so many and says what became of them.
"""

import argparse
import contextlib
import html
import io
import os
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from abm.analysis.effects.compare import compare
from abm.analysis.effects.yearly import sweep_columns
from abm.api import run
from abm.base.errors import InputError
from abm.cli.result_tables import print_comparison, print_summary
from abm.experiment.config import Experiment, load_experiment
from abm.experiment.results import Results
from abm.networks import NetworkError
from abm.report import write_report
from abm.report.charts.style import Panel
from tests.experiment.generated_configs import EDGE_LISTS, ConfigGenerator
from tests.experiment.toml_text import toml_text

REFUSED, COMPLETE, INCOMPLETE, TRACEBACK = "refused", "complete", "incomplete", "traceback"
_WITH_FIGURES = 10  # figures over time are drawn in one of so many experiments: they take most of the time


@dataclass
class Outcome:
    """What became of some configs."""

    counts: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)  # how often each parameter, lever, design was
    failures: list[str] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)


def try_configs(n: int, seed: int, folder: Path, *, say: bool = False) -> Outcome:
    """Make configs and run those that are accepted.

    Parameters
    ----------
    n, seed : int
    folder : Path
        For files; emptied after each.
    say : bool
        Print failures as they come.
    """
    generator, outcome = ConfigGenerator(seed), Outcome()
    for number in range(n):
        here = folder / str(number)
        here.mkdir(parents=True)
        for name, ties in EDGE_LISTS.items():
            (here / name).write_text(ties)
        config = generator.config(number)
        overrides = generator.overrides(config)
        text = toml_text(config)
        (here / "config.toml").write_text(text, encoding="utf-8")
        if say and number % 250 == 249:
            sys.stderr.write(f"{number + 1}: {dict(outcome.counts)}\n")
        kind, reason = _try(here, overrides, outcome, figures=number % _WITH_FIGURES == 0)
        outcome.counts[kind] += 1
        if kind in {INCOMPLETE, TRACEBACK}:
            outcome.failures.append(f"--- number {number} of seed {seed}, {kind}: {overrides}\n{text}{reason}")
            if say:
                sys.stderr.write(outcome.failures[-1] + "\n")
        if kind == REFUSED:
            outcome.refusals[reason.splitlines()[0].partition("config.toml: ")[2][:150] or reason[:150]] += 1
        shutil.rmtree(here)
    return outcome


def _try(folder: Path, overrides: tuple[str, ...], outcome: Outcome, *, figures: bool) -> tuple[str, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            experiment = load_experiment(folder / "config.toml", overrides)
    except (InputError, NetworkError) as error:
        plain = str(error).strip() and "Traceback" not in str(error)
        return (REFUSED, str(error)) if plain else (TRACEBACK, repr(error))
    except Exception:
        return TRACEBACK, traceback.format_exc()
    try:
        with warnings.catch_warnings(), _quick(figures=figures):
            warnings.simplefilter("error")
            results = run(experiment, out=folder / "out", workers=1)
            with contextlib.redirect_stdout(io.StringIO()):
                print_summary(results.summary, results.manifest)
                if figures:
                    print_comparison(compare(results), results.manifest)
            write_report(results.path)
    except Exception:
        return TRACEBACK, traceback.format_exc()
    missing = what_is_missing(experiment, results)
    if not missing:
        outcome.accepted.update(_parts(experiment))
    return (INCOMPLETE, missing) if missing else (COMPLETE, "")


@contextlib.contextmanager
def _quick(*, figures: bool) -> Iterator[None]:
    """Do not wait for the disk; draw figures over time only if asked for: all else of the report is made."""
    sections = [module for name, module in sys.modules.items() if name.startswith("abm.report.experiment.")]
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.object(os, "fsync", return_value=None))
        for module in sections:
            if not figures and hasattr(module, "line_panel"):
                stack.enter_context(mock.patch.object(module, "line_panel", _panel_without_figure))
        yield


def _panel_without_figure(title: str, alt: str, *drawn: Any) -> Panel:
    return Panel(title, alt, "<svg></svg>")


def what_is_missing(experiment: Experiment, results: Results) -> str:
    """Return what of an experiment is not in its table, summary or report, "" if all is there."""
    expected = {
        (*point.columns.values(), scenario, market)
        for point in experiment.points
        for scenario in point.scenarios
        for market in point.markets
    }
    for name, table in (("table", results.table), ("summary", results.summary)):
        columns = [*sweep_columns(table), "scenario", "market"]
        found = set(table[columns].drop_duplicates().itertuples(index=False, name=None))
        if found != expected:
            return f"{name}: {sorted(map(str, expected ^ found))[:3]}"
    if set(sweep_columns(results.table)) != set(experiment.points[0].columns):
        return "columns of the sweep"
    text = html.unescape((results.path / "report.html").read_text(encoding="utf-8"))
    if "</html>" not in text:
        return "the end of the report"
    words = {scenario.replace("_", " ") for scenario in experiment.scenarios if scenario != "baseline"}
    if len(experiment.points) > 1:
        swept = [value for point in experiment.points for value in point.columns.values()]
        words |= {f" = {value:g}" if isinstance(value, float) else f" = {value}" for value in swept}
    if experiment.target is not None:
        words.add("The aim was")
    return ", ".join(sorted(word for word in words if word not in text))


def _parts(experiment: Experiment) -> Iterator[str]:
    """Yield the keys of a config by which it is seen that everything is tried."""
    config: Any = experiment.config
    for market in config["markets"].values():
        yield from (f"markets.{path}" for path in _paths(market))
    for scenario in config.get("scenarios", []):
        yield from (f"scenarios.{key}" for key in scenario)
        for lever in scenario.get("levers", []):
            yield from (f"{lever['kind']}.{key}" for key in lever)
    sweep = config.get("sweep") or {}
    for path in experiment.points[0].columns:
        part, _, rest = path.partition(".")
        yield f"sweep.{rest.partition('.')[2]}" if part == "markets" else "sweep.scenarios"
    if sweep:
        yield f"design.{'points' if 'points' in sweep else sweep.get('design', 'grid')}"
    yield from (f"{key}.{inner}" for key in ("precision", "target") if config.get(key) for inner in config[key])
    yield from (key for key in config if key not in {"markets", "scenarios", "sweep"})


def _paths(table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict) and key != "annual_spend":
            yield from _paths(value, f"{prefix}{key}.")
        else:
            yield prefix + key


def never_accepted(outcome: Outcome) -> list[str]:
    """Return what the schema has and no accepted config had."""
    generator = ConfigGenerator(0)
    wanted = [f"markets.{path}" for path in generator.parameters if path != "profile"]
    wanted += [f"{lever['properties']['kind']['const']}.kind" for lever in generator.levers]
    wanted += ["design.grid", "design.points", "design.latin_hypercube", "design.sobol", "sweep.scenarios"]
    wanted += ["scenarios.extends", "target.year", "precision.outcome", "replicates", "seed", "question"]
    return [key for key in wanted if not outcome.accepted[key]]


def main() -> None:
    parser = argparse.ArgumentParser(description="Make configs from the schema, run them, and say what became of them.")
    parser.add_argument("n", type=int, help="how many")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        outcome = try_configs(given.n, given.seed, Path(folder), say=True)
    lines = [f"{kind}: {outcome.counts[kind]}" for kind in (REFUSED, COMPLETE, INCOMPLETE, TRACEBACK)]
    lines += [f"never accepted: {', '.join(never_accepted(outcome)) or 'nothing'}"]
    lines += [f"{n:5}  {reason}" for reason, n in outcome.refusals.most_common(25)]
    sys.stdout.write("\n".join(lines) + f"\n{time.perf_counter() - began:.0f} s\n")
    sys.exit(1 if outcome.failures else 0)


if __name__ == "__main__":
    main()
