"""The page of ``abm explain``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from abm.report.analysis_files import command_of, made_with, settings_of
from abm.report.charts.style import figure_style
from abm.report.explain import figures, path_dependence_figures, text
from abm.report.explain.findings import ExplanationFiles, read
from abm.report.html import AnalysisPage, Table, write_page

_MADE = (
    "A mixed market is the first market in which some mechanisms have the other market's parameters. Every mixed "
    "market has "
    "the same consumers and the same random numbers, so two of them differ only by what their parameters do. Replacing "
    "mechanisms in every order and averaging what each adds gives the Shapley values; they add up to the gap exactly.",
    "Intervals show chance in the simulation. They do not show doubt about the parameters, many of which are "
    "assumed or "
    "fitted by hand (abm markets NAME shows the evidence for each): a part is the effect of the parameters as "
    "they stand. "
    "Preference in particular was adjusted until sales came near the published ones, so it also holds what no "
    "other mechanism names.",
    "The gap is between the first market and that market with all parameters of the other, not the other market "
    "itself, which "
    "has other consumers; the last lines of the table below show how little or how much that matters.",
)


def explain_page(found: ExplanationFiles) -> AnalysisPage:
    """Return the page on an explanation."""
    with figure_style():
        sections = [figures.waterfall(found)]
        if found.shapley["differs"].any():
            sections.append(figures.readings(found))
        if found.facts["draws"] > 1:
            sections.append(figures.draws(found))
        if not found.tables["history"].empty:
            sections += [path_dependence_figures.histories(found), path_dependence_figures.states(found)]
    low, high = found.names
    return AnalysisPage(
        title=f"Why {low} and {high} differ",
        question=str(found.facts.get("question") or ""),
        sentences=text.sentences(found),
        sections=sections,
        command=command_of(found.facts, "explain", _options(found.facts)),
        settings=settings_of(found.facts),
        made=_MADE,
        facts=_facts(found),
        tables={"waterfall": _mechanisms(found)}
        | ({} if found.tables["interactions"].empty else {"readings": _pairs(found)}),
    )


def write_explain(folder: Path) -> Path:
    """Write ``explain.html`` into a results folder that holds an explanation.

    Raises
    ------
    ResultsError
    """
    return write_page(explain_page(read(folder)).html(), Path(folder) / "explain.html")


def _mechanisms(found: ExplanationFiles) -> Table:
    rows = []
    for row in found.shapley.to_dict("records"):
        name = text.mechanism_label(str(row["mechanism"]))
        if not row["differs"]:
            rows.append([name, *["exactly 0"] * 3])
            continue
        pairs = (("first_in", "first_in_error"), ("value", "standard_error"), ("last_in", "last_in_error"))
        rows.append([name, *(found.change(row[column], row[error]) for column, error in pairs)])
    facts = found.facts
    total = found.change(facts["gap"]["mean"], facts["gap"]["standard_error"])
    shortfall = [facts["gap"]["mean"] - facts[f"left_by_{kind}_in"]["mean"] for kind in ("first", "last")]
    rows.append(["all together", found.change(shortfall[0]), total, found.change(shortfall[1])])
    note = f"In {found.unit}, with 95 % intervals over seeds."
    return Table(["Mechanism", "First in", "Shapley value", "Last in"], rows, note)


def _pairs(found: ExplanationFiles) -> Table:
    rows = [
        [f"{text.mechanism_label(row['mechanism'])} with {text.mechanism_label(row['other'])}",
         found.change(row["interaction"], row["standard_error"])]
        for row in found.tables["interactions"].head(5).to_dict("records")
    ]  # fmt: skip
    note = (
        f"In {found.unit}: what two mechanisms do together beyond what they do apart, averaged over who else is there."
    )
    return Table(["The strongest interactions", "Interaction"], rows, note)


def _options(facts: Mapping[str, Any]) -> dict[str, Any]:
    asked = {name: facts.get(name) for name in ("outcome", "low", "high", "by")}
    return asked | {"permutations": facts.get("orders"), "horizon": str(facts.get("horizon", 0))}


def _facts(found: ExplanationFiles) -> list[tuple[str, str]]:
    facts = found.facts
    ways = f"{facts['orders']} random orders" if facts["orders"] else f"all {facts['subsets']:,} subsets"
    own = facts["high_under_its_own_name"]
    return [
        ("runs", f"{facts['subsets']:,} mixed markets x {facts['replicates']} seeds"
                 + (f" x {facts['draws']} parameter sets" if facts["draws"] > 1 else "") + f" ({ways})"),
        ("consumers, weeks", f"{facts['consumers']:,}, {facts['weeks']} from {facts['start']}"),
        ("seed", str(facts["seed"])),
        *made_with(facts),
        (f"{found.titles[0]} with all of {found.titles[1]}", found.level(facts["high_value"]["mean"])),
        (f"{found.titles[1]} itself", found.level(own["mean"])),
    ]  # fmt: skip
