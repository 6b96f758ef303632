"""What the commands print: progress, tables and profiles, fitted to the width of the terminal."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import pandas as pd
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from abm.analysis.compare import Comparison
from abm.analysis.summary import sweep_columns
from abm.plan import Plan
from abm.profiles import load_profile, profile_names

_console = Console(highlight=False)


def say(text: str) -> None:
    """Print one line, however narrow the terminal."""
    _console.print(Text(text), soft_wrap=True)


@contextmanager
def progress() -> Iterator[Callable[[int, int], None]]:
    """Show a bar with the rate and the time left (on stderr, so that output can be piped)."""
    columns = (
        TextColumn("simulating"), BarColumn(), TextColumn("{task.percentage:3.0f} %"),
        TextColumn("{task.fields[rate]}"), TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, rate="compiling")

        def update(done: int, total: int) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed / 1e6:,.0f} M consumer-weeks/s" if speed else ""
            bar.update(task, completed=done, total=total, rate=rate)

        yield update


def print_plan(plan: Plan) -> None:
    """Print what an experiment will take, one fact a line."""
    crew = plan.crew
    each = "a process each" if crew.in_processes else f"{crew.threads} thread{'s' * (crew.threads > 1)} each"
    beside = f"{crew.n_side_by_side} at a time, {each}"
    memory = f"{_gigabytes(plan.bytes_needed)} at the peak; {_gigabytes(plan.bytes_available)} free"
    facts = [
        ("runs", f"{plan.n_runs:,} ({beside})"),
        ("consumers", f"{plan.n_consumers:,} a run; up to about {_round_down(plan.n_fitting):,} fit on this machine"),
        ("consumer-weeks", f"{plan.consumer_weeks:,}"),
        ("memory", memory),
    ]
    if plan.trial:
        trial = f"{plan.trial.weeks:,} weeks of {plan.trial.n_consumers:,} consumers"
        facts.append(("time", f"{_span(*plan.seconds)}, going by a trial of {trial}; the report comes on top"))
    for name, fact in facts:
        say(f"{name:<15} {fact}")


def _round_down(number: int) -> int:
    """Return a number with its first two digits only."""
    unit = int(10 ** max(0, len(str(number)) - 2))
    return number // unit * unit


def _gigabytes(size: float) -> str:
    return f"{size / 1e9:,.2f} GB" if size < 1e10 else f"{size / 1e9:,.0f} GB"


def _span(least: float, most: float) -> str:
    """Return a range of time in the unit that suits its end."""
    if most < 10:
        return "less than 10 s"
    unit, name = next((unit, name) for unit, name in _UNITS if most >= 2 * unit)
    return f"{least / unit:,.1f} to {most / unit:,.1f} {name}"


_UNITS = ((86400, "days"), (3600, "h"), (60, "min"), (1, "s"))


def print_summary(summary: pd.DataFrame, manifest: dict[str, Any]) -> None:
    """Print the comparison of markets and scenarios."""
    year = int(summary["year"].iloc[0])
    period = str(year) if year else "whole run"
    title = manifest.get("question") or manifest["name"]
    table = Table(title=title, title_style="bold", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    points = sweep_columns(summary)
    for column in ("scenario", *points, "market"):
        table.add_column(column, overflow="fold")
    sales = (f"of spend\n{period}, %", f"GMV {period},\nUS$ bn", "against\nbaseline, points")
    for column in ("adopted\nat end, %", *sales):
        table.add_column(column, justify="right")
    for _, row in summary.iterrows():
        cells = [str(row[column]) for column in ("scenario", *points, "market")]
        table.add_row(*cells, *_figures(row))
    _console.print(table)
    note = "Mean over replicates ± half the 95 % interval. Differences are paired: same random numbers."
    _console.print(Text(note), style="dim")
    print_notes(manifest.get("notes", []))


def print_notes(notes: Sequence[str]) -> None:
    """Print what a reader should know before relying on results."""
    for note in notes:
        _console.print(Text(f"Note: {note}"))


def print_comparison(comparison: Comparison, manifest: dict[str, Any]) -> None:
    """Print the effects of scenarios: one row per scenario and market in which something changes."""
    effects = comparison.effects
    if effects.empty:
        say("Nothing to compare: the experiment has no scenario beside the baseline.")
        return
    title = manifest.get("question") or manifest["name"]
    table = Table(title=title, title_style="bold", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    points = sweep_columns(effects)
    for column in ("scenario", *points, "market"):
        table.add_column(column, overflow="fold")
    for measure in _MEASURES:
        table.add_column(measure.heading, justify="right")
    for key, rows in effects.groupby(["scenario", *points, "market"], sort=False):
        found: dict[str, Any] = {row["measure"]: row for row in rows.to_dict("records")}
        table.add_row(*map(str, key), *(_effect(found, measure) for measure in _MEASURES))
    _console.print(table)
    for name, rows in effects[effects["measure"] == "spill_over"].groupby("scenario", sort=False):
        joint = {str(column): value for column, value in rows.to_dict("records")[-1].items()}
        say(f"{name}: US$ {_plus_minus(joint, 1e-6, '+,.1f')} m beyond the sum of its parts.")
    _console.print(
        Text("Mean of paired differences ± half the 95 % interval; blank: none, or not to be told.", style="dim")
    )


def print_profiles() -> None:
    """Print all market profiles, one a row."""
    table = Table(box=None, pad_edge=False)
    for column in ("profile", "shoppers", "launch", "what it stands for"):
        table.add_column(column, justify="right" if column == "shoppers" else "left", overflow="fold")
    for name in profile_names():
        profile = load_profile(name)
        shoppers = f"{profile.values['shoppers'] / 1e6:,.0f} m"
        table.add_row(name, shoppers, str(profile.values["launch"]), f"{profile.title}. {profile.summary}")
    _console.print(table)
    say("abm markets NAME shows every value with its evidence.")


def print_profile(name: str) -> None:
    """Print one profile: every value, its evidence and how far to trust it."""
    profile = load_profile(name)
    say(f"{profile.title} ({name}). {profile.summary}")
    table = Table(box=None, pad_edge=False)
    for column in ("parameter", "value", "quality", "source"):
        table.add_column(column, overflow="fold")
    for path, value in _leaves(profile.values):
        entry = profile.evidence.get(path)
        source = f"{entry.source}. {entry.note}".removesuffix(". ") if entry else ""
        table.add_row(path, _plain(value), entry.quality if entry else "?", source)
    _console.print(table)


class _Measure(NamedTuple):
    heading: str
    name: str
    factor: float
    pattern: str


_MEASURES = (
    _Measure("extra GMV\nmeanwhile, US$ m", "gmv_during", 1e-6, ",.1f"),
    _Measure("extra GMV\nafterwards, US$ m", "gmv_after", 1e-6, ",.1f"),
    _Measure("adopters when\nit ends, thousand", "adopters_after", 1e-3, ",.1f"),
    _Measure("left a year\nlater, %", "persistence", 100, ".1f"),
    _Measure("cost,\nUS$ m", "cost", 1e-6, ",.1f"),
    _Measure("cost per\nextra US$", "cost_per_gmv", 1, ".3f"),
)


def _effect(effects: dict[str, dict[str, float]], measure: _Measure) -> str:
    effect = effects.get(measure.name)
    if effect is None or math.isnan(effect["value"]):
        return ""
    if effect["value"] == effect["low"] == effect["high"] == 0:
        return "0"  # exactly: the same bytes
    return _plus_minus(effect, measure.factor, measure.pattern)


def _plus_minus(effect: dict[str, float], factor: float, pattern: str) -> str:
    text, half = format(effect["value"] * factor, pattern), (effect["high"] - effect["value"]) * factor
    return text if math.isnan(half) else f"{text} ±{format(half, pattern.removeprefix('+'))}"


def _figures(row: "pd.Series[Any]") -> list[str]:
    change = _with_half(row, "gmv_share_change", 100, "+.3f")
    if row["gmv_share_change_low"] == row["gmv_share_change_high"] == 0:
        change = "0"  # exactly: the same bytes
    return [
        _with_half(row, "adoption", 100, ".2f"),
        _with_half(row, "gmv_share", 100, ".2f"),
        _with_half(row, "gmv_usd", 1e-9, ",.1f"),
        "" if row["scenario"] == "baseline" else change,
    ]


def _with_half(row: "pd.Series[Any]", column: str, factor: float, pattern: str) -> str:
    text = format(row[column] * factor, pattern)
    half = (row[f"{column}_high"] - row[column]) * factor
    return text if pd.isna(half) else f"{text} ±{format(half, pattern.removeprefix('+'))}"


def _leaves(values: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict) and key != "annual_spend":
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{year}: {spend:,.0f}" for year, spend in value.items())
    return f"{value:,.0f}" if isinstance(value, float) and value >= 1e6 else str(value)
