"""What ``abm plan`` prints."""

from typing import Final

from rich.table import Table
from rich.text import Text

from abm.cli.console import print_line, terminal
from abm.experiment.plan import Plan

_UNITS: Final = ((86400, "days"), (3600, "h"), (60, "min"), (1, "s"))
_WIDE: Final = 80  # columns: lines of facts are not wrapped


def print_plan(plan: Plan) -> None:
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
        ("consumers", f"{plan.n_consumers:,} a run; up to about {round_down(plan.n_fitting):,} fit on this machine"),
        ("consumer-weeks", f"{plan.consumer_weeks:,}"),
        ("memory", memory),
    ]
    if plan.probe:
        probe = f"{plan.probe.weeks:,} weeks of {plan.probe.n_consumers:,} consumers"
        facts.append(("time", f"{span(*plan.seconds)}, going by a probe of {probe}; the report comes on top"))
    if terminal.width >= _WIDE:
        for name, fact in facts:
            print_line(f"{name:<15} {fact}")
        return
    table = Table.grid(padding=(0, 1), pad_edge=False)
    for name, fact in facts:
        table.add_row(name, Text(fact))
    terminal.print(table)


def round_down(number: int) -> int:
    """Return a number with its first two digits only."""
    unit = int(10 ** max(0, len(str(number)) - 2))
    return number // unit * unit


def _gigabytes(size: float) -> str:
    return f"{size / 1e9:,.2f} GB" if size < 1e10 else f"{size / 1e9:,.0f} GB"


def span(least: float, most: float) -> str:
    """Return a range of time in the unit that suits its end.

    Parameters
    ----------
    least, most : float
        Seconds.
    """
    if most < 10:
        return "less than 10 s"
    unit, name = next((unit, name) for unit, name in _UNITS if most >= 2 * unit)
    return f"{least / unit:,.1f} to {most / unit:,.1f} {name}"
