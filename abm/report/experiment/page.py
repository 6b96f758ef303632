"""The page: puts tables, sentences and figures into one HTML file."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd

from abm.analysis.effects.compare import Comparison
from abm.analysis.effects.compare import compare as compare_scenarios
from abm.report.charts.style import Plate, drawing
from abm.report.experiment import answer, provenance
from abm.report.experiment import in_short as sentences
from abm.report.experiment import summary_table as summary
from abm.report.experiment.adoption import adoption_plate, state_plate
from abm.report.experiment.effects import forest_plate, who_plate
from abm.report.experiment.effects_frame import Outcomes, outcomes_of
from abm.report.experiment.gap import gap_plate
from abm.report.experiment.observed import Year, compare, observed_plate, published_markets, ratio_table
from abm.report.experiment.run_frame import Results, split
from abm.report.experiment.scenarios import scenario_plate
from abm.report.experiment.sweep import sweep_plate, sweep_table
from abm.report.experiment.timeline import timeline_plate
from abm.report.html import filled


def render_report(
    table: pd.DataFrame, manifest: Mapping[str, Any], observed: pd.DataFrame, comparison: Comparison | None = None
) -> str:
    """Return the report on an experiment as one HTML page that loads nothing.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per scenario, replicate, week and market; at least one row.
    manifest : mapping
        Provenance; ``config`` holds the experiment. Every key is optional.
    observed : pandas.DataFrame
        Published yearly sales: market, year, gmv_usd, low, high, quality.
    comparison : Comparison, optional
        Scenarios against the baseline; without it, the sections on effects and the answer are left out.

    Returns
    -------
    str
        The same bytes for the same input.

    Raises
    ------
    ValueError
        The table is empty.
    """
    if table.empty:
        raise ValueError("table: has no rows, so there is nothing to report")
    parts = split(table, manifest)
    results = parts[0]
    years = compare(results, observed)
    outcomes = outcomes_of(comparison, results)
    with drawing():
        plates = _plates(parts, years, outcomes)
    return filled(
        "template.html",
        name=str(results.config.get("name") or ""),
        command=provenance.command(manifest, results),
        notes=[str(note) for note in manifest.get("notes") or []],
        question=str(results.config.get("question") or ""),
        results=results,
        parts=parts,
        sentences=sentences.in_short(parts),
        headings=summary.headings(results),
        rows=summary.rows(results),
        swept=sweep_table(parts) if len(parts) > 1 else [],
        plates=plates,
        ratios=ratio_table(results, years) if any(plate.name == "observed" for plate in plates) else [],
        published=published_markets(results, years),
        facts=provenance.facts(manifest, results),
        settings=provenance.settings(results),
        levers=provenance.levers(results),
        answer=answer.answer(results, outcomes, manifest) if outcomes else None,
        sweep=provenance.sweep(results),
    )


def write_report(folder: Path) -> Path:
    """Write ``report.html`` into a folder of results, whole or not at all.

    Raises
    ------
    ResultsError
        There are no results, or some are missing.
    OSError
        The folder cannot be written.
    """
    from abm.experiment.results import load, write_whole  # not needed to render a table

    stored = load(folder)
    published = (resources.files("abm.markets") / "data" / "observed_gmv.csv").read_text(encoding="utf-8")
    comparison = compare_scenarios(stored)
    page = render_report(stored.table, stored.manifest, pd.read_csv(io.StringIO(published)), comparison)
    target = Path(folder) / "report.html"
    write_whole(target, lambda name: Path(name).write_text(page, encoding="utf-8", newline="\n"))
    return target


def _plates(parts: Sequence[Results], years: Sequence[Year], outcomes: Outcomes | None) -> list[Plate]:
    results = parts[0]
    plates = [
        sweep_plate(parts),
        adoption_plate(results),
        observed_plate(results, years),
        state_plate(results),
        gap_plate(results),
        scenario_plate(results),
    ]
    if outcomes is not None:
        plates += [timeline_plate(results, outcomes), forest_plate(results, outcomes), who_plate(results, outcomes)]
    return [plate for plate in plates if plate is not None]
