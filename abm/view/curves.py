"""Shoppers, sales, trust and habit over time: panels whose lines grow week by week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from abm.calendar import date_of
from abm.report.charts.style import INK, colours
from abm.view.images import hint, panel, to_address
from abm.view.live_model import Stage, series
from abm.view.published_sales import published_shares
from abm.view.settings import CALENDAR

Floats = npt.NDArray[np.float64]
FIRST_WEEKS = 26  # shown from the beginning, so that the first steps can be seen


@dataclass(frozen=True)
class Records:
    """What happened so far, one table of curves per market; ``twins`` is empty until a lever is pulled."""

    arms: Sequence[dict[str, Floats]]
    twins: Sequence[dict[str, Floats]]


def records_of(stage: Stage) -> Records:
    """Return the curves of both arms."""
    record, twin = stage.trajectory(), stage.twin_record()
    places = range(len(record.markets))
    return Records(
        [series(record, place) for place in places], [series(twin, place) for place in places] if twin else []
    )


def key_of(stage: Stage) -> dict[str, str]:
    """Return the colour of each market by the title it goes by; the same colours as in the report."""
    return {stage.title(name): colour for name, colour in colours(list(stage.markets)).items()}


@dataclass(frozen=True)
class Curve:
    """One kind of line in a panel: which column, how drawn, over how many weeks averaged."""

    column: str
    style: dict[str, Any]
    weeks: int = 1


FULL, DASHED, DOTTED = {"lw": 2.0}, {"lw": 1.5, "ls": (0, (4, 2))}, {"lw": 1.3, "ls": (0, (1, 1.5))}


class CurvePanel:
    """A panel of curves over time, all markets in it."""

    def __init__(self, stage: Stage, title: str, curves: Sequence[Curve], words: str, *, percent: bool) -> None:
        self._stage, self._curves, self._words, self._percent = stage, curves, words, percent
        key = key_of(stage)
        self._axes = panel(title, key)
        self._colours = list(key.values())
        self._lines = [[self._line(colour, curve.style) for curve in curves] for colour in self._colours]
        self._twins = [self._line(colour, DASHED | {"lw": 1.3}) for colour in self._colours]
        self._n_pulled = 0
        if stage.clock != CALENDAR:
            self._axes.set_xlabel("weeks since each shop opened", fontsize=9.5)

    def address(self, records: Records) -> str:
        """Return the picture of this week."""
        top = 0.0
        for place, lines in enumerate(self._lines):
            for curve, line in zip(self._curves, lines, strict=True):
                top = max(top, _draw(line, records.arms[place][curve.column], curve.weeks, 100 if self._percent else 1))
            if records.twins and self._percent:
                curve = self._curves[0]
                top = max(top, _draw(self._twins[place], records.twins[place][curve.column], curve.weeks, 100))
        self._frame(top)
        self._mark_levers()
        hint(self._axes, self._words + ("   dashes: without levers" if records.twins and self._percent else ""))
        return to_address(self._axes.get_figure(root=True))  # type: ignore[arg-type]

    @property
    def axes(self) -> Axes:
        """Where the curves are, for further marks."""
        return self._axes

    def _line(self, colour: str, style: dict[str, Any]) -> Any:
        return self._axes.plot([], [], color=colour, **style)[0]

    def _frame(self, top: float) -> None:
        last = max(self._stage.week, FIRST_WEEKS)
        self._axes.set_xlim(0, last * 1.01)
        self._axes.set_ylim(0, min(max(1.1 * top, 1.0), 101.0) if self._percent else 1.04)
        if self._stage.clock == CALENDAR:
            weeks = np.unique(np.linspace(0, last, 5).astype(int))[:-1]
            start = self._stage.settings.start
            self._axes.set_xticks(weeks, [f"{date_of(int(week), start):%b %Y}" for week in weeks])

    def _mark_levers(self) -> None:
        names = list(self._stage.markets)
        for pull in self._stage.pulled[self._n_pulled :]:
            colour = self._colours[names.index(pull.market)]
            self._axes.axvline(pull.week, color=colour, lw=1.0, ls=(0, (1, 1)), zorder=1)
        self._n_pulled = len(self._stage.pulled)


def shoppers_panel(stage: Stage) -> CurvePanel:
    """Show the share of consumers who shop in the super-app."""
    return CurvePanel(stage, "Who shops in the super-app", [Curve("adoption", FULL)], "% of consumers", percent=True)


def sales_panel(stage: Stage) -> CurvePanel:
    """Show the super-app's share of online spend, with what was published."""
    curve = Curve("gmv_share", FULL, weeks=4)
    found = {market.name: published_shares(market) for market in stage.markets.values()}
    words = "% of online spend" + ("   points: published" if any(found.values()) else "")
    shown = CurvePanel(stage, "What it sells", [curve], words, percent=True)
    for (name, figures), colour in zip(found.items(), key_of(stage).values(), strict=True):
        for figure in figures:
            week = stage.settings.week_of_year(name, figure.year, stage.clock)
            error = [[100 * (figure.share - figure.low)], [100 * (figure.high - figure.share)]]
            shown.axes.errorbar(
                [week], [100 * figure.share], yerr=error, color=colour, marker="o", ms=5.5, mec=INK, mew=0.9,
                capsize=2.5, elinewidth=1, ls="none", zorder=4,
            )  # fmt: skip
    return shown


def mind_panel(stage: Stage) -> CurvePanel:
    """Show what consumers have come to know, trust and do by habit."""
    curves = [Curve("trust", FULL), Curve("habit", DASHED), Curve("aware", DOTTED)]
    words = "means, 0 to 1   line: trust   dashes: habit   dots: heard of it"
    return CurvePanel(stage, "What is in their heads", curves, words, percent=False)


def _draw(line: Any, values: Floats, weeks: int, factor: float) -> float:
    shown = factor * mean_of(values, weeks)
    line.set_data(np.arange(len(shown)), shown)
    return float(shown.max(initial=0.0))


def mean_of(values: Floats, weeks: int) -> Floats:
    """Return the mean of each week and those before it, ``weeks`` in all; week 0, in which nothing is sold, apart."""
    sums = np.cumsum(np.concatenate([[0.0], values]))
    last = np.arange(1, len(values) + 1)
    first = np.maximum(last - weeks, np.minimum(1, last - 1))
    return np.asarray((sums[last] - sums[first]) / (last - first))
