"""Forest plots: one row per scenario, its effect as a point with its 95 % interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from abm.analysis.effects.estimate import Estimate
from abm.analysis.effects.measures import ALL
from abm.report.charts.line_panel import dark
from abm.report.charts.style import (
    INK,
    PALETTE,
    SOFT,
    Panel,
    latin1_text,
    new_figure,
    text_width,
    to_svg,
    value_axis_title,
)
from abm.report.experiment.point_results import PointResults
from abm.report.experiment.scenario_effects import ScenarioEffects
from abm.report.html import Section
from abm.report.text.number_format import percent, quoted, scenario_label

_WIDTH, _ROW = 460, 26  # pixels
_GROUPS = ("low", "middle", "high")
_MOMENTS = (  # colour, moment of counting, in words
    (PALETTE[0], "after", "when all levers have ended"),
    (PALETTE[1], "end", "at the end of the run"),
)


class Series(NamedTuple):
    """What a forest plot shows under one colour: one estimate per row."""

    label: str
    colour: str
    estimates: Sequence[Estimate]


def effects_section(results: PointResults, effects: ScenarioEffects) -> Section:
    """Draw extra sales, extra adopters, what is left of them, and cost per extra dollar, scenario by scenario."""
    names = [scenario_label(name) for name in effects.scenarios]
    during, after = PALETTE[0], PALETTE[1]
    money, people = _money(effects), _people(effects)
    panels = [
        _panel(
            f"Extra sales, {money[0]}", names,
            [_series(effects, "gmv_during", "while levers act", during, money[1]),
             _series(effects, "gmv_after", "afterwards", after, money[1])],
        ),
        _panel(
            f"Extra adopters, {people[0]}", names,
            [_series(effects, "adopters_after", "when the levers end", during, people[1]),
             _series(effects, "adopters_end", "at the end of the run", after, people[1])],
        ),
        _panel("Share of extra adopters left up to a year later, %", names,
               [_series(effects, "persistence", "", INK, 100.0)]),
        _panel("Cost per extra US$ of sales, US$", names, [_series(effects, "cost_per_gmv", "", INK, 1.0)]),
    ]  # fmt: skip
    where = "all markets together" if effects.focus == ALL else results.names[effects.focus]
    caption = (
        f"Points: mean of differences to {results.baseline}, replicate by replicate, in {where}; lines: their 95 % "
        "interval. A row without a point has no value: no cost, no effect beyond chance, or no weeks left."
    )
    legend = [(during, "while levers act, or when they end"), (after, "afterwards, or at the end of the run")]
    shown = [panel for panel in panels if panel is not None]
    return Section("forest", "Scenarios against the baseline", effects_takeaway(effects), caption, shown, legend)


def switchers_section(results: PointResults, effects: ScenarioEffects) -> Section | None:
    """Draw who switches under the scenario with the most extra adopters; None if nobody is known to."""
    scenario = _strongest(effects)
    if scenario is None or effects.by_group.empty:
        return None
    market = effects.acts_in(scenario)[0]
    rows = effects.by_group[(effects.by_group["scenario"] == scenario) & (effects.by_group["market"] == market)]
    twice = _counted_twice(effects.by_group)
    moments = _MOMENTS if twice else _MOMENTS[1:]
    panels, drawn = [], []
    for trait in ("taste", "degree", "trust"):
        parts = rows[rows["trait"] == trait]
        groups = [group for group in _GROUPS if (parts["group"] == group).any()]
        if len(groups) < 2:
            continue  # everybody is alike
        both = [Series("", colour, [_group(parts, group, moment) for group in groups]) for colour, moment, _ in moments]
        panel = _panel(f"Extra adopters per 100 consumers, by {trait}", groups, both)
        if panel is not None:
            panels.append(panel)
            drawn.append(trait)
    if not panels:
        return None
    caption = (
        f"Consumers of {results.names[market]} by taste for the super-app, number of ties, and trust before anything "
        "is done: thirds, but for those with equal values, who stay together; groups below a tenth are left out. "
        f"The same people under {quoted(scenario)} and under {results.baseline}. Lines: 95 % interval."
    )
    if twice:
        caption += " The first count is made when the last lever of any scenario ends."
    legend = [(colour, when) for colour, _, when in moments]
    return Section(
        "who",
        "Who switches",
        _switchers_takeaway(rows[rows["trait"].isin(drawn)], scenario, moments[0]),
        caption,
        panels,
        legend,
    )


def effects_takeaway(effects: ScenarioEffects) -> str:
    """Name the scenarios with the most extra sales, and the cheapest."""
    known = [name for name in effects.scenarios if effects.of(name, "gmv").certain]
    if not known:
        return "No scenario changes sales by more than chance could."
    most = max(known, key=lambda name: effects.of(name, "gmv").value)
    cheap = [name for name in known if effects.of(name, "cost_per_gmv").value > 0 and effects.of(name, "gmv").value > 0]
    text = f"Most extra sales: {quoted(most)}."
    if len(cheap) > 1:
        best = min(cheap, key=lambda name: effects.of(name, "cost_per_gmv").value)
        also = "it also costs" if best == most else f"{quoted(best)} costs"
        text += f" Of those that bring more, {also} least per extra US$ sold."
    return text


def _switchers_takeaway(rows: pd.DataFrame, scenario: str, counted: tuple[str, str, str]) -> str:
    """Name the group that moves most."""
    _, moment, when = counted
    found = rows[(rows["moment"] == moment) & ((rows["low"] > 0) | (rows["high"] < 0))]
    if found.empty:
        return f"Under {quoted(scenario)}, no group has moved by more than chance could {when}."
    top = found.iloc[int(found["value"].abs().to_numpy().argmax())]
    does, otherwise = (
        ("shop", "would not have done so") if top["value"] > 0 else ("no longer shop", "would have done so")
    )
    return (
        f"Under {quoted(scenario)}, those with {top['group']} {top['trait']} move most: "
        f"{percent(abs(top['value']) / 100)} of them {does} in the super-app {when}, and {otherwise} without it."
    )


def _counted_twice(by_group: pd.DataFrame) -> bool:
    """Say whether all levers had ended before the run did: if not, both counts are made at its end."""
    after, end = (by_group.loc[by_group["moment"] == moment, "value"].to_numpy() for moment in ("after", "end"))
    return bool((after != end).any())


def _group(parts: pd.DataFrame, group: str, moment: str) -> Estimate:
    row = parts[(parts["group"] == group) & (parts["moment"] == moment)].iloc[0]
    return Estimate(*row[list(Estimate._fields)])


def _strongest(effects: ScenarioEffects) -> str | None:
    names = [name for name in effects.scenarios if effects.of(name, "adopters_after").certain and effects.acts_in(name)]
    return max(names, key=lambda name: abs(effects.of(name, "adopters_after").value), default=None)


def _series(effects: ScenarioEffects, measure: str, label: str, colour: str, factor: float) -> Series:
    found = [effects.of(name, measure) for name in effects.scenarios]
    return Series(label, colour, [one.scaled(factor) for one in found])


def _money(effects: ScenarioEffects) -> tuple[str, float]:
    sizes = [abs(effects.of(n, m).value) for n in effects.scenarios for m in ("gmv_during", "gmv_after")]
    return ("US$ bn", 1e-9) if np.nanmax([*sizes, 0.0]) >= 1e9 else ("US$ m", 1e-6)


def _people(effects: ScenarioEffects) -> tuple[str, float]:
    sizes = [abs(effects.of(n, m).value) for n in effects.scenarios for m in ("adopters_after", "adopters_end")]
    largest = np.nanmax([*sizes, 0.0])
    return (
        ("million people", 1e-6) if largest >= 1e6 else ("thousand people", 1e-3) if largest >= 1e4 else ("people", 1.0)
    )


def _panel(title: str, names: Sequence[str], series: Sequence[Series]) -> Panel | None:
    """Draw one forest; None if nothing in it is known."""
    if not any(found.known for part in series for found in part.estimates):
        return None
    left = min(190.0, max(text_width(name) for name in names) + 16)
    figure, axes = new_figure((_WIDTH, 62 + _ROW * len(names)), left=left, top=14, right=16)
    for place, part in enumerate(series):
        shift = 0.16 * (2 * place - len(series) + 1)
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
