"""The report in short: a few sentences made from the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from abm.report.experiment.gap import gap_takeaway
from abm.report.experiment.point_results import PointResults
from abm.report.experiment.scenarios import scenario_takeaway
from abm.report.experiment.statistics import full_years, gap, has_sales, last_period, level, ranking, sales, share
from abm.report.experiment.sweep import sweep_takeaway
from abm.report.text.number_format import capitalized, dollars, format_interval, join_words, number, percent

_FEW = 6  # markets listed one by one


def in_short(points: Sequence[PointResults]) -> list[str]:
    """Return three to five sentences on the first part: levels, gap, its opening, scenarios, sweep."""
    results = points[0]
    sentences = [_sales_shares(results)]
    if len(results.markets) > 1:
        sentences += [evolution(results), gap_takeaway(results)]
    if results.others:
        sentences.append(scenario_takeaway(results))
    if len(points) > 1:
        sentences.append(sweep_takeaway(points))
    n = len(results.replicates(results.baseline))
    if n == 1:
        sentences.append("All this rests on one replicate, so an effect cannot be distinguished from chance.")
    else:
        sentences.append(f"Intervals are 95 % intervals of the mean over {n} replicates of the simulation.")
    return sentences


def _sales_shares(results: PointResults) -> str:
    period = last_period(results)
    priced = has_sales(results)
    texts = []
    order = ranking(results)
    for market in order if len(order) <= _FEW else (order[0], order[-1]):
        part = level(results, share(results, market, period), results.baseline)
        around = format_interval(part, percent, 0.0)
        text = f"{percent(part.value)} in {results.names[market]}" + (f" ({around})" if around else "")
        if priced:
            text += f", {dollars(level(results, sales(results, market, period), results.baseline).value)}"
        texts.append(text)
    where = f"{capitalized(period.label)}, with {results.label}" if results.swept else capitalized(period.label)
    text = f"{where}, the super-app's share of online spend was "
    if len(order) > _FEW:
        return f"{text}between {texts[-1]}, and {texts[0]}; the table below has all {len(order)} markets."
    if priced:
        return text + "; ".join(texts) + "."
    reason = "no spend per shopper is set" if len(results.dates) > 1 else "no week was simulated"
    return f"{text}{join_words(texts)}; {reason}, so there are no US$ figures."


def evolution(results: PointResults) -> str:
    """Say how far apart the first and the last market are, and how that has changed."""
    order = ranking(results)
    top, bottom = order[0], order[-1]
    names = f"{results.names[top]} and {results.names[bottom]}"
    years = full_years(results)
    last = last_period(results)
    latest = gap(results, top, bottom, last)
    text = f"{number(100 * latest.value, 1)} percentage points"
    around = format_interval(latest, lambda value: number(100 * value, 1))
    around = f" (95 % interval {around})" if around else ""
    if len(years) < 2:
        return f"The gap between {names} was {text} {last.label}{around}."
    then = gap(results, top, bottom, years[0]).value
    moved = latest.value - then
    verb = "stayed at about" if abs(moved) < 0.0005 else "grew" if moved > 0 else "shrank"
    if verb.startswith("stayed"):
        return f"The gap between {names} {verb} {text} {last.label}{around}."
    start = f"from {number(100 * then, 1)} {years[0].label} to"
    return f"The gap between {names} {verb} {start} {text} {last.label}{around}."
