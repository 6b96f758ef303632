"""What the commands print: progress, plans and profiles, fitted to the width of the terminal."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from abm.markets.profile import load_profile, profile_names

if TYPE_CHECKING:
    from abm.experiment.plan import Plan

_console = Console(highlight=False)


def say(text: str) -> None:
    """Print one line, however narrow the terminal."""
    _console.print(Text(text), soft_wrap=True)


@contextmanager
def progress() -> Iterator[Callable[[int, int], None]]:
    """Show a bar with the rate and the time left (on stderr, so that output can be piped)."""
    columns = (
        TextColumn("simulating"), BarColumn(), TextColumn("{task.percentage:3.0f} %"),
        TextColumn("{task.fields[rate]}"), TimeRemainingColumn(), TextColumn("left"),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, rate="compiling")

        def update(done: int, total: int) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed / 1e6:,.0f} M consumer-weeks/s" if speed else ""
            bar.update(task, completed=done, total=total, rate=rate)

        yield update


def print_plan(plan: "Plan") -> None:
    """Print what an experiment will take, one fact a line."""
    allocation = plan.allocation
    each = (
        "a process each"
        if allocation.in_processes
        else f"{allocation.threads} thread{'s' * (allocation.threads > 1)} each"
    )
    beside = f"{allocation.n_side_by_side} at a time, {each}"
    memory = f"{_gigabytes(plan.bytes_needed)} at the peak; {_gigabytes(plan.bytes_available)} free"
    facts = [
        ("runs", f"{plan.n_runs:,} ({beside})"),
        ("consumers", f"{plan.n_consumers:,} a run; up to about {_round_down(plan.n_fitting):,} fit on this machine"),
        ("consumer-weeks", f"{plan.consumer_weeks:,}"),
        ("memory", memory),
    ]
    if plan.probe:
        probe = f"{plan.probe.weeks:,} weeks of {plan.probe.n_consumers:,} consumers"
        facts.append(("time", f"{_span(*plan.seconds)}, going by a probe of {probe}; the report comes on top"))
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


def print_notes(notes: Sequence[str]) -> None:
    """Print what a reader should know before relying on results."""
    for note in notes:
        _console.print(Text(f"Note: {note}"))


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
