"""The page: puts tables, sentences and figures into one HTML file."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
from markupsafe import Markup

from abm.report import provenance, sentences, summary
from abm.report.curves import adoption_plate, state_plate
from abm.report.gap import gap_plate
from abm.report.observed import Year, compare, observed_plate, ratio_table
from abm.report.results import Results, split
from abm.report.scenarios import scenario_plate
from abm.report.style import Panel, Plate, drawing, with_own_ids
from abm.report.sweep import sweep_plate, sweep_table


def render_report(table: pd.DataFrame, manifest: Mapping[str, Any], observed: pd.DataFrame) -> str:
    """Return the report on an experiment as one HTML page that loads nothing.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per scenario, replicate, week and market; at least one row.
    manifest : mapping
        Provenance; ``config`` holds the experiment. Every key is optional.
    observed : pandas.DataFrame
        Published yearly sales: market, year, gmv_usd, low, high, quality.

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
    with drawing():
        plates = _plates(parts, years)
    return _template().render(
        name=str(results.config.get("name") or ""),
        file=str(manifest.get("file") or ""),
        question=str(results.config.get("question") or ""),
        results=results,
        parts=parts,
        sentences=sentences.in_short(parts),
        headings=summary.headings(results),
        rows=summary.rows(results),
        swept=sweep_table(parts) if len(parts) > 1 else [],
        plates=plates,
        ratios=ratio_table(results, years) if any(plate.name == "observed" for plate in plates) else [],
        facts=provenance.facts(manifest, results),
        settings=provenance.settings(results),
        levers=provenance.levers(results),
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
    from abm.store import load, write_whole  # not needed to render a table

    stored = load(folder)
    published = (resources.files("abm") / "data" / "observed_gmv.csv").read_text(encoding="utf-8")
    page = render_report(stored.table, stored.manifest, pd.read_csv(io.StringIO(published)))
    target = Path(folder) / "report.html"
    write_whole(target, lambda name: Path(name).write_text(page, encoding="utf-8", newline="\n"))
    return target


def _plates(parts: Sequence[Results], years: Sequence[Year]) -> list[Plate]:
    results = parts[0]
    plates = [
        sweep_plate(parts),
        adoption_plate(results),
        observed_plate(results, years),
        state_plate(results),
        gap_plate(results),
        scenario_plate(results),
    ]
    return [plate for plate in plates if plate is not None]


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["draw"] = _draw
    source = (resources.files("abm.report") / "template.html").read_text(encoding="utf-8")
    return environment.from_string(source)


def _draw(panel: Panel, name: str) -> Markup:
    """Return the panel's drawing as markup: it is made here and holds no text of the user that is not escaped."""
    return Markup(with_own_ids(panel.svg, name))
