"""Forest plots: one row per name, each estimate as a point with its 95 % interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from abm.analysis.effects.estimate import Estimate
from abm.report.charts.line_panel import dark
from abm.report.charts.style import (
    INK,
    SOFT,
    Panel,
    latin1_text,
    new_figure,
    text_width,
    to_svg,
    value_axis_title,
)

_WIDTH, _ROW = 460, 26  # pixels


class Series(NamedTuple):
    """What a forest plot shows under one colour: one estimate per row."""

    label: str
    colour: str
    estimates: Sequence[Estimate]


def forest_panel(title: str, names: Sequence[str], series: Sequence[Series]) -> Panel | None:
    """Draw one forest plot.

    Parameters
    ----------
    title : str
        What is shown; what follows a comma is its unit.
    names : sequence of str
        One per row.
    series : sequence of Series
        Drawn beside each other in every row.

    Returns
    -------
    Panel or None
        None if no estimate is known.
    """
    if not any(found.known for part in series for found in part.estimates):
        return None
    left = min(190.0, max(text_width(name) for name in names) + 16)
    figure, axes = new_figure((_WIDTH, 62 + _ROW * len(names)), left=left, top=14, right=16)
    for position, part in enumerate(series):
        shift = 0.16 * (2 * position - len(series) + 1)
        for row, found in enumerate(part.estimates):
            if found.known:
                _draw(axes, row + shift, found, part.colour)
    axes.axvline(0, color=INK, lw=0.9, zorder=1)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), [latin1_text(_short(name, left)) for name in names], color=INK)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.locator_params(axis="x", nbins=5)
    axes.margins(x=0.06)
    axes.set_xlabel(title.rpartition(", ")[2] if ", " in title else title, fontsize=10, color=SOFT)
    value_axis_title(axes, "")
    said = [
        f"{name} {part.estimates[i].value:.3g}"
        for i, name in enumerate(names)
        for part in series
        if part.estimates[i].known
    ]
    alt = f"{title}: {', '.join(said)}."
    return Panel(title.partition(",")[0] if "by " not in title else title, alt, to_svg(figure, alt))


def _draw(axes: Axes, row: float, found: Estimate, colour: str) -> None:
    if not np.isnan(found.low):
        axes.plot([found.low, found.high], [row, row], color=colour, lw=1.6, solid_capstyle="butt", zorder=2)
    axes.plot([found.value], [row], marker="o", ms=5.5, color=colour, mec=dark(colour), zorder=3)


def _short(name: str, left: float) -> str:
    while text_width(name) > left - 14:
        name = name.rstrip("\u2026")[:-1] + "\u2026"
    return name
