"""A sweep: the same curve for several values of a parameter, one line per value, one panel per market."""

from __future__ import annotations

from collections.abc import Sequence

from abm.report.charts.band import band, describe_band
from abm.report.charts.line_panel import Line, PanelOptions, line_panel
from abm.report.charts.style import Panel, ordered_colours
from abm.report.experiment.point_results import PointResults
from abm.report.experiment.statistics import last_period, level, share
from abm.report.experiment.summary_table import Cell
from abm.report.html import Section
from abm.report.text.number_format import format_interval, join_words, percent

MOST = 6  # values drawn


def sweep_section(points: Sequence[PointResults]) -> Section | None:
    """Draw GMV share over time for each swept value; None without a sweep."""
    if len(points) < 2:
        return None
    shown = chosen(points)
    first = points[0]
    names = [name.removeprefix("markets.") for name in first.swept]
    panels = [_panel(shown, market) for market in first.markets]
    caption = f"Scenario {first.baseline}; one line for each value of {join_words(names)}. "
    caption += describe_band(min(len(point.replicates(point.baseline)) for point in shown))
    if len(shown) < len(points):
        labels = "; ".join(point.label for point in shown)
        caption += f" {len(shown)} of {len(points)} values are drawn: {labels}."
    legend = [(colour, point.label) for point, colour in zip(shown, ordered_colours(len(shown)), strict=True)]
    return Section("sweep", "Over the sweep", sweep_takeaway(points), caption, panels, legend)


def sweep_table(points: Sequence[PointResults]) -> list[tuple[str, list[Cell]]]:
    """Return, for every swept value, the GMV share of the last period in each market under the baseline."""
    return [(point.label, [_cell(point, market) for market in point.markets]) for point in points]


def _cell(point: PointResults, market: str) -> Cell:
    found = level(point, share(point, market, last_period(point)), point.baseline)
    return Cell(percent(found.value), format_interval(found, percent, 0.0), "")


def chosen(points: Sequence[PointResults]) -> list[PointResults]:
    """Return at most ``MOST`` of the points, evenly spaced, with the first and the last."""
    if len(points) <= MOST:
        return list(points)
    return [points[round(i * (len(points) - 1) / (MOST - 1))] for i in range(MOST)]


def _panel(points: Sequence[PointResults], market: str) -> Panel:
    palette = ordered_colours(len(points))
    lines = []
    for point, colour in zip(points, palette, strict=True):
        shown = band(point.paths(point.baseline, market, "gmv_share")).scaled(100.0)
        lines.append(Line(_short(point), colour, shown))
    title = points[0].titles[market]
    ends = [f"{point.label}: {line.band.middle[-1]:.3g} %" for point, line in zip(points, lines, strict=True)]
    alt = f"{title}: GMV share over time for each swept value; at the end {'; '.join(ends)}."
    scene = PanelOptions("super-app's share of online spend, %", ceiling=100.0)
    return line_panel(title, alt, points[0].dates, lines, scene)


def _short(point: PointResults) -> str:
    """Return the swept values without their names."""
    text = ", ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in point.swept.values())
    return text if len(text) <= 16 else text[:15] + "\u2026"


def sweep_takeaway(points: Sequence[PointResults]) -> str:
    """Say how far each market's share moves over the swept values."""
    first = points[0]
    period = last_period(first)
    texts = []
    for market in first.markets:
        means = [(level(point, share(point, market, period), point.baseline).value, point.label) for point in points]
        low, high = min(means), max(means)
        ends = f"from {percent(low[0])} ({low[1]}) to {percent(high[0])} ({high[1]})"
        texts.append(f"{first.names[market]}'s GMV share runs {ends}")
    return f"Over the {len(points)} swept values, {join_words(texts)} {period.label}."
