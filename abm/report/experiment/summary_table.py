"""The summary table: adoption, GMV share and sales per market and scenario, with differences to the baseline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from abm.report.experiment.point_results import PointResults
from abm.report.experiment.statistics import (
    Quantity,
    effect,
    final_adoption,
    has_sales,
    last_period,
    level,
    sales,
    share,
)
from abm.report.text.number_format import dollars, format_change, format_interval, percent, points, signed_dollars

_Form = Callable[[float], str]


@dataclass(frozen=True)
class Cell:
    """A value, the interval around it, and the difference to the baseline (empty in the baseline's own row)."""

    value: str
    around: str
    difference: str


@dataclass(frozen=True)
class Row:
    """One market under one scenario."""

    market: str
    scenario: str
    first: bool
    cells: list[Cell]


def headings(results: PointResults) -> list[str]:
    """Return the titles of the columns of values."""
    period = last_period(results).label
    names = ["Adoption at the end", f"GMV share {period}"]
    return [*names, f"GMV {period}"] if has_sales(results) else names


def rows(results: PointResults) -> list[Row]:
    """Return the table, market by market, the baseline first."""
    return [
        Row(results.titles[market], scenario, position == 0, _cells(results, market, scenario))
        for market in results.markets
        for position, scenario in enumerate([results.baseline, *results.others])
    ]


def _cells(results: PointResults, market: str, scenario: str) -> list[Cell]:
    period = last_period(results)
    columns: list[tuple[Quantity, _Form, _Form]] = [
        (final_adoption(results, market), percent, points),
        (share(results, market, period), percent, points),
    ]
    if has_sales(results):
        columns.append((sales(results, market, period), dollars, signed_dollars))
    return [_cell(results, scenario, *column) for column in columns]


def _cell(results: PointResults, scenario: str, quantity: Quantity, form: _Form, signed: _Form) -> Cell:
    value = level(results, quantity, scenario)
    difference = "" if scenario == results.baseline else format_change(effect(results, quantity, scenario), signed)
    return Cell(form(value.value), format_interval(value, form, 0.0), difference)
