"""Figures on taste or trap: both markets from both histories, and from the low and the high start."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from abm.report.charts.style import INK, PALETTE, Panel, colours, latin1_text, new_figure, to_svg, value_axis_title
from abm.report.explain import text
from abm.report.explain.findings import ExplanationFiles
from abm.report.html import Section
from abm.report.text.number_format import number

_UP, _DOWN = PALETTE[0], PALETTE[1]
_PARTS = {"taste": PALETTE[3], "mechanisms": PALETTE[2], "history": "#8a8a8a"}
_PART_NAMES = {
    "taste": "taste (preference, integration)",
    "mechanisms": "other mechanisms",
    "history": "where they started",
}


def histories(found: ExplanationFiles) -> Section:
    """Draw both markets from both histories, and the gap that is left split into taste, mechanisms and history."""
    panels = [_curves(found), _parts(found)]
    caption = (
        "Left: after the end of the experiment, each market's parameters from its own history (solid) and from "
        "the other's "
        "(dashed): the other's adopters, habits, awareness and merchants; dotted: its trust as well. Means over "
        "52 weeks and "
        "seeds. Right: the gap then, split by Shapley values (95 % intervals over seeds)."
    )
    legend = [(colour, _PART_NAMES[part]) for part, colour in _PARTS.items()]
    return Section("history", "Taste or trap: from the other's history", text.history(found), caption, panels, legend)


def states(found: ExplanationFiles) -> Section:
    """Draw each market from the low and from the high start."""
    panels = [_state_panel(found, market, title) for market, title in zip(_markets(found), found.titles, strict=True)]
    caption = (
        "Today's parameters held for decades. Low start: nobody shops in the super-app, all habits single. High "
        "start: everybody "
        "does, all habits super, all merchants there, trust as good as the service. Everyone knows the shop. "
        "Thin lines: seeds."
    )
    return Section("states", "Taste or trap: one stable state or two", text.verdict(found), caption, panels)


def _curves(found: ExplanationFiles) -> Panel:
    table, palette = found.tables["curves"], colours(_markets(found))
    column = "adoption" if found.facts["outcome"] == "adoption" else "gmv_share"
    figure, axes = new_figure((460, 320), right=14)
    for i, own in enumerate(("low", "high")):
        other = ("high", "low")[i]
        colour = palette[_markets(found)[i]]
        for past, trust, style in ((own, False, "-"), (other, False, (0, (5, 2))), (other, True, (0, (1, 1.5)))):
            years, values = _yearly(table, (own, past, trust), column)
            axes.plot(years, 100 * values, color=colour, ls=style, lw=1.9)
    ends = [_yearly(table, (own, own, False), column)[1][-1] for own in ("low", "high")]
    for title, end, market in zip(found.titles, ends, _markets(found), strict=True):
        axes.annotate(
            latin1_text(title), (axes.get_xlim()[1], 100 * end), (-2, 6), textcoords="offset points", ha="right",
            color=palette[market], fontweight="bold",
        )  # fmt: skip
    axes.set_ylim(bottom=0)
    axes.set_xlabel("years after the end of the experiment", fontsize=10)
    name = "adoption" if column == "adoption" else "GMV share"
    value_axis_title(axes, f"{name}, % (mean of 52 weeks)")
    alt = f"{name} of both markets' parameters from both histories over time."
    return Panel("From both histories", alt, to_svg(figure, alt))


def _yearly(table: pd.DataFrame, cell: tuple[str, str, bool], column: str) -> tuple[np.ndarray, np.ndarray]:
    own, past, trust = cell
    rows = table[
        (table["taste"] == own)
        & (table["mechanisms"] == own)
        & (table["history"] == past)
        & (table["with_trust"] == trust)
    ]
    means = rows.groupby("week")[column].mean()
    years = means.groupby((means.index.to_numpy() - 1) // 52)
    whole = years.size() == 13
    return (years.mean().index.to_numpy() + 0.5)[whole], years.mean().to_numpy()[whole]


def _parts(found: ExplanationFiles) -> Panel:
    table = found.tables["history"]
    table = table[~table["with_trust"]]
    horizons = sorted(table["horizon"].unique())
    figure, axes = new_figure((460, 320), right=14)
    width = 0.26
    for i, (part, colour) in enumerate(_PARTS.items()):
        rows = table[table["part"] == part].set_index("horizon").loc[horizons]
        positions = np.arange(len(horizons)) + width * (i - 1)
        axes.bar(positions, 100 * rows["value"], width * 0.94, color=colour)
        half = np.array([found.half(e) for e in rows["standard_error"]]) * 100
        if not np.isnan(half).any():
            axes.vlines(positions, 100 * rows["value"] - half, 100 * rows["value"] + half, color=INK, lw=1.2)
    axes.axhline(0, color=INK, lw=0.9)
    axes.set_xticks(range(len(horizons)), [text._years(int(h)) for h in horizons])
    axes.set_xlabel("after the end of the experiment", fontsize=10)
    value_axis_title(axes, "part of the gap, percentage points")
    alt = "The gap split into taste, other mechanisms and where the markets started, at several horizons."
    return Panel("What the gap is made of then", alt, to_svg(figure, alt))


def _state_panel(found: ExplanationFiles, market: str, title: str) -> Panel:
    table = found.tables["states"]
    own = table[table["market"] == market]
    figure, axes = new_figure((460, 300), right=70)
    ends = {}
    for start, colour in (("high", _DOWN), ("low", _UP)):
        paths = own[own["start"] == start].pivot(index="week", columns="replicate", values="adoption") * 100
        axes.plot(paths.index / 52, paths, color=colour, lw=0.6, alpha=0.5)
        axes.plot(paths.index / 52, paths.mean(axis=1), color=colour, lw=2)
        ends[start] = (float(paths.mean(axis=1).iloc[-13:].mean()), colour)
    axes.set_ylim(0, max(float(own["adoption"].quantile(0.999)) * 103, 1.0))
    _apart(axes, ends)
    axes.set_xlabel("years with today's parameters", fontsize=10)
    value_axis_title(axes, "consumers in the super-app, %")
    values = {start: number(end, 1) for start, (end, _) in ends.items()}
    alt = f"{title}: adoption from a low start ends at {values['low']} %, from a high start at {values['high']} %."
    return Panel(title, alt, to_svg(figure, alt))


def _apart(axes: Axes, ends: dict[str, tuple[float, str]]) -> None:
    """Write each start at the end of its line, at least a row from the other."""
    bottom, top = axes.get_ylim()
    row = 13 * (top - bottom) / axes.bbox.height
    low, high = ends["low"][0], ends["high"][0]
    middle, shift = (low + high) / 2, max(row - (high - low), 0) / 2
    positions = {
        "low": min(low, middle - row / 2 if shift else low),
        "high": max(high, middle + row / 2 if shift else high),
    }
    for start, (_, colour) in ends.items():
        axes.annotate(
            f"{start} start", (axes.get_xlim()[1], positions[start]), (3, 0), textcoords="offset points", va="center",
            color=colour, annotation_clip=False,
        )  # fmt: skip


def _markets(found: ExplanationFiles) -> tuple[str, str]:
    return found.facts["low"], found.facts["high"]
