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
from abm.experiment.configurations import publish
from abm.experiment.results import load
from abm.report.charts.style import figure_style
from abm.report.experiment import answer, provenance
from abm.report.experiment import in_short as sentences
from abm.report.experiment import summary_table as summary
from abm.report.experiment.adoption import adoption_section, state_section
from abm.report.experiment.effects import effects_section
from abm.report.experiment.gap import gap_section
from abm.report.experiment.observed import (
    YearlySales,
    compare_with_published,
    observed_section,
    published_markets,
    ratio_table,
)
from abm.report.experiment.point_results import PointResults, split
from abm.report.experiment.scenario_effects import ScenarioEffects, effects_at
from abm.report.experiment.scenarios import scenario_section
from abm.report.experiment.sweep import sweep_section, sweep_table
from abm.report.experiment.switchers import switchers_section
from abm.report.experiment.timeline import timeline_section
from abm.report.html import Section, render_template, write_page

REPORT = "report.html"


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
    points = split(table, manifest)
    results = points[0]
    years = compare_with_published(results, observed)
    effects = effects_at(comparison, results)
    with figure_style():
        sections = _sections(points, years, effects)
    return render_template(
        "experiment.html",
        name=str(results.config.get("name") or ""),
        command=provenance.command(manifest, results),
        notes=[str(note) for note in manifest.get("notes") or []],
        question=str(results.config.get("question") or ""),
        results=results,
        points=points,
        sentences=sentences.in_short(points),
        headings=summary.headings(results),
        rows=summary.rows(results),
        swept=sweep_table(points) if len(points) > 1 else [],
        sections=sections,
        ratios=ratio_table(results, years) if any(section.name == "observed" for section in sections) else [],
        published=published_markets(results, years),
        facts=provenance.facts(manifest, results),
        settings=provenance.settings(results),
        levers=provenance.levers(results),
        answer=answer.answer(results, effects, manifest) if effects else answer.without_levers(results, manifest),
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
    stored = load(folder)
    published = (resources.files("abm.markets") / "data" / "observed_gmv.csv").read_text(encoding="utf-8")
    comparison = compare_scenarios(stored)
    page = render_report(stored.table, stored.manifest, pd.read_csv(io.StringIO(published)), comparison)
    written = write_page(page, stored.home / REPORT)
    if stored.home != stored.path:
        publish(stored.path, stored.home)
    return stored.path / REPORT if (stored.path / REPORT).exists() else written


def _sections(
    points: Sequence[PointResults], years: Sequence[YearlySales], effects: ScenarioEffects | None
) -> list[Section]:
    results = points[0]
    sections = [
        sweep_section(points),
        adoption_section(results),
        observed_section(results, years),
        state_section(results),
        gap_section(results),
        scenario_section(results),
    ]
    if effects is not None:
        sections += [
            timeline_section(results, effects),
            effects_section(results, effects),
            switchers_section(results, effects),
        ]
    return [section for section in sections if section is not None]
