"""The tables of results that ``abm run`` and ``abm compare`` print, fitted to the width of the terminal."""

import math
from typing import Any, NamedTuple

import pandas as pd
from rich.text import Text

from abm.analysis.effects.compare import Comparison
from abm.analysis.effects.yearly import sweep_columns
from abm.cli import console
from abm.cli.console import print_line, print_notes
from abm.cli.tables import print_figures


def print_summary(summary: pd.DataFrame, manifest: dict[str, Any]) -> None:
    """Print the comparison of markets and scenarios.

    Parameters
    ----------
    summary : DataFrame
        From ``abm.analysis.summarize``.
    manifest : dict
        Of the results.
    """
    year = int(summary["year"].iloc[0])
    period = str(year) if year else "whole run"
    title = manifest.get("question") or manifest["name"]
    names = ["scenario", *sweep_columns(summary), "market"]
    sales = [f"of spend\n{period}, %", f"GMV {period},\nUS$ bn", "against\nbaseline, points"]
    rows = [[*(str(row[column]) for column in names), *_figures(row)] for _, row in summary.iterrows()]
    print_figures(title, names, ["adopted\nat end, %", *sales], rows)
    note = "Mean over replicates ± half the 95 % interval. Differences are paired: same random numbers."
    console.terminal.print(Text(note), style="dim")
    print_notes(manifest.get("notes", []))


def print_comparison(comparison: Comparison, manifest: dict[str, Any]) -> None:
    """Print the effects of scenarios: one row per scenario and market in which something changes.

    Parameters
    ----------
    comparison : Comparison
    manifest : dict
        Of the results.
    """
    effects = comparison.effects
    if effects.empty:
        swept = " The points of its sweep are in its report." if manifest.get("config", {}).get("sweep") else ""
        print_line(f"Nothing to compare: the experiment has no scenario with levers.{swept}")
        return
    title = manifest.get("question") or manifest["name"]
    names, cells = ["scenario", *sweep_columns(effects), "market"], []
    for key, rows in effects.groupby(names, sort=False):
        found: dict[str, Any] = {row["measure"]: row for row in rows.to_dict("records")}
        cells.append([*map(str, key), *(_effect(found, measure) for measure in _MEASURES)])
    print_figures(title, names, [measure.heading for measure in _MEASURES], cells)
    for name, rows in effects[effects["measure"] == "spill_over"].groupby("scenario", sort=False):
        joint = {str(column): value for column, value in rows.to_dict("records")[-1].items()}
        print_line(f"{name}: US$ {_plus_minus(joint, 1e-6, '+,.1f')} m beyond the sum of its parts.")
    console.terminal.print(
        Text(
            "Mean of paired differences ± half the 95 % interval; blank: none, or not known. "
            'Cost: of levers that have one; to "set" a value costs nothing.',
            style="dim",
        )
    )


class _Measure(NamedTuple):
    heading: str
    name: str
    factor: float
    pattern: str


_MEASURES = (
    _Measure("extra GMV\nmeanwhile, US$ m", "gmv_during", 1e-6, ",.1f"),
    _Measure("extra GMV\nafterwards, US$ m", "gmv_after", 1e-6, ",.1f"),
    _Measure("adopters when\nit ends, thousand", "adopters_after", 1e-3, ",.1f"),
    _Measure("left up to a\nyear later, %", "persistence", 100, ".1f"),
    _Measure("cost,\nUS$ m", "cost", 1e-6, ",.1f"),
    _Measure("cost per\nextra US$", "cost_per_gmv", 1, ".3f"),
)


def _effect(effects: dict[str, dict[str, float]], measure: _Measure) -> str:
    effect = effects.get(measure.name)
    if effect is None or math.isnan(effect["value"]):
        return ""
    if effect["value"] == effect["low"] == effect["high"] == 0:
        return "0"  # exactly: the same bytes
    return _plus_minus(effect, measure.factor, measure.pattern)


def _plus_minus(effect: dict[str, float], factor: float, pattern: str) -> str:
    text, half = format(effect["value"] * factor, pattern), (effect["high"] - effect["value"]) * factor
    return text if math.isnan(half) else f"{text} ±{format(half, pattern.removeprefix('+'))}"


def _figures(row: "pd.Series[Any]") -> list[str]:
    change = _with_half(row, "gmv_share_change", 100, "+.3f")
    if row["gmv_share_change_low"] == row["gmv_share_change_high"] == 0:
        change = "0"  # exactly: the same bytes
    return [
        _with_half(row, "adoption", 100, ".2f"),
        _with_half(row, "gmv_share", 100, ".2f"),
        _with_half(row, "gmv_usd", 1e-9, ",.1f"),
        "" if row["scenario"] == "baseline" else change,
    ]


def _with_half(row: "pd.Series[Any]", column: str, factor: float, pattern: str) -> str:
    text = format(row[column] * factor, pattern)
    half = (row[f"{column}_high"] - row[column]) * factor
    return text if pd.isna(half) else f"{text} ±{format(half, pattern.removeprefix('+'))}"
