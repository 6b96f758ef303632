"""Scenarios against the baseline, paired: what a lever adds, what stays, what it costs, who switched and gained."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from abm.analysis.effects.by_group import adopters_by_group
from abm.analysis.effects.cube import ResultCube, by_sweep_point
from abm.analysis.effects.measures import ScenarioRuns, scenario_effects
from abm.experiment.manifest import scenarios_at
from abm.experiment.result_files import write_table
from abm.experiment.results import Results
from abm.experiment.scenarios import BASELINE

FOLDER = "compare"


@dataclass(frozen=True)
class Comparison:
    """What scenarios do to markets.

    Attributes
    ----------
    effects : DataFrame
        One row per scenario, sweep point, market (besides ``all markets`` and ``other markets``: those in which
        no lever of the scenario acts) and measure: value, low, high, se,
        se_independent, n; ``acts_here`` says whether a lever acts in this market, ``weeks`` how many weeks the
        measure spans.
    by_group : DataFrame
        One row per scenario, sweep point, market, trait, group and moment (``after``, ``end``): extra adopters per 100
        consumers of the group, with the columns of ``effects``; groups of less than a tenth of a market are left out.
    """

    effects: pd.DataFrame
    by_group: pd.DataFrame


def compare(results: Results) -> Comparison:
    """Compare every scenario of an experiment with its baseline.

    Parameters
    ----------
    results : Results
        Finished runs, such as ``load("results/events_2025")``.

    Returns
    -------
    Comparison
        Without rows if there is no scenario with levers.

    Raises
    ------
    ResultsError
        Runs are missing or unreadable.
    """
    effects, by_group = [], []
    if any(_with_levers(results.manifest, point) for point in _points(results.manifest)):
        for point, table in by_sweep_point(results.table):
            runs = ScenarioRuns(ResultCube(table), _people(table, point, results.manifest))
            for name, facts in _described(results, point).items():
                effects += [point | row for row in scenario_effects(runs, name, facts)]
        for point, table in by_sweep_point(results.adoption_by_group):
            names = _with_levers(results.manifest, point)
            by_group += [point | row for name in names for row in adopters_by_group(table, name)]
    return Comparison(pd.DataFrame(effects), pd.DataFrame(by_group))


def _points(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the points of the sweep at which scenarios differ; one without any."""
    return [point["values"] for point in manifest.get("sweep_points") or []] or [{}]


def _with_levers(manifest: Mapping[str, Any], point: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the manifest says of the scenarios with levers at a sweep point."""
    scenarios = scenarios_at(manifest, point)
    return {name: facts for name, facts in scenarios.items() if name != BASELINE and facts["levers"]}


def _described(results: Results, point: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scenarios with levers at a sweep point, and when their effects end."""
    ledger = results.ledger
    if results.manifest.get("sweep_points") and not ledger.empty:
        ledger = ledger[(ledger[list(point)] == pd.Series(point)).all(axis=1)]
    return {
        name: facts | {"end_week": _end_week(name, facts, ledger)}
        for name, facts in _with_levers(results.manifest, point).items()
    }


def _people(table: pd.DataFrame, point: Mapping[str, Any], manifest: Mapping[str, Any]) -> dict[str, float]:
    """Return how many people a consumer stands for at a sweep point, by market."""
    consumers = table.drop_duplicates("market").set_index("market")["consumers"]
    markets = manifest["markets"].items()
    return {
        name: point.get(f"markets.{name}.shoppers", facts["shoppers"]) / int(consumers[name]) for name, facts in markets
    }


def write_comparison(comparison: Comparison, folder: Path) -> None:
    """Write ``compare/effects.parquet`` and ``compare/by_group.parquet``, if there is anything to compare.

    Parameters
    ----------
    comparison : Comparison
    folder : Path
        The results folder.
    """
    for name in ("effects", "by_group"):
        table = getattr(comparison, name)
        if not table.empty:
            write_table(table, folder / FOLDER / f"{name}.parquet")


def _end_week(name: str, facts: Mapping[str, Any], ledger: pd.DataFrame) -> int | None:
    """Return the week after a scenario's last lever; levers with a budget end, in every run, once it is used up."""
    end: int | None = facts["end_week"]
    open_ended = [lever for lever in facts["levers"] if lever["weeks"] is None]
    if end is not None or ledger.empty or any(lever.get("budget") is None for lever in open_ended):
        return end
    booked = ledger[ledger["scenario"] == name]
    return None if booked.empty else int(booked["week"].max())
