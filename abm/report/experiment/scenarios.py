"""What each scenario changes against the baseline, under the same random numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from abm.report.charts.line_panel import Line, Scene, Span, line_panel
from abm.report.charts.style import Panel, Plate, colours
from abm.report.experiment import takeaways
from abm.report.experiment.run_frame import Floats, Results
from abm.report.experiment.statistics import band, band_words
from abm.report.text.number_format import called, listed, quoted

MOST = 12  # scenarios drawn; the table above has all
MANY_LINES = 6


def scenario_plate(results: Results) -> Plate | None:
    """Draw the paired difference in GMV share, one panel per scenario; None for a baseline alone."""
    if not results.others:
        return None
    shown = results.others[:MOST]
    start = _start(results, shown)
    panels = [_panel(results, scenario, start) for scenario in shown]
    n = min(len(results.replicates(scenario, results.baseline)) for scenario in shown)
    caption = (
        f"GMV share under the scenario minus that under {results.baseline}, replicate by replicate: the same random "
        f"numbers, so what differs is due to the scenario. {band_words(n)}"
    )
    if any(results.windows(scenario) for scenario in shown):
        caption += " Shaded under a bar: weeks in which something is done, in the colour of the market where."
    if start:
        caption += " The weeks before, without any difference, are left out."
    if len(results.others) > MOST:
        drawn = listed([quoted(name) for name in shown])
        caption += f" Drawn are the first {MOST} of {len(results.others)} scenarios: {drawn}."
    return Plate("scenarios", "Scenarios", takeaways.scenarios(results), caption, panels)


def _panel(results: Results, scenario: str, start: int) -> Panel:
    palette, dates = colours(results.markets), results.dates[start:]
    lines = []
    for market in results.markets:
        shown = band(_difference(results, scenario, market)[:, start:]).scaled(100.0)
        lines.append(Line(results.titles[market], palette[market], shown))
    spans = {
        (first, last): Span(first, _visible(first, last, dates), palette[market])  # the same weeks are shaded once
        for market, _, first, last in results.windows(scenario)
        if market in palette and last >= dates[0]
    }
    scene = Scene("difference in GMV share, percentage points", spans=list(spans.values()), difference=True)
    extremes = [f"{line.label} {line.band.middle.min():.3g} to {line.band.middle.max():.3g}" for line in lines]
    alt = f"{called(scenario)}: difference in GMV share from the baseline in points; {', '.join(extremes)}."
    return line_panel(called(scenario), alt, dates, _labelled(lines), scene)


def _labelled(lines: list[Line]) -> list[Line]:
    """Return the lines; of many, only those keep their label that can be seen to move."""
    if len(lines) <= MANY_LINES:
        return lines
    sizes = [float(np.abs(line.band.middle).max()) for line in lines]
    return [
        line if size > 0.02 * max(sizes) else replace(line, label="") for line, size in zip(lines, sizes, strict=True)
    ]


def _difference(results: Results, scenario: str, market: str) -> Floats:
    both = results.replicates(scenario, results.baseline)
    changed, usual = (results.paths(name, market, "gmv_share", both) for name in (scenario, results.baseline))
    return changed - usual


def _start(results: Results, scenarios: list[str]) -> int:
    """Return the first row worth drawing: shortly before any market differs in any scenario."""
    n = len(results.dates)
    firsts = [
        int(differs[0])
        for scenario in scenarios
        for market in results.markets
        if len(differs := np.flatnonzero(_difference(results, scenario, market).any(0)))
    ]
    first = min(firsts, default=0)
    start = first - max(4, (n - first) // 4)
    return start if start > n // 8 else 0


def _visible(first: date, last: date, dates: list[date]) -> date:
    """Return a last day that makes the shade at least two pixels wide."""
    least = max(1, (dates[-1] - dates[0]).days // 180)
    return max(last, date.fromordinal(first.toordinal() + least))
