"""Figures of an explanation: the waterfall, three readings of each mechanism, the spread over parameter sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from abm.report.charts.style import INK, PALETTE, SOFT, Panel, latin1_text, new_figure, text_width, to_svg
from abm.report.explain import text
from abm.report.explain.findings import ExplanationFiles
from abm.report.html import Section
from abm.report.text.number_format import capitalized, number

_UP, _DOWN, _MORE = PALETTE[0], PALETTE[1], PALETTE[2]
_ROW = 25  # pixels of one mechanism


def waterfall(found: ExplanationFiles) -> Section:
    """Draw the way from the low market to the high one, mechanism by mechanism."""
    table = found.shapley
    labels = [_title(name) for name in table["mechanism"]]
    steps = table["value"].to_numpy() * found.factor
    low, high = (found.facts[f"{end}_value"]["mean"] * found.factor for end in ("low", "high"))
    edges = low + np.concatenate([[0.0], np.cumsum(steps)])
    names = [found.titles[0], *labels, f"with all of {found.titles[1]}"]
    figure, axes = _rows(names, (720, 66 + _ROW * len(names)))
    axes.barh(0, low, height=0.62, color=SOFT)
    axes.barh(len(names) - 1, high, height=0.62, color=SOFT)
    for i, step in enumerate(steps):
        axes.barh(i + 1, step, left=edges[i], height=0.62, color=_UP if step >= 0 else _DOWN)
        axes.plot([edges[i + 1]] * 2, [i + 0.69, i + 2.31], color=INK, lw=0.6)
    low_ends, high_ends = _error_ends(found, table)
    for i, (end, left, right) in enumerate(zip(edges[1:], low_ends, high_ends, strict=True)):
        if right > left:
            axes.plot([end + left, end + right], [i + 1] * 2, color=INK, lw=1.2)
    _value_labels(axes, found, [low, *edges[1:], high], [0.0, *high_ends, 0.0], [None, *steps, None])
    axes.set_xlim(1.04 * min(0.0, float((edges[1:] + low_ends).min(initial=0))), None)
    axes.set_xlim(right=axes.get_xlim()[1] * 1.16)
    axes.set_xlabel(_axis(found), fontsize=10)
    alt = "Waterfall: " + "; ".join(f"{n} {number(s, 2)}" for n, s in zip(labels, steps, strict=True)) + "."
    caption = (
        f"Shapley values: the mean, over all orders of replacing {found.names[0]}'s parameters by "
        f"{found.names[1]}'s, of what a "
        f"mechanism adds. Lines at the ends of bars: {_spread_words(found)}."
    )
    return Section(
        "waterfall", "What the gap is made of", text._largest(found), caption, [Panel("", alt, to_svg(figure, alt))]
    )


def readings(found: ExplanationFiles) -> Section:
    """Draw what each mechanism adds first, on average and last."""
    table = found.shapley[found.shapley["differs"]]
    names = [_title(name) for name in table["mechanism"]]
    figure, axes = _rows(names, (720, 66 + _ROW * max(len(names), 1)))
    kinds = (
        ("first_in", "first_in_error", _MORE, "o"),
        ("value", "standard_error", _UP, "D"),
        ("last_in", "last_in_error", _DOWN, "s"),
    )
    for i in range(len(names)):
        row = table[["first_in", "last_in"]].iloc[i] * found.factor
        axes.plot([row.min(), row.max()], [i, i], color="#c9c9c9", lw=3, solid_capstyle="round", zorder=1)
    for offset, (column, error, colour, marker) in zip((-0.16, 0.0, 0.16), kinds, strict=True):
        middle = table[column].to_numpy() * found.factor
        half = np.array([found.half(e) for e in table[error]]) * found.factor
        positions = np.arange(len(names)) + offset
        if not np.isnan(half).any():
            axes.hlines(positions, middle - half, middle + half, color=colour, lw=1.3)
        axes.plot(middle, positions, marker, color=colour, ms=5.5, mec="white", mew=0.6)
    axes.axvline(0, color=INK, lw=0.9)
    axes.set_xlabel(f"change of the outcome, {found.unit}", fontsize=10)
    alt = "What each mechanism adds first, on average over all orders, and last."
    legend = [(_MORE, f"first in: alone, added to {found.names[0]}"), (_UP, "Shapley: mean over all orders"),
           (_DOWN, f"last in: what {found.names[1]} would miss without it")]  # fmt: skip
    caption = "Lines: 95 % interval over seeds. Where the three disagree, the mechanism works through others."
    return Section(
        "readings",
        "One at a time misleads",
        text.together(found),
        caption,
        [Panel("", alt, to_svg(figure, alt))],
        legend,
    )


def draws(found: ExplanationFiles) -> Section:
    """Draw the spread of each part over parameter sets."""
    table, names = found.tables["draws"], list(found.shapley["mechanism"])
    figure, axes = _rows([_title(name) for name in names], (720, 66 + _ROW * len(names)))
    for i, name in enumerate(names):
        values = table.loc[table["mechanism"] == name, "value"].to_numpy() * found.factor
        low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
        axes.plot([low, high], [i, i], color=_UP, lw=2, solid_capstyle="butt")
        axes.plot(values, np.full(len(values), float(i)), "|", color=INK, ms=9, alpha=0.35)
        axes.plot(middle, i, "D", color=_UP, ms=6, mec="white")
    axes.axvline(0, color=INK, lw=0.9)
    axes.set_xlabel(f"part of the gap, {found.unit}", fontsize=10)
    n = int(found.facts["draws"])
    alt = f"Parts of the gap in each of {n} parameter sets."
    caption = f"Each tick: one of {n} parameter sets. Diamond: median; line: 5 to 95 % of the sets."
    takeaway = "How far the parts depend on parameters that the data leave open."
    return Section("draws", "Over parameter sets", takeaway, caption, [Panel("", alt, to_svg(figure, alt))])


def _rows(names: Sequence[str], size: tuple[int, int]) -> tuple[Any, Axes]:
    left = max(text_width(name) for name in names) + 16 if names else 42
    figure, axes = new_figure(size, left=left, right=16, top=10)
    axes.set_yticks(range(len(names)), [latin1_text(name) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    return figure, axes


def _error_ends(found: ExplanationFiles, table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return how far the line at each bar's end reaches to the left and to the right of it."""
    if "draw_low" in table:
        low, high = ((table[f"draw_{end}"] - table["value"]).to_numpy(np.float64) for end in ("low", "high"))
        return low * found.factor, high * found.factor
    half = np.nan_to_num([found.half(error) for error in table["standard_error"]]) * found.factor
    return -half, half


def _value_labels(
    axes: Axes, found: ExplanationFiles, ends: Sequence[float], beyond: Sequence[float], steps: Sequence[float | None]
) -> None:
    for i, (end, reach, step) in enumerate(zip(ends, beyond, steps, strict=True)):
        text = number(end, 1) if step is None else ("+" if step > 0 else "") + number(step, 2 if abs(step) < 10 else 1)
        if step == 0:
            text = "0, the same in both" if not found.shapley["differs"].iloc[i - 1] else "0"
        start = end - (step or 0.0)
        position = max(start, end, end + reach)  # right of the bar and of its line
        axes.annotate(text, (position, i), (5, 0), textcoords="offset points", va="center", fontsize=10, color=INK)


def _spread_words(found: ExplanationFiles) -> str:
    if found.facts["draws"] > 1:
        return f"5 to 95 % of {found.facts['draws']} parameter sets"
    n = found.facts["replicates"]
    return f"95 % interval over {n} seeds" if n > 1 else "none, for a single seed tells no error"


def _axis(found: ExplanationFiles) -> str:
    return found.label if found.in_weeks else f"{found.label}, %"


def _title(mechanism: str) -> str:
    label = text.mechanism_label(mechanism)
    return capitalized(label) if "." not in label else label
