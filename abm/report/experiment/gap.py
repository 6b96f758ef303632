"""Where the gap between the leading and the last market opened, and the switching that opened it."""

from __future__ import annotations

import numpy as np

from abm.report.charts.line_panel import Line, Mark, Scene, line_panel
from abm.report.charts.style import SOFT, Panel, Plate, colours
from abm.report.experiment import takeaways
from abm.report.experiment.adoption import launch_marks
from abm.report.experiment.run_frame import Floats, Results
from abm.report.experiment.statistics import band, band_words, opening, ranking
from abm.report.text.number_format import day

_INK = "#333333"
WINDOW = 13  # weeks over which switching is averaged


def gap_plate(results: Results) -> Plate | None:
    """Draw the difference between the top and the bottom market, and net switching; None for one market."""
    if len(results.markets) < 2:
        return None
    words = band_words(len(results.replicates(results.baseline)))
    caption = (
        f"Scenario {results.baseline}. {words} Left: GMV share of one market minus the other's, replicate by "
        f"replicate. Right: consumers who came minus those who left, per 100 and week, mean of {WINDOW} weeks."
    )
    panels = [_difference(results), _switching(results)]
    return Plate("gap", "Where the gap opened", takeaways.opened(results), caption, panels)


def _difference(results: Results) -> Panel:
    order = ranking(results)
    top, bottom = order[0], order[-1]
    upper, lower = (results.paths(results.baseline, market, "gmv_share") for market in (top, bottom))
    shown = band(upper - lower).scaled(100.0)
    row = opening(results, top, bottom)
    marks = [Mark(results.dates[row], f"apart from {day(results.dates[row])}", SOFT)] if row else []
    title = f"{results.titles[top]} minus {results.titles[bottom]}"
    alt = f"{title}, GMV share in percentage points over time; at the end {shown.middle[-1]:.3g} points."
    scene = Scene("GMV share, percentage points", marks=marks, difference=True)
    return line_panel(title, alt, results.dates, [Line("", _INK, shown)], scene)


def _switching(results: Results) -> Panel:
    palette = colours(results.markets)
    lines = [
        Line(results.titles[market], palette[market], band(_net_switching(results, market)).scaled(100.0))
        for market in results.markets
    ]
    title = "Net switching to the super-app"
    peaks = [f"{line.label} {line.band.middle.max():.3g}" for line in lines]
    alt = f"{title} over time, per 100 consumers and week; highest: {', '.join(peaks)}."
    scene = Scene("consumers gained per 100 and week", marks=launch_marks(results, labels=True), difference=True)
    return line_panel(title, alt, results.dates, lines, scene)


def _net_switching(results: Results, market: str) -> Floats:
    """Return net switching per consumer and week, mean of the last weeks, float64[replicates, weeks]."""
    came, left, consumers = (
        results.paths(results.baseline, market, column)
        for column in ("switched_to_super", "switched_to_single", "consumers")
    )
    total = np.cumsum((came - left) / consumers, axis=1)
    before = np.zeros_like(total)
    before[:, WINDOW:] = total[:, :-WINDOW]
    weeks = np.minimum(np.arange(total.shape[1]), WINDOW)  # week 0 has no flow
    return (total - before) / np.maximum(weeks, 1)
