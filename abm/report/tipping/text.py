"""What a search for tipping points found, in plain sentences made from its own numbers."""

from __future__ import annotations

import math
import re
from typing import Any

import pandas as pd

from abm.report.text.number_format import capitalized, dollars, number, percent
from abm.report.tipping.findings import TippingFiles


def sentences(found: TippingFiles) -> list[str]:
    """Return the findings, the most important first."""
    texts = [states(found), *interventions(found), loop(found), phase(found), lever_mixes(found)]
    return [text for text in texts if text]


def states(found: TippingFiles) -> str:
    """Return whether there is anything to tip."""
    facts = found.facts
    low, high, years = percent(facts["low"]), percent(facts["high"]), round(facts["long_run"] / 52)
    ends = f"from a low and from a high start, {low} and {high} of consumers shop in the super-app after {years} years"
    kind = facts["stable_states"]
    if kind == "two":
        return f"{capitalized(found.name)} has two stable states at these parameters: {ends}. It can be tipped."
    if kind == "one":
        name = capitalized(found.name)
        return f"{name} has one stable state at these parameters: {ends}. No intervention lasts, however large."
    rest = "still closing in on each other" if kind == "closing" else "and it is open whether they will meet"
    lasting = (
        "" if not found.tables["interventions"].empty else " There is no second state that an intervention could reach."
    )
    return f"{capitalized(found.name)}: {ends}, {rest}.{lasting}"


def interventions(found: TippingFiles) -> list[str]:
    """Return the smallest intervention of each kind, one sentence each."""
    table = found.tables["interventions"]
    if table.empty:
        return []
    after = f"after which the market is still high {number(found.facts['settle'] / 52, 0)} years later"
    texts = []
    for kind, rows in table.groupby("intervention", sort=False):
        enough = rows[rows["size"].notna()]
        if enough.empty:
            most = rows.sort_values(["weeks", "reach"]).iloc[-1]
            texts.append(
                f"There is no {_KINDS[str(kind)]} {after}, not even {percent(most['largest'])}{_during(most)}."
            )
        else:
            least = enough.iloc[int(enough["size"].to_numpy().argmin())]
            found_size = f"{size_words(least)}{_during(least)}{_shortest(enough, least)}"
            texts.append(f"The smallest {_KINDS[str(kind)]} {after}: {found_size}.")
    return texts


_KINDS = {"seeds": "number of seeds", "discount": "discount", "livestream": "live-stream reach"}


def size_words(row: Any) -> str:
    """Return the critical size of an intervention with its bracket, as text."""
    if math.isnan(row["size"]):
        return f"none up to {percent(row['largest'])}"
    if row["size"] == 0:
        return "nothing: it tips by itself"
    return f"{percent(row['size'])} ({percent(row['low'])} to {percent(row['high'])})"


def _during(row: Any) -> str:
    if row["intervention"] == "seeds":
        return " of consumers turned at once"
    if row["intervention"] == "livestream":
        return f" of consumers during {int(row['weeks'])} weeks"
    group = "everybody" if row["reach"] == 1 else f"{percent(row['reach'])} of consumers"
    return f" for {group} during {int(row['weeks'])} weeks"


def _shortest(enough: pd.DataFrame, least: Any) -> str:
    """Return the shortest intervention that is enough, if it is not the smallest."""
    short = enough.sort_values(["weeks", "size"]).iloc[0]
    if short["weeks"] == least["weeks"]:
        return ""
    return f"; the shortest that is enough: {size_words(short)}{_during(short)}"


def loop(found: TippingFiles) -> str:
    """Return where the ramp jumps, in text."""
    ramp, table = found.facts["ramp"], found.tables["jumps"]
    speed = (
        f"{ramp['parameter']} moved {number(52 * ramp['speed'], 2)} a year with {found.facts['consumers']:,} consumers"
    )
    jumped = table.dropna(subset=["up", "down"])
    if jumped.empty:
        width = percent(table["width"].max())
        same = f"adoption takes the same way up and down (at most {width} apart)"
        return f"No hysteresis within this range: {speed}, {same}."
    up, down = jumped["up"].mean(), jumped["down"].mean()
    today = found.facts["today"][ramp["parameter"]]
    return (
        f"Hysteresis: with {speed}, the market jumps up at {number(up, 2)} and falls back only at {number(down, 2)}; "
        f"now it is at {number(today, 2)}. Where memory is long, part of that is delay."
    )


def phase(found: TippingFiles) -> str:
    """Return where two states begin, in text."""
    table, x, y = found.tables["phase"], found.facts["x"], found.facts["y"]
    today = [found.facts["today"][axis["parameter"]] for axis in (x, y)]
    two = table[table["two"]]
    if two.empty:
        return f"Nowhere in the phase diagram ({x['parameter']} by {y['parameter']}) are there two states."
    steps = [(axis["last"] - axis["first"]) / max(axis["n"] - 1, 1) for axis in (x, y)]
    away = ((two["x"] - today[0]) / steps[0]).abs() + ((two["y"] - today[1]) / steps[1]).abs()
    near = two.iloc[int(away.to_numpy().argmin())]
    share = f"In {number(100 * len(two) / len(table), 0)} % of the phase diagram the two starts end apart"
    if float(away.min()) < 0.5:
        return f"{share}; today's parameters are among them."
    where = f"{x['parameter']} = {number(near['x'], 2)} and {y['parameter']} = {number(near['y'], 2)}"
    return f"{share}; the point nearest to today's ({number(today[0], 2)}, {number(today[1], 2)}) is {where}."


def lever_mixes(found: TippingFiles) -> str:
    """Return the cheapest mix, in text."""
    table = found.tables["lever_mixes"]
    if table.empty:
        return ""
    best, budget = table.iloc[int(table["score"].to_numpy().argmin())], dollars(found.facts["lever_mix"]["budget"])
    chosen = ", ".join(f"{plain_name(name)} {number(best[name], 3)}" for name in mix_columns(table))
    cost = dollars(float(best["cost_usd"]))
    if best["tips"] and best["within_budget"]:
        return f"The cheapest mix found within {budget}, in {len(table)} tries, costs {cost}: {chosen}."
    if best["tips"]:
        return f"No mix found within {budget} tips the market; the cheapest that does costs {cost}: {chosen}."
    closest = table.iloc[int(table["adoption"].to_numpy().argmax())]
    years = number(found.facts["settle"] / 52, 0)
    return (
        f"No mix among {len(table)} tips the market, whatever it costs: the best leaves "
        f"{percent(closest['adoption'])} of consumers in the super-app {years} years later."
    )


def plain_name(column: str) -> str:
    """Return what a chosen value is called: ``subsidy: discount`` for ``subsidy_1.discount``."""
    return re.sub(r"_\d+\.", ": ", column).replace("_", " ")


def mix_columns(table: pd.DataFrame) -> list[str]:
    """Return the columns that hold chosen values."""
    return [column for column in table.columns if "." in column]
