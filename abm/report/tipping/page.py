"""The page of ``abm tip``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from abm.report.analysis_files import command_of, made_with, settings_of
from abm.report.charts.style import figure_style
from abm.report.html import AnalysisPage, Table, write_page
from abm.report.text.number_format import dollars, number, percent
from abm.report.tipping import figures, text
from abm.report.tipping.findings import TippingFiles, read

_MADE = (
    "A market can be tipped only if it has two stable states at the same parameters: then an intervention that ends "
    "leaves it where the intervention has brought it. The two states are looked for from a low and from a high start. "
    "Each intervention starts from the last week "
    "of the experiment; whether it is enough is decided by the adoption that is left long after it has ended.",
    "The size of an intervention is found by bisection. Each size is run with the same random numbers until Wald's "
    "sequential test (errors "
    "of 5 %, chances of one and three quarters to be distinguished) says on which side of one half the chance to "
    "tip lies.",
    "All of this holds for the parameters as they stand. Norm and habit decide whether there is anything to tip, "
    "and neither is "
    "known well: the phase diagram shows how far that matters.",
)


def tip_page(found: TippingFiles) -> AnalysisPage:
    """Return the page on a search for tipping points."""
    with figure_style():
        drawn = [
            figures.states(found),
            figures.interventions(found),
            figures.loop(found),
            figures.phase(found),
            figures.lever_mixes(found),
        ]
    facts = found.facts
    tables = {}
    if not found.tables["interventions"].empty:
        tables["interventions"] = _interventions(found)
    if not found.tables["lever_mixes"].empty:
        tables["lever_mixes"] = _mixes(found)
    return AnalysisPage(
        title=f"What would tip {found.name}",
        question=str(facts.get("question") or ""),
        sentences=text.sentences(found),
        sections=[section for section in drawn if section is not None],
        command=command_of(facts, "tip", _options(facts)),
        settings=settings_of(facts),
        made=_MADE,
        facts=_facts(found),
        tables=tables,
    )


def write_tip(folder: Path) -> Path:
    """Write ``tip.html`` into a results folder that holds a search for tipping points.

    Raises
    ------
    ResultsError
    """
    return write_page(tip_page(read(folder)).html(), Path(folder) / "tip.html")


def _interventions(found: TippingFiles) -> Table:
    names = {"seeds": "seeds", "discount": "discount", "livestream": "live-stream reach"}
    rows = [
        [
            names.get(row["intervention"], row["intervention"]),
            "at once" if not row["weeks"] else str(row["weeks"]),
            percent(row["reach"]) if row["intervention"] == "discount" else "",
            text.size_words(row),
            str(row["n_runs"]),
        ]
        for row in found.tables["interventions"].to_dict("records")
    ]
    note = "Critical size with the bracket of the bisection: the smaller does not tip the market, the larger does."
    return Table(["Intervention", "Weeks", "Reach", "Smallest that is enough", "Runs"], rows, note)


def _mixes(found: TippingFiles) -> Table:
    table = found.tables["lever_mixes"].sort_values("score").head(8)
    columns = text.mix_columns(table)
    rows = [
        [f"try {row['trial']}", dollars(row["cost_usd"]), percent(row["adoption"]), "yes" if row["tips"] else "no"]
        + ["" if math.isnan(row[column]) else number(row[column], 3) for column in columns]
        for row in table.to_dict("records")
    ]
    return Table(["Best mixes", "Cost", "Adoption left", "Tips", *map(text.plain_name, columns)], rows)


def _options(facts: Mapping[str, Any]) -> dict[str, Any]:
    varied = {name: ":".join(str(value) for value in list(facts[name].values())[:4]) for name in ("x", "y")}
    ramp = ":".join(str(facts["ramp"][name]) for name in ("parameter", "first", "last", "steps", "weeks_per_step"))
    return {"market": facts["market"], "ramp": ramp, **varied, "settle": facts["settle"]}


def _facts(found: TippingFiles) -> list[tuple[str, str]]:
    facts = found.facts
    runs = f"{facts['seed']}, {facts['replicates']} (up to {facts['most_runs']} for a size of an intervention)"
    return [
        ("consumers, weeks before today", f"{facts['consumers']:,}, {facts['weeks']} from {facts['start']}"),
        ("seed, replicates", runs),
        ("high means", f"adoption above {percent(facts['threshold'])}, {facts['settle']} weeks after the intervention"),
        ("mean-field theory", _theory(facts["mean_field"])),
        *made_with(facts),
    ]


def _theory(theory: Mapping[str, Any] | None) -> str:
    if theory is None:
        return "does not apply (it needs the complete network and norm alone)"
    at = f"b = {number(theory['b'], 3)}, J = {number(theory['j'], 3)}"
    if not theory["bifurcation_points"]:
        return f"{at}: one state"
    low, high = theory["bifurcation_points"]
    return f"{at}, two states between the bifurcation points b = {number(low, 3)} and {number(high, 3)}"
