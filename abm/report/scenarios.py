"""What each scenario changes against the baseline, under the same random numbers."""

from __future__ import annotations

from datetime import date

from abm.report import takeaways
from abm.report.curves import market_key
from abm.report.lines import Line, Scene, Span, line_panel
from abm.report.results import Results
from abm.report.statistics import band, band_words
from abm.report.style import Panel, Plate, colours
from abm.report.wording import listed

MOST = 12  # scenarios drawn; the table above has all


def scenario_plate(results: Results) -> Plate | None:
    """Draw the paired difference in GMV share, one panel per scenario; None for a baseline alone."""
    if not results.others:
        return None
    shown = results.others[:MOST]
    panels = [_panel(results, scenario) for scenario in shown]
    n = min(len(results.replicates(scenario, results.baseline)) for scenario in shown)
    caption = (
        f"GMV share under the scenario minus that under {results.baseline}, replicate by replicate: the same random "
        f"numbers, so what differs is due to the scenario. {band_words(n)}"
    )
    if any(results.windows(scenario) for scenario in shown):
        caption += " Shaded: weeks in which something is done, in the colour of the market where."
    if len(results.others) > MOST:
        caption += f" Drawn are the first {MOST} of {len(results.others)} scenarios: {listed(shown)}."
    return Plate("Scenarios", takeaways.scenarios(results), caption, panels, market_key(results))


def _panel(results: Results, scenario: str) -> Panel:
    palette = colours(results.markets)
    both = results.replicates(scenario, results.baseline)
    lines = []
    for market in results.markets:
        changed = results.paths(scenario, market, "gmv_share", both)
        usual = results.paths(results.baseline, market, "gmv_share", both)
        lines.append(Line(results.titles[market], palette[market], band(changed - usual).scaled(100.0)))
    spans = [
        Span(first, _visible(first, last, results.dates), palette[market])
        for market, _, first, last in results.windows(scenario)
        if market in palette
    ]
    scene = Scene("difference in GMV share, percentage points", spans=spans, difference=True)
    extremes = [f"{line.label} {line.band.middle.min():.3g} to {line.band.middle.max():.3g}" for line in lines]
    alt = f"{scenario}: difference in GMV share from the baseline in points; {', '.join(extremes)}."
    return line_panel(scenario, alt, results.dates, lines, scene)


def _visible(first: date, last: date, dates: list[date]) -> date:
    """Return a last day that makes the shade at least two pixels wide."""
    least = max(1, (dates[-1] - dates[0]).days // 180)
    return max(last, date.fromordinal(first.toordinal() + least))
