"""What one scenario does, in sentences: sales, cost, shoppers, and what its parts do together."""

from __future__ import annotations

from collections.abc import Sequence

from abm.analysis.effects.estimate import Estimate, estimate
from abm.analysis.effects.measures import ALL, ELSEWHERE
from abm.report.experiment.point_results import PointResults
from abm.report.experiment.scenario_effects import ScenarioEffects, paths
from abm.report.experiment.statistics import has_sales
from abm.report.text import amounts
from abm.report.text.number_format import capitalized, dollars, quoted

_CHANCE = ", which chance alone could explain"


def describe_scenario(results: PointResults, effects: ScenarioEffects, name: str, parents: Sequence[str]) -> str:
    """Return what a scenario does as sentences.

    Parameters
    ----------
    results : PointResults
    effects : ScenarioEffects
    name : str
        The scenario.
    parents : sequence of str
        The scenarios whose levers it extends.

    Returns
    -------
    str
    """
    if _changes_nothing(effects, name):
        return "It changes nothing: every difference is exactly 0."
    parts = [_adopters(effects, name)]
    if has_sales(results):
        where = "" if effects.focus != ALL or len(results.markets) == 1 else " over all markets"
        parts = [_sales(effects, name, where), _cost(effects, name), *parts]
        parts += [_beyond(results, effects, name, parents), _together(effects, name)]
        parts += [_elsewhere(results, effects, name)]
    return " ".join(f"{capitalized(part)}." for part in parts if part)


def _changes_nothing(effects: ScenarioEffects, name: str) -> bool:
    measures = ("gmv", "adopters_after", "adopters_end", "cost")
    return all(_no_change(effects.of(name, measure)) for measure in measures)


def _sales(effects: ScenarioEffects, name: str, where: str) -> str:
    during, after = effects.of(name, "gmv_during"), effects.of(name, "gmv_after")
    text = f"sales{where} {_moves(during)} {'while it lasts' if after.known else 'to the end of the run'}"
    if after.known:
        again = _moves(after)
        if during.certain and after.certain and during.value * after.value > 0:
            again = f"by {amounts.money(after)}"  # the same way, so the verb holds for both
        text += f", and {again} in the {effects.weeks(name, 'gmv_after')} weeks afterwards"
    dip = effects.of(name, "gmv_dip")
    if dip.high < 0:
        text += f" (in the first {effects.weeks(name, 'gmv_dip')} of them they {_moves(dip)})"
    stored = effects.of(name, "spend_dip")
    if stored.high < 0:
        text += f". Having stocked up, people buy {amounts.money(stored)} less in all shops"
        text += f" in the first {effects.weeks(name, 'spend_dip')} weeks"
    return text


def _moves(found: Estimate) -> str:
    """Return ``rise by US$ 12 m (10 to 14)`` or the like."""
    if not found.certain and found.n > 1:
        return f"change by {amounts.money(found, signed=True)}{_CHANCE}"
    return f"{'rise' if found.value >= 0 else 'fall'} by {amounts.money(found)}"


def _cost(effects: ScenarioEffects, name: str) -> str:
    cost, price = effects.of(name, "cost"), effects.of(name, "cost_per_gmv")
    if not cost.known or cost.value == 0:
        return ""
    priced = price.known and price.value > 0
    if cost.value < 0:
        text = f"it saves {dollars(-cost.value)}"
        return text + (f"; each US$ saved costs {amounts.price(_inverse(price))} in sales" if priced else "")
    return f"it costs {amounts.money(cost)}" + (f", or {amounts.price(price)} per extra US$ sold" if priced else "")


def _adopters(effects: ScenarioEffects, name: str) -> str:
    after, end = effects.of(name, "adopters_after"), effects.of(name, "adopters_end")
    left = effects.of(name, "persistence")
    if not after.certain and after.n > 1:
        change = amounts.people(after, signed=True)
        return f"the change in the number of super-app shoppers, {change}, cannot be distinguished from chance"
    if left.known:
        rest = "of them still do" if after.value > 0 else "of the loss is left"
        weeks = effects.weeks(name, "persistence")
        return f"{_shoppers(after)} when it ends; {amounts.share(left)} {rest} {weeks} weeks later"
    if after.value == end.value:
        return f"{_shoppers(end)} at the end of the run"
    return f"{_shoppers(after)} when it ends, and {amounts.people(end, signed=True)} at the end of the run"


def _shoppers(found: Estimate) -> str:
    return f"{amounts.people(found)} {'more' if found.value > 0 else 'fewer'} people shop in the super-app"


def _beyond(results: PointResults, effects: ScenarioEffects, name: str, parents: Sequence[str]) -> str:
    """Say what a scenario adds to the only one on which it builds."""
    if len(parents) != 1 or parents[0] == results.baseline:
        return ""
    sold = [paths(results, each, effects.focus, "gmv_usd").sum(1) for each in (name, parents[0])]
    if sold[0].shape != sold[1].shape:
        return ""
    more = estimate(sold[0] - sold[1])
    way = "more" if more.value > 0 else "less"
    chance = "" if more.certain else _CHANCE
    return f"over the run that is {amounts.money(more)} {way} than {quoted(parents[0])}, on which it builds{chance}"


def _together(effects: ScenarioEffects, name: str) -> str:
    """Say what the parts of a scenario do together beyond what each does alone."""
    joint = effects.of(name, "spill_over")
    if not joint.known or _no_change(joint):
        return ""
    way = "more" if joint.value > 0 else "less"
    return f"together its parts sell {amounts.money(joint)} {way} than each alone, added up{_chance(joint)}"


def _elsewhere(results: PointResults, effects: ScenarioEffects, name: str) -> str:
    """Say what happens where the scenario does nothing."""
    found = effects.of(name, "gmv", ELSEWHERE)
    if not found.known or _no_change(found):
        return ""
    n = len(results.markets) - len(effects.acts_in(name))
    where = f"the {n} markets" if n > 1 else "the market"
    return f"over ties abroad, sales in {where} where nothing is done {_moves(found)}"


def _inverse(price: Estimate) -> Estimate:
    low, high = sorted((1 / price.low, 1 / price.high)) if price.low * price.high > 0 else (float("nan"),) * 2
    return price._replace(value=1 / price.value, low=low, high=high)


def _no_change(found: Estimate) -> bool:
    """Return whether nothing changes in any of several replicates."""
    return found.n > 1 and found.always_zero


def _chance(found: Estimate) -> str:
    return "" if found.certain or found.n < 2 else _CHANCE
