"""What an explanation found, in plain sentences made from its own numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from abm.report.explain.findings import ExplanationFiles
from abm.report.text.number_format import capitalized, join_words, number, percent

_WORDS = {
    "preference": "taste for one app", "integration": "many functions in one app", "norm": "what others do",
    "livestream": "live streams", "launch": "launch date", "network": "the social network",
    "occasion": "how often people shop", "supply": "supply (merchants)", "start": "initial adopters",
}  # fmt: skip


def mechanism_label(mechanism: str) -> str:
    """Return what a mechanism is called in a sentence."""
    return _WORDS.get(mechanism, mechanism.replace("_", " "))


def sentences(found: ExplanationFiles) -> list[str]:
    """Return the findings, the most important first."""
    texts = [_gap(found), _largest(found), _against(found), _nothing(found), together(found)]
    if not found.tables["history"].empty:
        texts += [history(found), verdict(found)]
    return [text for text in texts if text]


def _gap(found: ExplanationFiles) -> str:
    facts, (low, high) = found.facts, found.names
    gap = facts["gap"]
    return (
        f"{capitalized(found.label)}: {found.level(facts['low_value']['mean'])} in {low}, "
        f"{found.level(facts['high_value']['mean'])} if the same people get all parameters of {high}. "
        f"The gap of {found.change(gap['mean'], gap['standard_error'])} {found.unit} is what is split up here "
        f"({_brackets(facts)}).{_never(found)}"
    )


def _never(found: ExplanationFiles) -> str:
    """Return a warning if a level was not reached within the run, so that its weeks are only a lower bound."""
    ends = [(found.facts[f"{end}_value"]["mean"], name) for end, name in zip(("low", "high"), found.names, strict=True)]
    late = [name for value, name in ends if found.in_weeks and value >= found.facts["weeks"]]
    if not late:
        return ""
    weeks = found.facts["weeks"]
    return f" Not reached within the run in {join_words(late)}: counted as {weeks} weeks, so the gap is a lower bound."


def _brackets(facts: Mapping[str, Any]) -> str:
    """Return what was run and what stands in brackets behind the numbers."""
    n = facts["replicates"]
    seeds = f"{n} seeds" if n > 1 else "one seed"
    if facts["draws"] > 1:
        return f"means over {facts['draws']} parameter sets, {seeds} each; in brackets: 5 to 95 % of the sets"
    return f"{seeds}; in brackets: the 95 % interval over seeds" if n > 1 else f"{seeds}, hence no intervals"


def _records(found: ExplanationFiles) -> list[Any]:
    return list(found.shapley.itertuples())


def _part(found: ExplanationFiles, row: Any) -> str:
    if hasattr(row, "draw_low"):
        spread = f"{found.change(row.draw_low)} to {found.change(row.draw_high)}"
        return f"{mechanism_label(row.mechanism)} {found.change(row.value)} ({spread})"
    return f"{mechanism_label(row.mechanism)} {found.change(row.value, row.standard_error)}"


def _largest(found: ExplanationFiles) -> str:
    gap = found.facts["gap"]["mean"]
    if gap == 0:
        return "There is no gap, so there is nothing to split up."
    rows = [row for row in _records(found) if row.value * gap > 0][:4]
    if not rows:
        return ""
    part = sum(float(row.value) for row in rows) / gap
    parts = join_words([_part(found, row) for row in rows])
    return f"The largest parts, in {found.unit}: {parts}; together {number(100 * part, 0)} % of the gap."


def _against(found: ExplanationFiles) -> str:
    gap = found.facts["gap"]["mean"]
    rows = [row for row in _records(found) if row.value * gap < 0 and _sure(found, row)]
    return f"Working against the gap: {join_words([_part(found, row) for row in rows[:3]])}." if rows else ""


def _nothing(found: ExplanationFiles) -> str:
    rows = _records(found)
    same = [mechanism_label(str(row.mechanism)) for row in rows if not row.differs]
    unsure = [mechanism_label(str(row.mechanism)) for row in rows if row.differs and not _sure(found, row)]
    texts = []
    if same:
        texts.append(f"{capitalized(join_words(same))}: the same in both markets, hence exactly 0.")
    if unsure:
        texts.append(f"Not distinguishable from 0: {join_words(unsure)}.")
    return " ".join(texts)


def _sure(found: ExplanationFiles, row: Any) -> bool:
    if hasattr(row, "draw_low"):
        return bool(row.draw_low * row.draw_high > 0)
    half = found.half(row.standard_error)
    return bool(abs(row.value) > half) if not math.isnan(half) else bool(row.value != 0)


def together(found: ExplanationFiles) -> str:
    """Return how much one-at-a-time readings miss."""
    gap = found.facts["gap"]["mean"]
    if gap == 0 or len(found.shapley) == 0:
        return ""
    first, last = (100 * (1 - found.facts[f"left_by_{kind}_in"]["mean"] / gap) for kind in ("first", "last"))
    text = (
        f"Added one at a time to {found.names[0]}, the mechanisms make up {number(first, 0)} % of the gap; "
        f"taken one at a time from {found.names[1]}, {number(last, 0)} %."
    )
    if abs(first - 100) > 10 or abs(last - 100) > 10:
        text += " They act through each other, so neither list may be read as shares."
    pairs = found.tables["interactions"]
    if not pairs.empty and pairs["interaction"].iloc[0] != 0:
        pair = pairs.iloc[0]
        text += f" The strongest pair: {mechanism_label(pair['mechanism'])} with {mechanism_label(pair['other'])}."
    return text


def history(found: ExplanationFiles) -> str:
    """Return how much of the gap is where the markets started, in text."""
    table = found.tables["history"]
    ends = sorted({int(table["horizon"].min()), int(table["horizon"].max())})
    plain = join_words([_past(found, horizon, trust=False) for horizon in ends])
    trusted = join_words([_past(found, horizon, trust=True) for horizon in ends])
    column = "adoption" if found.facts["outcome"] == "adoption" else "GMV share"
    return (
        f"With the shop open and today's parameters on both sides, where the markets started (adopters, habits, "
        f"awareness, merchants) makes up {plain} of the gap in {column} that is left then. If trust is counted "
        f"as part of where they started: {trusted}. The rest is what they are: their tastes and the other mechanisms."
    )


def _past(found: ExplanationFiles, horizon: int, *, trust: bool) -> str:
    """Return the part of history in the gap after a horizon, such as ``50 % (±3) after one year``."""
    table = found.tables["history"]
    chosen = (table["horizon"] == horizon) & (table["with_trust"] == trust) & (table["part"] == "history")
    past = table[chosen].iloc[0]
    gap, half = float(past["gap"]), found.half(float(past["standard_error"]))
    if not gap:
        return f"nothing after {_years(horizon)}"
    around = "" if math.isnan(half) else f" (±{number(abs(100 * half / gap), 1)})"
    return f"{number(100 * float(past['value']) / gap, 0)} %{around} after {_years(horizon)}"


def verdict(found: ExplanationFiles) -> str:
    """Return whether each market has one or two stable states, in text."""
    return " ".join(_state(found, market, i) for i, market in enumerate((found.facts["low"], found.facts["high"])))


def _state(found: ExplanationFiles, market: str, i: int) -> str:
    ends = state_ends(found, market)
    low, high = ends["low"], ends["high"]
    name, after = found.names[i], _years(int(found.facts["long_run"]))
    kind = found.facts["stable_states"][market]
    if kind == "two":
        return (
            f"{capitalized(name)} has two stable states at today's parameters: from a low start {percent(low)} of "
            f"consumers shop in the super-app after {after}, from a high start {percent(high)}. That is a trap: "
            "an intervention could tip it."
        )
    if kind == "one":
        return (
            f"{capitalized(name)} has one stable state at today's parameters: from a low and from a high start "
            f"adoption is {percent(low)} and {percent(high)} after {after}. That is no trap: where it starts does "
            f"not matter in the end."
        )
    ends_words = f"{percent(low)} and {percent(high)} after {after}"
    apart = f"{capitalized(name)}: from a low and from a high start adoption is {ends_words}"
    if kind == "closing":
        return f"{apart}, closing in on each other: no sign of a second stable state, but a memory of decades. No trap."
    return f"{apart}; this run does not show whether they will meet, so it leaves one or two stable states open."


def state_ends(found: ExplanationFiles, market: str) -> dict[str, float]:
    """Return adoption over the last year from either start, mean over seeds.

    Parameters
    ----------
    found : ExplanationFiles
        The explanation.
    market : str
        Name of a market.

    Returns
    -------
    dict[str, float]
    """
    states = found.tables["states"]
    own = states[(states["market"] == market) & (states["week"] > states["week"].max() - 52)]
    return {str(start): float(value) for start, value in own.groupby("start")["adoption"].mean().items()}


def _years(weeks: int) -> str:
    years = round(weeks / 52)
    return f"{weeks} weeks" if weeks < 52 else "one year" if years == 1 else f"{years} years"
