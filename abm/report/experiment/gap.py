"""Where the gap between the leading and the last market opened, and the switching that opened it."""

from __future__ import annotations

import numpy as np

from abm.numerics.array_types import Floats
from abm.report.charts.band import band, describe_band
from abm.report.charts.line_panel import Line, Mark, PanelOptions, line_panel
from abm.report.charts.style import SOFT, Panel, colours
from abm.report.experiment.adoption import launch_marks
from abm.report.experiment.point_results import PointResults
from abm.report.experiment.statistics import opening, ranking
from abm.report.html import Section
from abm.report.text.number_format import capitalized, format_date

_INK = "#333333"
WINDOW = 13  # weeks over which switching is averaged


def gap_section(results: PointResults) -> Section | None:
    """Draw the difference between the top and the bottom market, and net switching; None for one market."""
    if len(results.markets) < 2:
        return None
    words = describe_band(len(results.replicates(results.baseline)))
    caption = (
        f"Scenario {results.baseline}. {words} Left: GMV share of one market minus the other's, replicate by "
        f"replicate. Right: consumers who came minus those who left, per 100 and week, mean of {WINDOW} weeks."
    )
    panels = [_difference(results), _switching(results)]
    return Section("gap", "Where the gap opened", gap_takeaway(results), caption, panels)


def _difference(results: PointResults) -> Panel:
    order = ranking(results)
    top, bottom = order[0], order[-1]
    upper, lower = (results.paths(results.baseline, market, "gmv_share") for market in (top, bottom))
    shown = band(upper - lower).scaled(100.0)
    row = opening(results, top, bottom)
    marks = [Mark(results.dates[row], f"apart from {format_date(results.dates[row])}", SOFT)] if row else []
    title = f"{results.titles[top]} minus {results.titles[bottom]}"
    alt = f"{title}, GMV share in percentage points over time; at the end {shown.middle[-1]:.3g} points."
    scene = PanelOptions("GMV share, percentage points", marks=marks, difference=True)
    return line_panel(title, alt, results.dates, [Line("", _INK, shown)], scene)


def _switching(results: PointResults) -> Panel:
    palette = colours(results.markets)
    lines = [
        Line(results.titles[market], palette[market], band(_net_switching(results, market)).scaled(100.0))
        for market in results.markets
    ]
    title = "Net switching to the super-app"
    peaks = [f"{line.label} {line.band.middle.max():.3g}" for line in lines]
    alt = f"{title} over time, per 100 consumers and week; highest: {', '.join(peaks)}."
    scene = PanelOptions("consumers gained per 100 and week", marks=launch_marks(results, labels=True), difference=True)
    return line_panel(title, alt, results.dates, lines, scene)


def _net_switching(results: PointResults, market: str) -> Floats:
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


def gap_takeaway(results: PointResults) -> str:
    """Say since when the leading market's band stays above the last one's."""
    order = ranking(results)
    top, bottom = order[0], order[-1]
    names = results.names[top], results.names[bottom]
    row = opening(results, top, bottom)
    kind = "band" if len(results.replicates(results.baseline)) > 1 else "curve"
    if row is None:
        return f"The {kind}s of {names[0]} and {names[1]} still overlap at the end: no lasting gap has opened."
    if row == 0:
        return f"{capitalized(names[0])}'s {kind} lies above {names[1]}'s from the first week."
    text = f"The gap opened in the week to {format_date(results.dates[row])}: since then "
    text += f"{names[0]}'s {kind} stays above {names[1]}'s"
    closed = results.launches.get(bottom)
    if closed is not None and results.dates[row] < closed:
        text += f", which opened its shop only on {format_date(closed)}"
    return text + "."
