"""GMV share and adoption over time, and the states behind them, by market."""

from __future__ import annotations

from abm.analysis.effects.estimate import estimate
from abm.numerics.array_types import Floats
from abm.report.charts.band import band, describe_band
from abm.report.charts.line_panel import COMPACT, WIDE, Line, Mark, PanelOptions, line_panel
from abm.report.charts.style import Panel, colours
from abm.report.experiment.point_results import PointResults
from abm.report.experiment.statistics import final_adoption, level, ranking
from abm.report.html import Section
from abm.report.text.number_format import capitalized, format_date, join_words, number, percent

MOST_LABELS = 6  # of launches; more would fill the panel
_FEW = 5  # markets that the first is compared with one by one; of more, only with the last

_STATES = (
    ("aware", "Awareness", "consumers who know the shop, %", 100.0),
    ("mean_habit", "Habit", "mean habit (0 single apps, 1 super-app)", 1.0),
    ("mean_trust", "Trust", "mean trust in the shop (0 to 1)", 1.0),
    ("merchants", "Merchants", "merchant supply (1: all there are)", 1.0),
    ("livestream_reach", "Live streams", "consumers who watch live streams, %", 100.0),
)


def adoption_section(results: PointResults) -> Section:
    """Draw GMV share and adoption over time under the baseline."""
    panels = [
        _panel(results, "gmv_share", "GMV share", "super-app's share of online spend, %", 100.0),
        _panel(results, "adoption", "Adoption", "consumers who shop in the super-app, %", 100.0),
    ]
    launch = " Dotted lines: the shop opens." if results.launches else ""
    caption = f"Scenario {results.baseline}. {describe_band(len(results.replicates(results.baseline)))}{launch}"
    return Section("shares", "Shares over time", adoption_takeaway(results), caption, panels)


def state_section(results: PointResults) -> Section:
    """Draw what lies behind adoption: awareness, habit, trust, merchants and live streams."""
    panels = [_panel(results, *state, compact=True) for state in _STATES]
    launch = " Dotted lines: the shop opens." if results.launches else ""
    caption = f"Scenario {results.baseline}. {describe_band(len(results.replicates(results.baseline)))}{launch}"
    return Section(
        "behind", "Behind the shares", state_takeaway(results), caption, panels, market_legend(results), compact=True
    )


def market_legend(results: PointResults) -> list[tuple[str, str]]:
    """Return (colour, title) of each market; nothing for a single one."""
    if len(results.markets) == 1:
        return []
    return [(colour, results.titles[market]) for market, colour in colours(results.markets).items()]


def launch_marks(results: PointResults, *, labels: bool) -> list[Mark]:
    """Return a mark for each launch after week 0, in order of time.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    labels : bool
        Whether to name the market.

    Returns
    -------
    list[Mark]
    """
    palette = colours(results.markets)
    labels = labels and len(results.launches) <= MOST_LABELS
    return [
        Mark(opened, f"{results.titles[market]} opens" if labels else "", palette[market])
        for market, opened in sorted(results.launches.items(), key=lambda item: item[1])
    ]


def _panel(results: PointResults, column: str, title: str, unit: str, factor: float, *, compact: bool = False) -> Panel:
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
    scene = PanelOptions(
        unit,
        COMPACT if compact else WIDE,
        launch_marks(results, labels=not compact),
        ceiling=None if compact else 100.0,
    )
    first, last = format_date(results.dates[0]), format_date(results.dates[-1])
    alt = f"{title} ({unit}), {first} to {last}; at the end: {', '.join(ends)}."
    return line_panel(title, alt, results.dates, lines, scene)


def adoption_takeaway(results: PointResults) -> str:
    """Say where adoption ends in each market."""
    adopted = {m: level(results, final_adoption(results, m), results.baseline) for m in results.markets}
    order = sorted(adopted, key=lambda market: -adopted[market].value)
    (top, *others), when = order, format_date(results.dates[-1])
    text = f"On {when}, {percent(adopted[top].value)} of consumers in {results.names[top]} shop in the super-app"
    if not others:
        return text + "."
    if len(others) > _FEW:
        others = others[-1:]
    ends = [f"{percent(adopted[m].value)} in {results.names[m]}" for m in others]
    return f"{text}, against {join_words(ends)}."


def state_takeaway(results: PointResults) -> str:
    """Name the state in which the leading and the last market differ most."""
    order = ranking(results)
    top, bottom = order[0], order[-1]
    names = {"aware": "awareness", "mean_habit": "habit", "mean_trust": "trust", "merchants": "merchant supply",
             "livestream_reach": "live-stream reach"}  # fmt: skip
    if top == bottom:
        ends = [f"{name} at {number(_final_value(results, top, column), 2)}" for column, name in names.items()]
        return f"{capitalized(results.names[top])} ends with {join_words(ends)}."
    differences = {
        column: _final_value(results, top, column) - _final_value(results, bottom, column) for column in names
    }
    widest = max(differences, key=lambda column: abs(differences[column]))
    if abs(differences[widest]) < 0.005:
        return f"{capitalized(results.names[top])} and {results.names[bottom]} end alike in all five."
    upper, lower = (number(_final_value(results, market, widest), 2) for market in (top, bottom))
    return (
        f"At the end the two differ most in {names[widest]}: {upper} in {results.names[top]} against {lower} in "
        f"{results.names[bottom]} (all five on a scale from 0 to 1)."
    )


def _final_value(results: PointResults, market: str, column: str) -> float:
    values: Floats = results.paths(results.baseline, market, column)[:, -1]
    if column == "aware":
        values = values / results.paths(results.baseline, market, "consumers")[:, -1]
    return estimate(values).value
