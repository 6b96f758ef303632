"""What a reader of results should know: levers and keys with no effect in a run, or with less than it seems."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any

from abm.base.calendar import covered_days, week_of, year_days
from abm.experiment.scenarios import Scenario
from abm.experiment.stopping import Target
from abm.experiment.sweep_points import SweepPoint
from abm.levers import Lever
from abm.markets.market import Market

_MOST, _MOST_POINTS = 20, 1_000


def reader_notes(
    config: Mapping[str, Any], points: Sequence[SweepPoint], start: date, weeks: int, target: Target | None
) -> list[str]:
    """Return the notes on an experiment, each once.

    Parameters
    ----------
    config : mapping
        As written.
    points : sequence of SweepPoint
    start : date
        Date of week 0.
    weeks : int
        Weeks of the run.
    target : Target or None
    """
    notes = chain(
        target_notes(target, start, weeks),
        (note for point in points[:_MOST_POINTS] for note in _point_notes(point, start, weeks)),
        _without_sales(points),
        _unused_awareness(config, points),
    )
    return list(islice(dict.fromkeys(notes), _MOST))


def target_notes(target: Target | None, start: date, weeks: int) -> list[str]:
    """Return a sentence if the run covers a part of the target's year only.

    Parameters
    ----------
    target : Target or None
    start : date
        Date of week 0.
    weeks : int
        Weeks of the run.
    """
    if target is None:
        return []
    first, last = covered_days(target.year, start, weeks)
    n_days = (last - first).days + 1
    if n_days == year_days(target.year):
        return []
    return [
        f"target: the run covers {n_days} of the {year_days(target.year)} days of {target.year} ({first} to {last}); "
        f"sales of these days alone are set against the aim."
    ]


def _point_notes(point: SweepPoint, start: date, weeks: int) -> Iterator[str]:
    for name, scenario in point.scenarios.items():
        yield from scenario.cut_short(start, weeks)
        for lever in scenario.levers:
            yield from _before_launch(name, lever, scenario, point.markets, start)
    for name, market in point.markets.items():
        opened = week_of(market.launch, start)
        later = [s.name for s in point.scenarios.values() if any(x.opens_shop and x.market == name for x in s.levers)]
        if opened >= weeks and not later:
            yield f"{name}: the shop opens in week {opened:,}; the run ends in week {weeks:,}, before anyone can buy."


def _before_launch(
    name: str, lever: Lever, scenario: Scenario, markets: Mapping[str, Market], start: date
) -> Iterator[str]:
    """Yield a sentence on a lever all of whose weeks lie before the shop opens: it sells nothing, but may cost."""
    own = [other for other in scenario.levers if other.opens_shop and other.market == lever.market]
    opened = week_of(own[-1].start if own else markets[lever.market].launch, start)
    first, end = lever.window(start)
    if end <= opened:
        yield (
            f"{name}: {lever.kind} in {lever.market} acts in weeks {first:,} to {int(end) - 1:,}; "
            f"the shop opens in week {opened:,} only."
        )


def _without_sales(points: Sequence[SweepPoint]) -> Iterator[str]:
    """Yield a sentence for each market that has half of what sales in US$ are computed from, at every point."""
    for name in points[0].markets if points else ():
        markets = [point.markets[name] for point in points]
        spends = any(market.annual_spend for market in markets)
        shops = any(market.shoppers for market in markets)
        if spends != shops:
            there, missing = ("annual_spend", "shoppers") if spends else ("shoppers", "annual_spend")
            yield f"markets.{name}.{there} has no effect: {missing} is 0, so there are no sales in US$."


def _unused_awareness(config: Mapping[str, Any], points: Sequence[SweepPoint]) -> Iterator[str]:
    """Yield a sentence on how consumers come to know the shop, where all of them do from the start."""
    for name, table in config["markets"].items():
        written = table.get("awareness")
        keys = [key for key in ("advertising", "word_of_mouth", "form") if isinstance(written, dict) and key in written]
        if keys and all(point.markets[name].awareness.initial == 1 for point in points):
            listed = ", ".join(f"markets.{name}.awareness.{key}" for key in keys)
            yield f"{listed}: no effect, as awareness.initial is 1: everybody knows the shop from the start."
