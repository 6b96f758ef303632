"""Scenarios against the baseline: extra sales and adopters, what is left of them, and what they cost."""

from __future__ import annotations

import numpy as np

from abm.analysis.effects.measures import ALL
from abm.report.charts.forest_plot import Series, forest_panel
from abm.report.charts.style import (
    INK,
    PALETTE,
)
from abm.report.experiment.point_results import PointResults
from abm.report.experiment.scenario_effects import ScenarioEffects
from abm.report.html import Section
from abm.report.text.number_format import quoted, scenario_label


def effects_section(results: PointResults, effects: ScenarioEffects) -> Section:
    """Draw extra sales, extra adopters, what is left of them, and cost per extra dollar, scenario by scenario.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    effects : ScenarioEffects
        What the scenarios change at that point.

    Returns
    -------
    Section
    """
    names = [scenario_label(name) for name in effects.scenarios]
    during, after = PALETTE[0], PALETTE[1]
    money, people = _money(effects), _people(effects)
    panels = [
        forest_panel(
            f"Extra sales, {money[0]}", names,
            [_series(effects, "gmv_during", "while levers act", during, money[1]),
             _series(effects, "gmv_after", "afterwards", after, money[1])],
        ),
        forest_panel(
            f"Extra adopters, {people[0]}", names,
            [_series(effects, "adopters_after", "when the levers end", during, people[1]),
             _series(effects, "adopters_end", "at the end of the run", after, people[1])],
        ),
        forest_panel("Share of extra adopters left up to a year later, %", names,
               [_series(effects, "persistence", "", INK, 100.0)]),
        forest_panel("Cost per extra US$ of sales, US$", names, [_series(effects, "cost_per_gmv", "", INK, 1.0)]),
    ]  # fmt: skip
    where = "all markets together" if effects.focus == ALL else results.names[effects.focus]
    caption = (
        f"Points: mean of differences to {results.baseline}, replicate by replicate, in {where}; lines: their 95 % "
        "interval. A row without a point has no value: no cost, no effect beyond chance, or no weeks left."
    )
    legend = [(during, "while levers act, or when they end"), (after, "afterwards, or at the end of the run")]
    shown = [panel for panel in panels if panel is not None]
    return Section("forest", "Scenarios against the baseline", effects_takeaway(effects), caption, shown, legend)


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
