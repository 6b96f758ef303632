"""The table of parts that ``abm explain`` prints."""

import math

from rich.text import Text

from abm.cli import console
from abm.cli.tables import print_figures
from abm.report.explain.findings import ExplanationFiles
from abm.report.explain.text import mechanism_label


def print_parts(found: ExplanationFiles) -> None:
    """Print each mechanism's part of the gap, with errors."""
    low, high = found.titles
    title = f"{high} less {low}: {found.label}, {found.unit}"
    rows = []
    for row in found.shapley.to_dict("records"):
        pairs = (("value", "standard_error"), ("first_in", "first_in_error"), ("last_in", "last_in_error"))
        cells = [_cell(found, row[value], row[error]) for value, error in pairs] if row["differs"] else ["0", "0", "0"]
        rows.append([mechanism_label(str(row["mechanism"])), *cells])
    gap = found.facts["gap"]
    alone = [gap["mean"] - found.facts[f"left_by_{kind}_in"]["mean"] for kind in ("first", "last")]
    sums = [format(value * found.factor, "+.2f") for value in alone]
    rows.append(["together", _cell(found, gap["mean"], gap["standard_error"]), *sums])
    print_figures(title, ["mechanism"], ["part\n(Shapley)", "first in", "last in"], rows, total=True)
    console.terminal.print(Text("± half the 95 % interval over seeds; 0: the same in both markets."), style="dim")


def _cell(found: ExplanationFiles, value: float, error: float) -> str:
    half = found.half(error) * found.factor
    text = format(value * found.factor, "+.2f")
    return text if math.isnan(half) else f"{text} ±{half:.2f}"  # a single seed has no error
