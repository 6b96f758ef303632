"""GMV share and adoption over time, and the states behind them, by market."""

from __future__ import annotations

from abm.report.charts.line_panel import COMPACT, WIDE, Line, Mark, Scene, line_panel
from abm.report.charts.style import Panel, Plate, colours
from abm.report.experiment import takeaways
from abm.report.experiment.run_frame import Results
from abm.report.experiment.statistics import band, band_words
from abm.report.text.number_format import day

MOST_LABELS = 6  # of launches; more would fill the panel

_STATES = (
    ("aware", "Awareness", "consumers who know the shop, %", 100.0),
    ("mean_habit", "Habit", "mean habit (0 single apps, 1 super-app)", 1.0),
    ("mean_trust", "Trust", "mean trust in the shop (0 to 1)", 1.0),
    ("merchants", "Merchants", "merchant supply (1: all there are)", 1.0),
    ("livestream_reach", "Live streams", "consumers who watch live streams, %", 100.0),
)


def adoption_plate(results: Results) -> Plate:
    """Draw GMV share and adoption over time under the baseline."""
    panels = [
        _panel(results, "gmv_share", "GMV share", "super-app's share of online spend, %", 100.0),
        _panel(results, "adoption", "Adoption", "consumers who shop in the super-app, %", 100.0),
    ]
    launch = " Dotted lines: the shop opens." if results.launches else ""
    caption = f"Scenario {results.baseline}. {band_words(len(results.replicates(results.baseline)))}{launch}"
    return Plate("shares", "Shares over time", takeaways.curves(results), caption, panels)


def state_plate(results: Results) -> Plate:
    """Draw what lies behind adoption: awareness, habit, trust, merchants and live streams."""
    panels = [_panel(results, *state, compact=True) for state in _STATES]
    launch = " Dotted lines: the shop opens." if results.launches else ""
    caption = f"Scenario {results.baseline}. {band_words(len(results.replicates(results.baseline)))}{launch}"
    return Plate(
        "behind", "Behind the shares", takeaways.states(results), caption, panels, market_key(results), compact=True
    )


def market_key(results: Results) -> list[tuple[str, str]]:
    """Return (colour, title) of each market; nothing for a single one."""
    if len(results.markets) == 1:
        return []
    return [(colour, results.titles[market]) for market, colour in colours(results.markets).items()]


def launch_marks(results: Results, *, labels: bool) -> list[Mark]:
    """Return a mark for each launch after week 0, in order of time."""
    palette = colours(results.markets)
    labels = labels and len(results.launches) <= MOST_LABELS
    return [
        Mark(opened, f"{results.titles[market]} opens" if labels else "", palette[market])
        for market, opened in sorted(results.launches.items(), key=lambda item: item[1])
    ]


def _panel(results: Results, column: str, title: str, unit: str, factor: float, *, compact: bool = False) -> Panel:
    palette = colours(results.markets)
    lines = []
    ends = []
    for market in results.markets:
        paths = results.paths(results.baseline, market, column)
        if column == "aware":
            paths = paths / results.paths(results.baseline, market, "consumers")
        shown = band(paths).scaled(factor)
        lines.append(Line("" if compact else results.titles[market], palette[market], shown))
        ends.append(f"{results.titles[market]} {shown.middle[-1]:.3g}")
    scene = Scene(
        unit,
        COMPACT if compact else WIDE,
        launch_marks(results, labels=not compact),
        ceiling=None if compact else 100.0,
    )
    alt = f"{title} ({unit}), {day(results.dates[0])} to {day(results.dates[-1])}; at the end: {', '.join(ends)}."
    return line_panel(title, alt, results.dates, lines, scene)
