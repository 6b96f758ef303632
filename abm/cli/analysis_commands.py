"""What the commands that explain print, and the files they read."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from abm.analysis.explain.explain import ExplainQuestion, explain
from abm.analysis.tipping.hysteresis import Ramp
from abm.analysis.tipping.phase_diagram import Axis
from abm.cli import console
from abm.errors import InputError, Problem
from abm.report.explain.findings import ExplanationFiles, read
from abm.report.explain.page import write_explain
from abm.report.explain.text import mechanism_label, sentences

_console = Console(highlight=False)


def explain_and_show(
    config: Path, asked: Mapping[str, Any], draws: Path | None, out: Path | None, workers: int | None,
    overrides: Sequence[str],
) -> None:  # fmt: skip
    """Explain the gap between two markets, write files and page, print the parts and the findings."""
    from abm.experiment.config import load_experiment

    experiment = load_experiment(config, tuple(overrides))
    folder = out if out is not None else Path("results") / experiment.name
    table = None if draws is None else read_table(draws)
    with console.progress() as progress:
        explain(experiment, ExplainQuestion(**asked), draws=table, out=folder, workers=workers, progress=progress)
    found = read(folder)
    _print_parts(found)
    _print_findings(sentences(found))
    console.say(f"Results: {folder / 'explain'}")
    console.say(f"Report:  {write_explain(folder)}")


def tip_and_show(
    config: Path, asked: Mapping[str, Any], out: Path | None, workers: int | None, overrides: Sequence[str]
) -> None:
    """Look for tipping points, write files and page, print the findings."""
    from abm.analysis.tipping.lever_mix import read_lever_mix
    from abm.analysis.tipping.question import TipQuestion
    from abm.analysis.tipping.tip import tip
    from abm.experiment.config import load_experiment
    from abm.report.tipping import findings as tip_findings
    from abm.report.tipping import text as tip_text
    from abm.report.tipping.page import write_tip

    experiment = load_experiment(config, tuple(overrides))
    folder = out if out is not None else Path("results") / experiment.name
    values = {"market": asked["market"], "settle": asked["settle"]}
    values |= {key: axis_of(key, asked[key]) for key in ("x", "y")}
    values |= {"ramp": None if asked["ramp"] is None else ramp_of(asked["ramp"])}
    values |= {"lever_mix": None if asked["mix"] is None else read_lever_mix(asked["mix"])}
    with console.progress() as progress:
        tip(experiment, TipQuestion(**values), out=folder, workers=workers, progress=progress)
    _print_findings(tip_text.sentences(tip_findings.read(folder)))
    console.say(f"Results: {folder / 'tip'}")
    console.say(f"Report:  {write_tip(folder)}")


def axis_of(key: str, text: str) -> Axis:
    """Return the axis that ``PATH:FIRST:LAST[:POINTS]`` stands for.

    Raises
    ------
    InputError
    """
    path, first, last, *rest = _parts(key, text, "PATH:FIRST:LAST[:POINTS]", 4)
    return Axis(path, float(first), float(last), _whole(key, rest[0], 2) if rest else 9)


def ramp_of(text: str) -> Ramp:
    """Return the ramp that ``PATH:FIRST:LAST[:STEPS[:WEEKS]]`` stands for.

    Raises
    ------
    InputError
    """
    path, first, last, *rest = _parts("ramp", text, "PATH:FIRST:LAST[:STEPS[:WEEKS]]", 5)
    steps, weeks = (_whole("ramp", rest[i], 1) if len(rest) > i else default for i, default in enumerate((50, 52)))
    return Ramp(path, float(first), float(last), steps, weeks)


def _parts(key: str, text: str, form: str, most: int) -> list[str]:
    parts = text.split(":")
    try:
        fits = 3 <= len(parts) <= most and float(parts[1]) < float(parts[2])
    except ValueError:
        fits = False
    if not fits:
        raise InputError([Problem(key, text, f"must be {form}, the first number below the last")])
    return parts


def _whole(key: str, text: str, least: int) -> int:
    if not text.isdecimal() or not least <= int(text) <= 10_000:
        raise InputError([Problem(key, text, f"allowed: whole numbers {least} to 10,000")])
    return int(text)


def read_table(file: Path) -> pd.DataFrame:
    """Read a table from CSV or Parquet.

    Raises
    ------
    InputError
    """
    if not file.is_file():
        raise InputError([Problem("", None, "no such file", str(file))])
    try:
        return pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(file)
    except (ValueError, OSError) as error:
        raise InputError([Problem("", None, f"cannot be read as a table: {error}", str(file))]) from None


def _print_parts(found: ExplanationFiles) -> None:
    low, high = found.titles
    title = f"{high} less {low}: {found.label}, {found.unit}"
    table = Table(title=title, title_style="bold", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("mechanism", overflow="fold")
    for column in ("part\n(Shapley)", "first in", "last in"):
        table.add_column(column, justify="right")
    for row in found.shapley.to_dict("records"):
        pairs = (("value", "standard_error"), ("first_in", "first_in_error"), ("last_in", "last_in_error"))
        cells = [_cell(found, row[value], row[error]) for value, error in pairs] if row["differs"] else ["0", "0", "0"]
        table.add_row(mechanism_label(str(row["mechanism"])), *cells)
    gap = found.facts["gap"]
    table.add_section()
    alone = [gap["mean"] - found.facts[f"left_by_{kind}_in"]["mean"] for kind in ("first", "last")]
    sums = [format(value * found.factor, "+.2f") for value in alone]
    table.add_row("together", _cell(found, gap["mean"], gap["standard_error"]), *sums)
    _console.print(table)
    _console.print(Text("± half the 95 % interval over seeds; 0: the same in both markets."), style="dim")


def _cell(found: ExplanationFiles, value: float, error: float) -> str:
    half = found.half(error) * found.factor
    text = format(value * found.factor, "+.2f")
    return text if math.isnan(half) else f"{text} ±{half:.2f}"  # a single seed tells no error


def _print_findings(findings: Sequence[str]) -> None:
    for finding in findings:
        _console.print(Text(f"- {finding}"))
