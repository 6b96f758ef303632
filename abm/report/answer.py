"""The answer: what the experiment's own numbers say about its question, in plain words and with their uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from abm.analysis.compare import ALL, ELSEWHERE
from abm.report.outcomes import Outcome, Outcomes
from abm.report.results import Results, table_of
from abm.report.statistics import Estimate, Period, effect, has_sales, level, sales
from abm.report.wording import dollars, interval, listed, number, percent, signed_dollars

_GONE, _LASTING = 0.25, 0.75  # persistence below which an effect is gone, above which it stays


def answer(results: Results, outcomes: Outcomes, manifest: Mapping[str, Any]) -> list[str]:
    """Return the answer as sentences: the target if there is one, each scenario, what spills over, the verdict."""
    sentences = _target(results, outcomes, table_of(manifest, "target"))
    sentences += [_scenario(results, outcomes, name) for name in outcomes.scenarios]
    sentences += [text for name in outcomes.scenarios for text in _spill_over(results, outcomes, name)]
    return [*sentences, _verdict(results, outcomes)]


def _scenario(results: Results, outcomes: Outcomes, name: str) -> str:
    if _nothing(outcomes, name):
        return f"{name} changes nothing: every difference is exactly 0."
    place = "" if outcomes.focus != ALL or len(results.markets) == 1 else " over all markets"
    if not has_sales(results):
        return f"{name}: {_adopters(outcomes, name)}."
    parts = [_sales(outcomes, name, place), _cost(outcomes, name), _adopters(outcomes, name)]
    return f"{name}: " + "; ".join(part for part in parts if part) + "."


def _sales(outcomes: Outcomes, name: str, place: str) -> str:
    during, after = outcomes.of(name, "gmv_during"), outcomes.of(name, "gmv_after")
    when = "while it lasts" if after.known else "to the end of the run"
    text = f"sales change by {_with(during, signed_dollars)} {when}{place}"
    if after.known:
        text += f", in the {after.weeks} weeks afterwards by {_with(after, signed_dollars)}"
    dip = outcomes.of(name, "gmv_dip")
    if dip.high < 0:
        text += f" (a dip of {_with(dip, signed_dollars)} in the first {dip.weeks})"
    stored = outcomes.of(name, "spend_dip")
    if stored.high < 0:
        text += (
            f"; who stocked up buys less, in all shops by {_with(stored, signed_dollars)} in the first {stored.weeks}"
        )
    return text


def _cost(outcomes: Outcomes, name: str) -> str:
    cost, price = outcomes.of(name, "cost"), outcomes.of(name, "cost_per_gmv")
    if not cost.known or cost.value == 0:
        return ""
    if cost.value < 0:
        text = f"it saves {dollars(-cost.value)}"
        if price.known and price.value > 0:
            text += f", so each US$ saved costs {_with(_inverse(price), dollars2)} in sales"
        return text
    text = f"it costs {_with(cost, dollars)}"
    return text + (f", {_with(price, dollars2)} per extra US$ sold" if price.known and price.value > 0 else "")


def _adopters(outcomes: Outcomes, name: str) -> str:
    after, end = outcomes.of(name, "adopters_after"), outcomes.of(name, "adopters_end")
    left = outcomes.of(name, "persistence")
    if not after.certain and after.n > 1:
        return f"the change in the number of shoppers ({_with(after, people)}) cannot be told from chance"
    text = f"{_with(after, people)} people shop in the super-app when it ends"
    if left.known:
        kept, what = _with(left, percent), "of whom" if after.value > 0 else "of which"
        return f"{text}, {what} {kept} {'are' if after.value > 0 else 'is'} left {left.weeks} weeks later"
    if after.value == end.value:
        return f"{_with(end, people)} people shop in the super-app at the end of the run"
    return f"{text}, {_with(end, people)} at the end of the run"


def _spill_over(results: Results, outcomes: Outcomes, name: str) -> list[str]:
    found = []
    joint, elsewhere = outcomes.of(name, "spill_over"), outcomes.of(name, "gmv", ELSEWHERE)
    if joint.known and not joint.always_zero:
        found.append(
            f"The parts of {name} together change sales by {_with(joint, signed_dollars)} against the sum of what each "
            f"does alone{_sure(joint)}."
        )
    if elsewhere.known and not elsewhere.always_zero:
        n = len(results.markets) - len(outcomes.acts_in(name))
        where = f"the {n} markets" if n > 1 else "the market"
        found.append(
            f"In {where} in which {name} does nothing, sales change by {_with(elsewhere, signed_dollars)}, over ties "
            f"abroad{_sure(elsewhere)}."
        )
    return found


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
        f"{_around(base)}, {percent(base.mean / aim)} of it."
    ]
    reached = [name for name in results.others if sold[name].low >= aim]
    near = [name for name in results.others if sold[name].mean >= aim and name not in reached]
    text = f"It is reached by {_list_of(sold, reached)}." if reached else "No scenario reaches it beyond doubt."
    if near:
        text += f" Perhaps it is by {_list_of(sold, near)}."
    costs = {name: outcomes.of(name, "cost") for name in reached}
    if len(reached) > 1:
        cheapest = min(reached, key=lambda name: costs[name].value)
        text += f" The cheapest of those that do is {cheapest}, for {_with(costs[cheapest], dollars)} over the run."
    best = max(results.others, key=lambda name: sold[name].mean, default=None)
    if not reached and best:
        gained = effect(results, quantity, best)
        text += f" {best} comes closest: {_around(sold[best])}, {signed_dollars(gained.mean)} by the levers."
    return [*texts, text]


def _verdict(results: Results, outcomes: Outcomes) -> str:
    """Sum up: what stays, and how sure that is."""
    kept = {name: outcomes.of(name, "persistence") for name in outcomes.scenarios}
    known = {name: left for name, left in kept.items() if left.known}
    gone = [name for name, left in known.items() if left.high < _GONE]
    stays = [name for name, left in known.items() if left.low > _LASTING]
    between = [name for name in known if name not in (*gone, *stays)]
    parts = []
    if gone:
        parts.append(
            f"what {listed(gone)} did to the number of shoppers is mostly gone a year later (less than a quarter is "
            "left): it changed when people shop more than how"
        )
    if between:
        parts.append(f"of what {listed(between)} did, a part is left a year later")
    if stays:
        parts.append(f"what {listed(stays)} did stays")
    text = "; ".join([_strongest(results, outcomes), *parts]) + "."
    n = len(results.replicates(results.baseline))
    return (
        f"In short: {text} Ranges in brackets are 95 % intervals over {n} replicates: chance in the simulation, not "
        "doubt about the model or about sizes that are assumed."
    )


def _strongest(results: Results, outcomes: Outcomes) -> str:
    known = {name: gmv for name in outcomes.scenarios if (gmv := outcomes.of(name, "gmv")).certain}
    if not known:
        return "no scenario moves sales by more than chance could"
    best = max(known, key=lambda name: abs(known[name].value))
    where = "all markets" if outcomes.focus == ALL else results.names[outcomes.focus]
    return f"{best} moves sales in {where} most, by {_with(known[best], signed_dollars)} in all"


def _nothing(outcomes: Outcomes, name: str) -> bool:
    measures = ("gmv", "adopters_after", "adopters_end", "cost")
    return all(outcomes.of(name, measure).always_zero for measure in measures)


def people(value: float) -> str:
    """Return a signed number of people, such as ``+955 thousand``."""
    sign = "\u2212" if value < 0 else "+" if value > 0 else ""
    size = abs(value)
    if size >= 1e6:
        return f"{sign}{number(size / 1e6, 2)}\u00a0m"
    return f"{sign}{number(size / 1e3, 0)}\u00a0thousand" if size >= 1e4 else f"{sign}{number(size, 0)}"


def dollars2(value: float) -> str:
    """Return an amount of a few dollars, with cents."""
    size = abs(value)
    return f"US$\u00a0{number(value, 3 if size < 0.1 else 2 if size < 100 else 0)}"


def _with(outcome: Outcome, form: Any) -> str:
    """Return a value with its interval."""
    if outcome.low != outcome.low or outcome.low == outcome.high:  # NaN, or the same in every replicate
        return str(form(outcome.value))
    return f"{form(outcome.value)} ({form(outcome.low)} to {form(outcome.high)})"


def _inverse(price: Outcome) -> Outcome:
    low, high = sorted((1 / price.low, 1 / price.high)) if price.low * price.high > 0 else (float("nan"),) * 2
    return price._replace(value=1 / price.value, low=low, high=high)


def _around(estimate: Estimate) -> str:
    around = interval(estimate, dollars)
    return dollars(estimate.mean) + (f" ({around})" if around else "")


def _list_of(sold: Mapping[str, Estimate], names: list[str]) -> str:
    return listed([f"{name} with {_around(sold[name])}" for name in names])


def _sure(outcome: Outcome) -> str:
    return "" if outcome.certain or outcome.n < 2 else ", which chance alone could explain"
