"""The answer: what the experiment's own numbers say about its question, in plain words and with their uncertainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from abm.analysis.effects.estimate import Estimate
from abm.analysis.effects.measures import ALL
from abm.base.calendar import covered_days, year_days
from abm.report.experiment import in_short as sentences
from abm.report.experiment.answer_scenario import describe_scenario
from abm.report.experiment.config_values import table_of
from abm.report.experiment.point_results import PointResults
from abm.report.experiment.scenario_effects import ScenarioEffects
from abm.report.experiment.statistics import Period, effect, has_sales, level, sales
from abm.report.text import amounts
from abm.report.text.number_format import dollars, format_date, join_words, percent, quoted, scenario_label

_GONE, _LASTING = 0.25, 0.75  # persistence below which an effect is gone, above which it stays


class Answer(NamedTuple):
    """What the page ends with: the answer, what each scenario does, and how sure that is."""

    lead: Sequence[str]
    details: Sequence[tuple[str, str]]  # scenario, sentences
    note: str


def answer(results: PointResults, effects: ScenarioEffects, manifest: Mapping[str, Any]) -> Answer:
    """Return the answer to the question of an experiment with scenarios.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    effects : ScenarioEffects
        What the scenarios change at that point.
    manifest : mapping
        Provenance; every key is optional.

    Returns
    -------
    Answer
    """
    made_of = table_of(manifest, "scenarios")
    single = [name for name in effects.scenarios if not table_of(made_of, name).get("combines")]
    lead = [
        *_target(results, effects, table_of(manifest, "target")),
        *_gap(results),
        _strongest(results, effects, single),
        *_cheapest(effects),
        *_lasting(effects),
    ]
    parents = {name: [str(part) for part in table_of(made_of, name).get("parts", [])] for name in effects.scenarios}
    details = [
        (scenario_label(name), describe_scenario(results, effects, name, parents[name])) for name in effects.scenarios
    ]
    n = len(results.replicates(results.baseline))
    note = (
        f"Ranges in brackets are 95 % intervals over {n} replicates, of differences under the same random numbers: "
        "chance in the simulation, not doubt about the model or about sizes that are assumed."
    )
    return Answer(lead, details, note)


def without_levers(results: PointResults, manifest: Mapping[str, Any]) -> Answer | None:
    """Return what can be said of a target where no scenario has levers; None without a target.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    manifest : mapping
        Provenance; every key is optional.
    """
    lead = _target(results, None, table_of(manifest, "target"))
    n = len(results.replicates(results.baseline))
    return Answer(lead, [], f"Ranges in brackets are 95 % intervals over {n} replicates.") if lead else None


def _covered(results: PointResults, year: int) -> tuple[str, str]:
    """Say which part of a year the run covers, and that its sales are of that part; empty if it is all of it."""
    first, last = covered_days(year, results.dates[0], len(results.dates) - 1)
    n_days = (last - first).days + 1
    if n_days == year_days(year):
        return "", ""
    span = f"{format_date(first)} to {format_date(last)}"
    return f"; the run covers {n_days} of its {year_days(year)} days, {span}", " in these days"


def _target(results: PointResults, effects: ScenarioEffects | None, target: Mapping[str, Any]) -> list[str]:
    """Say which scenarios reach the sales aimed at."""
    if not target:
        return []
    market, year, aim = str(target["market"]), int(target["year"]), float(target["gmv_usd"])
    quantity = sales(results, market, Period(f"in {year}", year))
    sold = {name: level(results, quantity, name) for name in results.scenarios}
    base = sold[results.baseline]
    part, then = _covered(results, year)
    texts = [
        f"The aim was {dollars(aim)} in {results.names[market]} in {year}{part}. Without any lever the simulated shop "
        f"sells {amounts.money(base)}{then}, {percent(base.value / aim)} of it."
    ]
    reached = [name for name in results.others if sold[name].low >= aim]
    near = [name for name in results.others if sold[name].value >= aim and name not in reached]
    text = f"It is reached by {_list_of(sold, reached)}." if reached else f"No scenario reaches it{then} beyond doubt."
    if near:
        text += f" Perhaps it is by {_list_of(sold, near)}."
    if len(reached) > 1 and effects is not None:
        costs = {name: effects.of(name, "cost") for name in reached}
        cheapest = min(reached, key=lambda name: costs[name].value)
        text += f" The cheapest of these is {quoted(cheapest)}, for {amounts.money(costs[cheapest])} over the run."
    if not results.others:
        return texts
    best = max(results.others, key=lambda name: sold[name].value)
    if not reached:
        gained = effect(results, quantity, best)
        text += (
            f" {quoted(best)} comes closest: {amounts.money(sold[best])}, {amounts.money(gained)} of it by the levers."
        )
    return [*texts, text]


def _gap(results: PointResults) -> list[str]:
    """Say how far two markets are apart without any lever, and where to learn why."""
    if len(results.markets) != 2:
        return []
    gap = sentences.evolution(results)
    gap = gap[:1].lower() + gap[1:]
    return [f"Without any lever, {gap} Which mechanisms it is made of is what abm explain computes."]


def _strongest(results: PointResults, effects: ScenarioEffects, single: Sequence[str]) -> str:
    """Name the scenario that moves most; where it combines others, also the single one that does."""
    measure, what = ("gmv", "sales") if has_sales(results) else ("adopters_end", "the number of shoppers")
    known = {name: found for name in effects.scenarios if (found := effects.of(name, measure)).certain}
    if not known:
        return f"No scenario moves {what} by more than chance could."
    where = "all markets" if effects.focus == ALL else results.names[effects.focus]
    best = max(known, key=lambda name: abs(known[name].value))
    text = f"{quoted(best)} moves {what} in {where} most: {_moved(known[best], measure)}"
    way = known[best].value
    alike = [name for name in known if name in single and known[name].value * way > 0]
    alone = max(alike, key=lambda name: abs(known[name].value), default=best)
    if alone != best:
        text += f"; of what is done alone, {quoted(alone)} does: {_moved(known[alone], measure)}"
    return text + "."


def _moved(found: Estimate, measure: str) -> str:
    way = "up" if found.value > 0 else "down"
    if measure == "gmv":
        return f"{way} by {amounts.money(found)} over the run"
    return f"{way} by {amounts.people(found)} at the end of the run"


def _cheapest(effects: ScenarioEffects) -> list[str]:
    prices = {name: effects.of(name, "cost_per_gmv") for name in effects.scenarios}
    known = {name: price for name, price in prices.items() if price.value > 0 and effects.of(name, "gmv").value > 0}
    if len(known) < 2:
        return []
    best = min(known, key=lambda name: known[name].value)
    return [f"{quoted(best)} costs least: {amounts.price(known[best])} per extra US$ sold over the run."]


def _lasting(effects: ScenarioEffects) -> list[str]:
    """Say of which scenarios the change in the number of shoppers stays after they end."""
    kept = {name: left for name in effects.scenarios if (left := effects.of(name, "persistence")).known}
    gone = {name: left for name, left in kept.items() if left.high < _GONE}
    stays = {name: left for name, left in kept.items() if left.low > _LASTING}
    between = {name: left for name, left in kept.items() if name not in gone and name not in stays}
    texts = []
    if gone:
        text = f"Of the change in the number of shoppers, less than a quarter is left {_later(effects, gone)}"
        moves = any(effects.of(name, "adopters_after").value > 0 > effects.of(name, "gmv_after").value for name in gone)
        texts.append(text + (": such a push changes when people shop more than how." if moves else "."))
    if between:
        texts.append(f"A part of it is left {_later(effects, between)}.")
    if stays:
        texts.append(f"It stays, by more than three quarters, {_later(effects, stays)}.")
    return texts


def _later(effects: ScenarioEffects, kept: Mapping[str, Estimate]) -> str:
    weeks = sorted({effects.weeks(name, "persistence") for name in kept})
    when = f"{weeks[0]} weeks" if len(weeks) == 1 else f"{weeks[0]} to {weeks[-1]} weeks"
    return f"{when} after {join_words([quoted(name) for name in kept])}"


def _list_of(sold: Mapping[str, Estimate], names: Sequence[str]) -> str:
    return join_words([f"{quoted(name)} with {amounts.money(sold[name])}" for name in names])
