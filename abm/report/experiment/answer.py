"""The answer: what the experiment's own numbers say about its question, in plain words and with their uncertainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from abm.analysis.effects.compare import ALL
from abm.report.experiment import in_short as sentences
from abm.report.experiment.answer_scenario import told
from abm.report.experiment.effects_frame import Outcome, Outcomes
from abm.report.experiment.run_frame import Results, table_of
from abm.report.experiment.statistics import Period, effect, has_sales, level, sales
from abm.report.text import amounts
from abm.report.text.amounts import Spread
from abm.report.text.number_format import called, dollars, listed, percent, quoted

_GONE, _LASTING = 0.25, 0.75  # persistence below which an effect is gone, above which it stays


class Answer(NamedTuple):
    """What the page ends with: the answer, what each scenario does, and how sure that is."""

    lead: Sequence[str]
    details: Sequence[tuple[str, str]]  # scenario, sentences
    note: str


def answer(results: Results, outcomes: Outcomes, manifest: Mapping[str, Any]) -> Answer:
    """Return the answer to the question of an experiment with scenarios."""
    made_of = table_of(manifest, "scenarios")
    single = [name for name in outcomes.scenarios if not table_of(made_of, name).get("combines")]
    lead = [
        *_target(results, outcomes, table_of(manifest, "target")),
        *_gap(results),
        _strongest(results, outcomes, single),
        *_cheapest(outcomes),
        *_lasting(outcomes),
    ]
    parents = {name: [str(part) for part in table_of(made_of, name).get("parts", [])] for name in outcomes.scenarios}
    details = [(called(name), told(results, outcomes, name, parents[name])) for name in outcomes.scenarios]
    n = len(results.replicates(results.baseline))
    note = (
        f"Ranges in brackets are 95 % intervals over {n} replicates, of differences under the same random numbers: "
        "chance in the simulation, not doubt about the model or about sizes that are assumed."
    )
    return Answer(lead, details, note)


def _target(results: Results, outcomes: Outcomes, target: Mapping[str, Any]) -> list[str]:
    """Say which scenarios reach the sales aimed at."""
    if not target:
        return []
    market, year, aim = str(target["market"]), int(target["year"]), float(target["gmv_usd"])
    quantity = sales(results, market, Period(f"in {year}", year))
    sold = {name: level(results, quantity, name) for name in results.scenarios}
    base = sold[results.baseline]
    texts = [
        f"The aim was {dollars(aim)} in {results.names[market]} in {year}. Without any lever the simulated shop sells "
        f"{amounts.money(base)}, {percent(base.mean / aim)} of it."
    ]
    reached = [name for name in results.others if sold[name].low >= aim]
    near = [name for name in results.others if sold[name].mean >= aim and name not in reached]
    text = f"It is reached by {_list_of(sold, reached)}." if reached else "No scenario reaches it beyond doubt."
    if near:
        text += f" Perhaps it is by {_list_of(sold, near)}."
    if len(reached) > 1:
        costs = {name: outcomes.of(name, "cost") for name in reached}
        cheapest = min(reached, key=lambda name: costs[name].value)
        text += f" The cheapest of these is {quoted(cheapest)}, for {amounts.money(costs[cheapest])} over the run."
    best = max(results.others, key=lambda name: sold[name].mean, default=None)
    if not reached and best:
        gained = effect(results, quantity, best)
        text += (
            f" {quoted(best)} comes closest: {amounts.money(sold[best])}, {amounts.money(gained)} of it by the levers."
        )
    return [*texts, text]


def _gap(results: Results) -> list[str]:
    """Say how far two markets are apart without any lever, and where to learn why."""
    if len(results.markets) != 2:
        return []
    gap = sentences.evolution(results)
    gap = gap[:1].lower() + gap[1:]
    return [f"Without any lever, {gap} Which mechanisms it is made of is what abm explain works out."]


def _strongest(results: Results, outcomes: Outcomes, single: Sequence[str]) -> str:
    """Name the scenario that moves most; where it combines others, also the single one that does."""
    measure, what = ("gmv", "sales") if has_sales(results) else ("adopters_end", "the number of shoppers")
    known = {name: found for name in outcomes.scenarios if (found := outcomes.of(name, measure)).certain}
    if not known:
        return f"No scenario moves {what} by more than chance could."
    where = "all markets" if outcomes.focus == ALL else results.names[outcomes.focus]
    best = max(known, key=lambda name: abs(known[name].value))
    text = f"{quoted(best)} moves {what} in {where} most: {_moved(known[best], measure)}"
    way = known[best].value
    alike = [name for name in known if name in single and known[name].value * way > 0]
    alone = max(alike, key=lambda name: abs(known[name].value), default=best)
    if alone != best:
        text += f"; of what is done alone, {quoted(alone)} does: {_moved(known[alone], measure)}"
    return text + "."


def _moved(found: Outcome, measure: str) -> str:
    way = "up" if found.value > 0 else "down"
    if measure == "gmv":
        return f"{way} by {amounts.money(found)} over the run"
    return f"{way} by {amounts.people(found)} at the end of the run"


def _cheapest(outcomes: Outcomes) -> list[str]:
    prices = {name: outcomes.of(name, "cost_per_gmv") for name in outcomes.scenarios}
    known = {name: price for name, price in prices.items() if price.value > 0 and outcomes.of(name, "gmv").value > 0}
    if len(known) < 2:
        return []
    best = min(known, key=lambda name: known[name].value)
    return [f"{quoted(best)} costs least: {amounts.price(known[best])} per extra US$ sold over the run."]


def _lasting(outcomes: Outcomes) -> list[str]:
    """Say of which scenarios the change in the number of shoppers stays after they end."""
    kept = {name: left for name in outcomes.scenarios if (left := outcomes.of(name, "persistence")).known}
    gone = {name: left for name, left in kept.items() if left.high < _GONE}
    stays = {name: left for name, left in kept.items() if left.low > _LASTING}
    between = {name: left for name, left in kept.items() if name not in gone and name not in stays}
    texts = []
    if gone:
        text = f"Of the change in the number of shoppers, less than a quarter is left {_later(gone)}"
        moves = any(
            outcomes.of(name, "adopters_after").value > 0 > outcomes.of(name, "gmv_after").value for name in gone
        )
        texts.append(text + (": such a push changes when people shop more than how." if moves else "."))
    if between:
        texts.append(f"A part of it is left {_later(between)}.")
    if stays:
        texts.append(f"It stays, by more than three quarters, {_later(stays)}.")
    return texts


def _later(kept: Mapping[str, Outcome]) -> str:
    weeks = sorted({left.weeks for left in kept.values()})
    when = f"{weeks[0]} weeks" if len(weeks) == 1 else f"{weeks[0]} to {weeks[-1]} weeks"
    return f"{when} after {listed([quoted(name) for name in kept])}"


def _list_of(sold: Mapping[str, Spread], names: Sequence[str]) -> str:
    return listed([f"{quoted(name)} with {amounts.money(sold[name])}" for name in names])
