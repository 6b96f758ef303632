"""A panel of lines over time: bands, labels at the line ends, launches, lever windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from abm.numerics.array_types import Floats
from abm.report.charts.band import Band
from abm.report.charts.labels import spread_labels
from abm.report.charts.style import INK, Panel, date_axis, latin1_text, new_figure, text_width, to_svg, value_axis_title

WIDE, COMPACT = (460, 300), (320, 225)
_MOST_POINTS = 520  # per line; longer runs are thinned
_SIDES = {"left": 0.0, "center": 0.5, "right": 1.0}  # part of a label that lies left of its mark


@dataclass(frozen=True)
class Line:
    """A curve with its band; ``label`` goes to its right end, empty for none."""

    label: str
    colour: str
    band: Band


@dataclass(frozen=True)
class Mark:
    """A day worth a vertical line, such as a launch; ``label`` goes above it, empty for none."""

    day: date
    label: str
    colour: str


@dataclass(frozen=True)
class Span:
    """Days to shade, such as those of a lever."""

    first: date
    last: date
    colour: str


@dataclass(frozen=True)
class PanelOptions:
    """What surrounds the lines of a panel: its unit, size, marks and shades."""

    unit: str
    size: tuple[int, int] = WIDE
    marks: Sequence[Mark] = ()
    spans: Sequence[Span] = ()
    difference: bool = False  # draw the zero line and let values be negative
    ceiling: float | None = None  # largest value that makes sense, such as 100 %


def line_panel(title: str, alt: str, dates: Sequence[date], lines: Sequence[Line], scene: PanelOptions) -> Panel:
    """Draw lines over time.

    Parameters
    ----------
    title, alt : str
        Heading of the panel and what it shows, in words.
    dates : sequence of date
        One per point of every line.
    lines : sequence of Line
    scene : PanelOptions
    """
    right = 1.12 * max((text_width(line.label) for line in lines), default=0.0)  # bold is wider
    right += 14 if any(line.label for line in lines) else 4
    right = max(right, 14)
    rows = _rows(scene.marks, dates, scene.size[0] - right - 42)
    figure, axes = new_figure(scene.size, right=right, top=24 + 14 * (max(rows) + 1 if rows else 0))
    every = _thinned(len(dates))
    days = np.array([day.toordinal() for day in dates], float)[every]
    for line in lines:
        _draw(axes, days, line, every)
    date_axis(axes, dates)
    _limit(axes, lines, scene)
    for span in scene.spans:
        days_shaded = span.first.toordinal(), span.last.toordinal()
        axes.axvspan(*days_shaded, color=span.colour, alpha=0.08, lw=0, zorder=0.5)
        axes.axvspan(*days_shaded, 0.98, 1.0, color=span.colour, alpha=0.9, lw=0)
    _mark(axes, scene.marks, rows)
    value_axis_title(axes, scene.unit, 9 + 14 * (max(rows) + 1 if rows else 0))
    _label_ends(axes, lines)
    return Panel(title, alt, to_svg(figure, alt))


def dark(colour: str) -> str | tuple[float, float, float]:
    """Return a colour dark enough for text on white."""
    red, green, blue = to_rgb(colour)
    brightness = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    factor = min(1.0, 0.42 / brightness) if brightness else 1.0
    return red * factor, green * factor, blue * factor


def _draw(axes: Axes, days: Floats, line: Line, every: list[int]) -> None:
    middle, low, high, n = line.band
    if n > 1:
        axes.fill_between(days, low[every], high[every], color=line.colour, alpha=0.2, lw=0)
    marker = "o" if len(days) < 10 else ""
    axes.plot(days, middle[every], color=line.colour, lw=1.9, marker=marker, ms=4, solid_joinstyle="round")


def _limit(axes: Axes, lines: Sequence[Line], scene: PanelOptions) -> None:
    low = min((float(line.band.low.min()) for line in lines), default=0.0)
    high = max((float(line.band.high.max()) for line in lines), default=0.0)
    if scene.difference:
        low, high = (min(low, 0.0), max(high, 0.0)) if low or high else (-1.0, 1.0)
        axes.axhline(0, color=INK, lw=0.9)
    else:
        low = 0.0
    margin = 0.06 * (high - low) if high > low else 1.0
    top = high + margin if scene.ceiling is None else min(high + margin, 1.02 * scene.ceiling)
    axes.set_ylim(low - margin if scene.difference else low, top)


def _rows(marks: Sequence[Mark], dates: Sequence[date], width: float) -> list[int]:
    """Return the row above the panel for each mark's label, so that labels do not touch."""
    days = max((dates[-1] - dates[0]).days, 1)
    ends: list[float] = []
    rows = []
    for mark in marks:
        if not mark.label:
            continue
        part = (mark.day - dates[0]).days / days
        left = part * width - _SIDES[_side(part)] * text_width(mark.label, 10)
        row = next((i for i, end in enumerate(ends) if left > end + 8), len(ends))
        ends[row : row + 1] = [left + text_width(mark.label, 10)]
        rows.append(row)
    return rows


def _mark(axes: Axes, marks: Sequence[Mark], rows: Sequence[int]) -> None:
    labelled = iter(rows)
    left, right = axes.get_xlim()
    for mark in marks:
        position = mark.day.toordinal()
        axes.axvline(position, color=mark.colour, lw=1.1, ls=(0, (2, 2)), zorder=1)
        if not mark.label:
            continue
        side = _side((position - left) / (right - left))
        axes.annotate(
            latin1_text(mark.label), (position, 1), (0, 3 + 14 * next(labelled)), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha=side, va="bottom", fontsize=10, color=dark(mark.colour),
        )  # fmt: skip


def _side(part: float) -> Literal["left", "center", "right"]:
    """Return how a label stands on its mark, so that it stays inside the panel."""
    return "left" if part < 0.15 else "right" if part > 0.85 else "center"


def _label_ends(axes: Axes, lines: Sequence[Line]) -> None:
    """Write each label at the right end of its line, moved up or down where labels would touch."""
    named = [line for line in lines if line.label]
    figure = axes.get_figure(root=True)
    assert figure is not None
    width, height = figure.get_figwidth() * 72, figure.get_figheight() * 72
    ends = [float(axes.transData.transform((0, line.band.middle[-1]))[1]) for line in named]
    order = sorted(range(len(named)), key=lambda i: ends[i])
    positions = spread_labels([ends[i] for i in order], axes.bbox.y0 - 6, axes.bbox.y1 + 4)
    for i, position in zip(order, positions, strict=True):
        figure.text(
            (axes.bbox.x1 + 6) / width, position / height, latin1_text(named[i].label), ha="left", va="center",
            color=dark(named[i].colour), fontsize=11, fontweight="bold" if len(named) < 4 else "normal",
        )  # fmt: skip


def _thinned(n: int) -> list[int]:
    step = -(-n // _MOST_POINTS)
    return sorted({*range(0, n, step), n - 1})
