"""The table of parts that ``abm explain`` prints."""

import math

from rich import box
from rich.table import Table
from rich.text import Text

from abm.cli import console
from abm.report.explain.findings import ExplanationFiles
from abm.report.explain.text import mechanism_label


def print_parts(found: ExplanationFiles) -> None:
    """Print each mechanism's part of the gap, with errors."""
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
    console.terminal.print(table)
    console.terminal.print(Text("± half the 95 % interval over seeds; 0: the same in both markets."), style="dim")


def _cell(found: ExplanationFiles, value: float, error: float) -> str:
    half = found.half(error) * found.factor
    text = format(value * found.factor, "+.2f")
    return text if math.isnan(half) else f"{text} ±{half:.2f}"  # a single seed has no error
