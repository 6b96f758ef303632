"""What each scenario changes against the baseline, under the same random numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from abm.analysis.effects.estimate import Estimate
from abm.numerics.array_types import Floats
from abm.report.charts.band import band, describe_band
from abm.report.charts.line_panel import Line, PanelOptions, Span, line_panel
from abm.report.charts.style import Panel, colours
from abm.report.experiment.point_results import PointResults
from abm.report.experiment.statistics import Period, effect, last_period, share
from abm.report.html import Section
from abm.report.text.number_format import format_date, format_interval, join_words, points, quoted, scenario_label

MOST = 12  # scenarios drawn; the table above has all
MANY_LINES = 6


def scenario_section(results: PointResults) -> Section | None:
    """Draw the paired difference in GMV share, one panel per scenario; None for a baseline alone."""
    if not results.others:
        return None
    shown = results.others[:MOST]
    start = _start(results, shown)
    panels = [_panel(results, scenario, start) for scenario in shown]
    n = min(len(results.replicates(scenario, results.baseline)) for scenario in shown)
    caption = (
        f"GMV share under the scenario minus that under {results.baseline}, replicate by replicate: the same random "
        f"numbers, so what differs is due to the scenario. {describe_band(n)}"
    )
    if any(results.windows(scenario) for scenario in shown):
        caption += " Shaded under a bar: weeks in which something is done, in the colour of the market where."
    if start:
        caption += " The weeks before, without any difference, are left out."
    if len(results.others) > MOST:
        drawn = join_words([quoted(name) for name in shown])
        caption += f" Drawn are the first {MOST} of {len(results.others)} scenarios: {drawn}."
    return Section("scenarios", "Scenarios", scenario_takeaway(results), caption, panels)


def _panel(results: PointResults, scenario: str, start: int) -> Panel:
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
    scene = PanelOptions("difference in GMV share, percentage points", spans=list(spans.values()), difference=True)
    extremes = [f"{line.label} {line.band.middle.min():.3g} to {line.band.middle.max():.3g}" for line in lines]
    alt = f"{scenario_label(scenario)}: difference in GMV share from the baseline in points; {', '.join(extremes)}."
    return line_panel(scenario_label(scenario), alt, dates, _labelled(lines), scene)


def _labelled(lines: list[Line]) -> list[Line]:
    """Return the lines; of many, only those keep their label that can be seen to move."""
    if len(lines) <= MANY_LINES:
        return lines
    sizes = [float(np.abs(line.band.middle).max()) for line in lines]
    return [
        line if size > 0.02 * max(sizes) else replace(line, label="") for line, size in zip(lines, sizes, strict=True)
    ]


def _difference(results: PointResults, scenario: str, market: str) -> Floats:
    both = results.replicates(scenario, results.baseline)
    changed, usual = (results.paths(name, market, "gmv_share", both) for name in (scenario, results.baseline))
    return changed - usual


def _start(results: PointResults, scenarios: list[str]) -> int:
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


def scenario_takeaway(results: PointResults) -> str:
    """Name the scenario and market with the biggest effect in the last period."""
    period = last_period(results)
    scenario, market, found = _largest_effect(results, period)
    if found.always_zero:
        return f"No scenario changes the GMV share of any market {period.label}: the differences are exactly 0."
    certainty = ""
    if format_interval(found, points):
        certainty = "" if found.certain else ", which chance alone could explain"
    return (
        f"The biggest effect {period.label} is that of {quoted(scenario)} on {results.names[market]}: "
        f"{_describe_effect(found)} of GMV share{certainty}. {_describe_peak(results, scenario, market)}"
    )


def _largest_effect(results: PointResults, period: Period) -> tuple[str, str, Estimate]:
    """Return the scenario and market whose GMV share moves most, and by how much."""
    effects = [
        (scenario, market, effect(results, share(results, market, period), scenario))
        for scenario in results.others
        for market in results.markets
    ]
    return max(effects, key=lambda item: abs(item[2].value))


def _describe_peak(results: PointResults, scenario: str, market: str) -> str:
    both = results.replicates(scenario, results.baseline)
    changed, usual = (results.paths(name, market, "gmv_share", both) for name in (scenario, results.baseline))
    differences = band(changed - usual).middle
    row = int(np.argmax(np.abs(differences)))
    return (
        f"It is largest in the week to {format_date(results.dates[row])}, at {points(float(differences[row]))} points."
    )


def _describe_effect(found: Estimate) -> str:
    text = f"{points(found.value)} percentage points"
    around = format_interval(found, points)
    return f"{text} (95 % interval {around})" if around else text
