"""Sales and adoption over time under each scenario, with the weeks in which something is done shaded."""

from __future__ import annotations

from collections.abc import Sequence

from abm.analysis.effects.measures import ALL
from abm.numerics.array_types import Floats
from abm.report.charts.band import Band, band, describe_band
from abm.report.charts.line_panel import Line, PanelOptions, Span, line_panel
from abm.report.charts.style import PALETTE, SOFT, Panel
from abm.report.experiment.point_results import PointResults
from abm.report.experiment.scenario_effects import ScenarioEffects, paths
from abm.report.experiment.statistics import has_sales
from abm.report.html import Section
from abm.report.text.number_format import join_words, quoted, scenario_label

MOST = 6  # scenarios drawn
_BEFORE = 13  # weeks shown before anything is done


def timeline_section(results: PointResults, effects: ScenarioEffects) -> Section:
    """Draw weekly sales and adoption of the baseline and of each scenario in the market in focus.

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
    shown = effects.scenarios[:MOST]
    start = _start(results, shown)
    panels = [_panel(results, effects, shown, start, column) for column in ("gmv_usd", "adoption")]
    stored = _stored_panel(results, effects, shown, start)
    panels += [stored] if stored else []
    legend = [(SOFT, results.baseline), *zip(PALETTE, map(scenario_label, shown), strict=False)]
    caption = (
        f"{describe_band(len(results.replicates(results.baseline)))} In sales and adoption only the baseline's band is "
        "drawn. Shaded, with a bar on top in the colour of the scenario: weeks in which its levers act, unless that is "
        "most of the time shown."
    )
    if len(effects.scenarios) > MOST:
        drawn = join_words([quoted(name) for name in shown])
        caption += f" Drawn are the first {MOST} of {len(effects.scenarios)} scenarios: {drawn}."
    where = "all markets together" if effects.focus == ALL else results.names[effects.focus]
    return Section("timeline", "What happens, week by week", f"Sales and adoption in {where}.", caption, panels, legend)


def _panel(results: PointResults, effects: ScenarioEffects, shown: Sequence[str], start: int, column: str) -> Panel:
    dates = results.dates[start:]
    title, unit, factor = _axis(results, effects, column)
    lines = []
    for name, colour in [(results.baseline, SOFT), *zip(shown, PALETTE, strict=False)]:
        shown_band = band(_values(results, effects, name, column)[:, start:]).scaled(factor)
        lines.append(Line("", colour, shown_band if name == results.baseline else _line_alone(shown_band)))
    spans = [
        Span(max(first, dates[0]), last, colour)
        for name, colour in zip(shown, PALETTE, strict=False)
        for _, _, first, last in results.windows(name)
        if last > dates[0] and (last - first).days < 0.7 * (dates[-1] - dates[0]).days  # all of it is no window
    ]
    ends = [f"{name} {line.band.middle[-1]:.3g}" for name, line in zip([results.baseline, *shown], lines, strict=True)]
    alt = f"{title} ({unit}) over time; at the end: {', '.join(ends)}."
    return line_panel(title, alt, dates, lines, PanelOptions(unit, spans=list(dict.fromkeys(spans))))


def _stored_panel(results: PointResults, effects: ScenarioEffects, shown: Sequence[str], start: int) -> Panel | None:
    """Draw by how much more is spent in all shops, where consumers stock up; None if nobody does."""
    usual = paths(results, results.baseline, effects.focus, "spend_usd")
    lines = []
    for name, colour in zip(shown, PALETTE, strict=False):
        spent = paths(results, name, effects.focus, "spend_usd")
        if spent.shape == usual.shape and (spent != usual).any():
            lines.append(Line("", colour, band((spent - usual)[:, start:]).scaled(1e-6)))
    if not lines:
        return None
    alt = "Spend in all shops minus that of the baseline, US$ m a week: a spike, then a dip while stocks are used up."
    scene = PanelOptions("extra spend in all shops, US$ m a week", difference=True)
    return line_panel("Stocking up, and the dip", alt, results.dates[start:], lines, scene)


def _line_alone(shown: Band) -> Band:
    """Return the band without its width: drawn on each other, bands would hide the lines."""
    return Band(shown.middle, shown.middle, shown.middle, 1)


def _axis(results: PointResults, effects: ScenarioEffects, column: str) -> tuple[str, str, float]:
    """Return title, unit and factor of a column."""
    if column == "adoption":
        return "Adoption", "consumers who shop in the super-app, %", 100.0
    if not has_sales(results):
        return "GMV share", "super-app's share of spend, %", 100.0
    largest = float(paths(results, results.baseline, effects.focus, "gmv_usd").mean(0).max())
    unit, factor = ("US$ bn a week", 1e-9) if largest >= 1e9 else ("US$ m a week", 1e-6)
    return "Sales", unit, factor


def _values(results: PointResults, effects: ScenarioEffects, scenario: str, column: str) -> Floats:
    if column == "gmv_usd" and not has_sales(results):
        column = "gmv_share"
    if column == "gmv_usd" or effects.focus != ALL:
        return paths(results, scenario, effects.focus, column)
    people = paths(results, scenario, ALL, "super")
    consumers: Floats = people / paths(results, scenario, ALL, "consumers")
    return consumers


def _start(results: PointResults, scenarios: Sequence[str]) -> int:
    """Return the row from which to draw: some weeks before anything is done."""
    firsts = [first for name in scenarios for _, _, first, _ in results.windows(name)]
    first = min(firsts, default=results.dates[0])
    row = sum(day < first for day in results.dates)
    return max(0, row - _BEFORE)
