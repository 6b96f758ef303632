"""One sentence per figure, computed from the numbers it shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from abm.report.experiment.run_frame import Floats, Results
from abm.report.experiment.statistics import (
    Estimate,
    Period,
    band,
    effect,
    estimate,
    final_adoption,
    last_period,
    level,
    opening,
    ranking,
    share,
)
from abm.report.text.number_format import day, dollars, interval, listed, number, percent, points, quoted, sentence

if TYPE_CHECKING:
    from abm.report.experiment.observed import Year

_FEW = 5  # markets that the first is compared with one by one; of more, only with the last


def curves(results: Results) -> str:
    """Say where adoption ends in each market."""
    adopted = {m: level(results, final_adoption(results, m), results.baseline) for m in results.markets}
    order = sorted(adopted, key=lambda market: -adopted[market].mean)
    (top, *others), when = order, day(results.dates[-1])
    text = f"On {when}, {percent(adopted[top].mean)} of consumers in {results.names[top]} shop in the super-app"
    if not others:
        return text + "."
    if len(others) > _FEW:
        others = others[-1:]
    ends = [f"{percent(adopted[m].mean)} in {results.names[m]}" for m in others]
    return f"{text}, against {listed(ends)}."


def states(results: Results) -> str:
    """Name the state in which the leading and the last market differ most."""
    order = ranking(results)
    top, bottom = order[0], order[-1]
    names = {"aware": "awareness", "mean_habit": "habit", "mean_trust": "trust", "merchants": "merchant supply",
             "livestream_reach": "live-stream reach"}  # fmt: skip
    if top == bottom:
        ends = [f"{name} at {number(_end(results, top, column), 2)}" for column, name in names.items()]
        return f"{sentence(results.names[top])} ends with {listed(ends)}."
    differences = {column: _end(results, top, column) - _end(results, bottom, column) for column in names}
    widest = max(differences, key=lambda column: abs(differences[column]))
    if abs(differences[widest]) < 0.005:
        return f"{sentence(results.names[top])} and {results.names[bottom]} end alike in all five."
    upper, lower = (number(_end(results, market, widest), 2) for market in (top, bottom))
    return (
        f"At the end the two differ most in {names[widest]}: {upper} in {results.names[top]} against {lower} in "
        f"{results.names[bottom]} (all five on a scale from 0 to 1)."
    )


def observed(results: Results, years: Sequence[Year]) -> str:
    """Count the years inside the published range and name the worst."""
    known = [year for year in years if year.known]
    inside = sum(year.inside for year in known)
    text = f"Simulated sales lie inside the published range in {inside} of {len(known)} market-years"
    positive = [year for year in known if year.value > 0 and year.simulated.mean > 0]
    far = max(positive, key=lambda y: _factor(y.simulated.mean, y.value), default=None)
    if far is None or inside == len(known):
        return text + "."
    return (
        f"{text}; furthest off is {results.names[far.market]} in {far.year}, {dollars(far.simulated.mean)} simulated "
        f"against {dollars(far.value)} published."
    )


def opened(results: Results) -> str:
    """Say since when the leading market's band stays above the last one's."""
    order = ranking(results)
    top, bottom = order[0], order[-1]
    names = results.names[top], results.names[bottom]
    row = opening(results, top, bottom)
    kind = "band" if len(results.replicates(results.baseline)) > 1 else "curve"
    if row is None:
        return f"The {kind}s of {names[0]} and {names[1]} still overlap at the end: no lasting gap has opened."
    if row == 0:
        return f"{sentence(names[0])}'s {kind} lies above {names[1]}'s from the first week."
    text = f"The gap opened in the week to {day(results.dates[row])}: since then "
    text += f"{names[0]}'s {kind} stays above {names[1]}'s"
    closed = results.launches.get(bottom)
    if closed is not None and results.dates[row] < closed:
        text += f", which opened its shop only on {day(closed)}"
    return text + "."


def scenarios(results: Results) -> str:
    """Name the scenario and market with the biggest effect in the last period."""
    period = last_period(results)
    scenario, market, found = biggest(results, period)
    if found.always_zero:
        return f"No scenario changes the GMV share of any market {period.label}: the differences are exactly 0."
    certainty = ""
    if interval(found, points):
        certainty = "" if found.certain else ", which chance alone could explain"
    return (
        f"The biggest effect {period.label} is that of {quoted(scenario)} on {results.names[market]}: "
        f"{_effect(found)} of GMV share{certainty}. {_peak(results, scenario, market)}"
    )


def swept(parts: Sequence[Results]) -> str:
    """Say how far each market's share moves over the swept values."""
    first = parts[0]
    period = last_period(first)
    texts = []
    for market in first.markets:
        means = [(level(part, share(part, market, period), part.baseline).mean, part.label) for part in parts]
        low, high = min(means), max(means)
        ends = f"from {percent(low[0])} ({low[1]}) to {percent(high[0])} ({high[1]})"
        texts.append(f"{first.names[market]}'s GMV share runs {ends}")
    return f"Over the {len(parts)} swept values, {listed(texts)} {period.label}."


def biggest(results: Results, period: Period) -> tuple[str, str, Estimate]:
    """Return the scenario and market whose GMV share moves most, and by how much."""
    effects = [
        (scenario, market, effect(results, share(results, market, period), scenario))
        for scenario in results.others
        for market in results.markets
    ]
    return max(effects, key=lambda item: abs(item[2].mean))


def _peak(results: Results, scenario: str, market: str) -> str:
    both = results.replicates(scenario, results.baseline)
    changed, usual = (results.paths(name, market, "gmv_share", both) for name in (scenario, results.baseline))
    differences = band(changed - usual).middle
    row = int(np.argmax(np.abs(differences)))
    return f"It is largest in the week to {day(results.dates[row])}, at {points(float(differences[row]))} points."


def _effect(found: Estimate) -> str:
    text = f"{points(found.mean)} percentage points"
    around = interval(found, points)
    return f"{text} (95 % interval {around})" if around else text


def _end(results: Results, market: str, column: str) -> float:
    values: Floats = results.paths(results.baseline, market, column)[:, -1]
    if column == "aware":
        values = values / results.paths(results.baseline, market, "consumers")[:, -1]
    return estimate(values).mean


def _factor(one: float, other: float) -> float:
    return max(one / other, other / one)
