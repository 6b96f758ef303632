"""Shoppers, sales, trust and habit over time: panels whose lines grow week by week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from abm.base.calendar import date_of
from abm.engine import state
from abm.engine.trajectory import Trajectory
from abm.numerics.array_types import Floats
from abm.numerics.fixed_point import U16_MAX
from abm.report.charts.style import INK, colours
from abm.view.images import caption, new_panel, to_data_uri
from abm.view.live_model import LiveModel
from abm.view.published_sales import published_shares
from abm.view.settings import CALENDAR

FIRST_WEEKS = 26  # shown from the beginning, so that the first steps can be seen


@dataclass(frozen=True)
class CurveTables:
    """Curves of each market up to this week; ``counterfactual`` is empty until a lever is pulled."""

    actual: Sequence[dict[str, Floats]]
    counterfactual: Sequence[dict[str, Floats]]


def curve_tables(model: LiveModel) -> CurveTables:
    """Return the curves with the levers that were pulled, and without."""
    indices = range(len(model.markets))
    actual, counterfactual = model.trajectory(), model.counterfactual_trajectory()
    return CurveTables(
        [market_curves(actual, i) for i in indices],
        [market_curves(counterfactual, i) for i in indices] if counterfactual else [],
    )


def market_curves(trajectory: Trajectory, market_index: int) -> dict[str, Floats]:
    """Return the curves of one market.

    Parameters
    ----------
    trajectory : Trajectory
    market_index : int

    Returns
    -------
    dict of str to array
        By name, float64[weeks + 1]: shares of consumers or of spend, and means, all 0 .. 1.
    """
    tally = trajectory.tallies[:, market_index]
    n_consumers = trajectory.markets[market_index].consumers
    spend = tally[:, state.SPEND]
    gmv = np.divide(tally[:, state.SUPER_SPEND], spend, out=np.zeros(len(tally)), where=spend > 0)
    full = n_consumers * U16_MAX
    return {
        "adoption": tally[:, state.N_SUPER] / n_consumers,
        "aware": tally[:, state.N_AWARE] / n_consumers,
        "gmv_share": gmv,
        "trust": tally[:, state.TRUST] / full,
        "habit": tally[:, state.HABIT] / full,
    }


def market_colours(model: LiveModel) -> dict[str, str]:
    """Return the colour of each market by its title; the same colours as in the report."""
    return {model.title(name): colour for name, colour in colours(list(model.markets)).items()}


@dataclass(frozen=True)
class Curve:
    """One kind of line in a panel: its column, line style and the weeks of its moving average."""

    column: str
    style: dict[str, Any]
    weeks: int = 1


SOLID, DASHED, DOTTED = {"lw": 2.0}, {"lw": 1.5, "ls": (0, (4, 2))}, {"lw": 1.3, "ls": (0, (1, 1.5))}


class CurvePanel:
    """Curves over time of all markets.

    Parameters
    ----------
    model : LiveModel
    title, legend : str
    curves : sequence of Curve
    percent : bool
        Values are drawn in percent, and the counterfactual of the first curve with them; else on a scale from 0 to 1.
    """

    def __init__(self, model: LiveModel, title: str, curves: Sequence[Curve], legend: str, *, percent: bool) -> None:
        self._model, self._curves, self._legend, self._percent = model, curves, legend, percent
        self._axes = new_panel(title, market_colours(model))
        self._colours = list(market_colours(model).values())
        self._lines = [[self._line(colour, curve.style) for curve in curves] for colour in self._colours]
        self._counterfactual_lines = [self._line(colour, DASHED | {"lw": 1.3}) for colour in self._colours]
        self._n_pulled = 0
        if model.clock != CALENDAR:
            self._axes.set_xlabel("weeks since each shop opened", fontsize=9.5)

    def data_uri(self, tables: CurveTables) -> str:
        """Return the image of this week."""
        factor = 100 if self._percent else 1
        has_counterfactual = bool(tables.counterfactual) and self._percent
        top = 0.0
        for i, lines in enumerate(self._lines):
            for curve, line in zip(self._curves, lines, strict=True):
                top = max(top, _draw(line, tables.actual[i][curve.column], curve.weeks, factor))
            if has_counterfactual:
                curve = self._curves[0]
                values = tables.counterfactual[i][curve.column]
                top = max(top, _draw(self._counterfactual_lines[i], values, curve.weeks, factor))
        self._set_limits(top)
        self._mark_levers()
        caption(self._axes, self._legend + ("   dashes: without levers" if has_counterfactual else ""))
        return to_data_uri(self._axes.get_figure(root=True))

    @property
    def axes(self) -> Axes:
        """The axes, for further marks."""
        return self._axes

    def _line(self, colour: str, style: dict[str, Any]) -> Any:
        return self._axes.plot([], [], color=colour, **style)[0]

    def _set_limits(self, top: float) -> None:
        last = max(self._model.week, FIRST_WEEKS)
        self._axes.set_xlim(0, last * 1.01)
        self._axes.set_ylim(0, min(max(1.1 * top, 1.0), 101.0) if self._percent else 1.04)
        if self._model.clock == CALENDAR:
            weeks = np.unique(np.linspace(0, last, 5).astype(int))[:-1]
            start = self._model.settings.start
            self._axes.set_xticks(weeks, [f"{date_of(int(week), start):%b %Y}" for week in weeks])

    def _mark_levers(self) -> None:
        names = list(self._model.markets)
        for pull in self._model.pulled[self._n_pulled :]:
            colour = self._colours[names.index(pull.market)]
            self._axes.axvline(pull.week, color=colour, lw=1.0, ls=(0, (1, 1)), zorder=1)
        self._n_pulled = len(self._model.pulled)


def shoppers_panel(model: LiveModel) -> CurvePanel:
    """Show the share of consumers who shop in the super-app."""
    return CurvePanel(model, "Who shops in the super-app", [Curve("adoption", SOLID)], "% of consumers", percent=True)


def sales_panel(model: LiveModel) -> CurvePanel:
    """Show the super-app's share of online spend, with published figures."""
    curve = Curve("gmv_share", SOLID, weeks=4)
    published = {market.name: published_shares(market) for market in model.markets.values()}
    legend = "% of online spend" + ("   points: published" if any(published.values()) else "")
    panel = CurvePanel(model, "What it sells", [curve], legend, percent=True)
    for (name, years), colour in zip(published.items(), market_colours(model).values(), strict=True):
        for one in years:
            week = model.settings.week_of_year(name, one.year, model.clock)
            error = [[100 * (one.share - one.low)], [100 * (one.high - one.share)]]
            panel.axes.errorbar(
                [week], [100 * one.share], yerr=error, color=colour, marker="o", ms=5.5, mec=INK, mew=0.9,
                capsize=2.5, elinewidth=1, ls="none", zorder=4,
            )  # fmt: skip
    return panel


def consumer_state_panel(model: LiveModel) -> CurvePanel:
    """Show the mean trust, the mean habit and the share of consumers who are aware."""
    curves = [Curve("trust", SOLID), Curve("habit", DASHED), Curve("aware", DOTTED)]
    legend = "means, 0 to 1   line: trust   dashes: habit   dots: heard of it"
    return CurvePanel(model, "Trust, habit and awareness", curves, legend, percent=False)


def _draw(line: Any, values: Floats, weeks: int, factor: float) -> float:
    shown = factor * moving_average(values, weeks)
    line.set_data(np.arange(len(shown)), shown)
    return float(shown.max(initial=0.0))


def moving_average(values: Floats, weeks: int) -> Floats:
    """Return the moving average of each week and those before it, ``weeks`` in all.

    Week 0, in which nothing is sold, is averaged with no other week.

    Parameters
    ----------
    values : float64[weeks of the run]
        By week.
    weeks : int
    """
    sums = np.cumsum(np.concatenate([[0.0], values]))
    last = np.arange(1, len(values) + 1)
    first = np.maximum(last - weeks, np.minimum(1, last - 1))
    return np.asarray((sums[last] - sums[first]) / (last - first))
