"""Simulated yearly sales against published ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from abm.analysis.effects.estimate import Estimate
from abm.report.charts.line_panel import WIDE
from abm.report.charts.style import INK, Panel, colours, new_figure, to_svg, value_axis_title
from abm.report.experiment.point_results import PointResults
from abm.report.experiment.statistics import full_years, has_sales, level, sales
from abm.report.html import Section
from abm.report.text.number_format import dollars, number

_BILLION = 1e9
_DECADES = 100.0  # largest ratio that a plain axis still shows


@dataclass(frozen=True)
class YearlySales:
    """One market and year: what was simulated and what was published (NaN if nothing was), US$."""

    market: str
    year: int
    simulated: Estimate
    value: float
    low: float
    high: float
    recalled: bool

    @property
    def known(self) -> bool:
        """Whether there is a published figure."""
        return not pd.isna(self.value)

    @property
    def inside(self) -> bool:
        """Whether the simulated mean lies between the lowest and the highest published figure."""
        return self.low <= self.simulated.value <= self.high


def compare_with_published(results: PointResults, observed: pd.DataFrame) -> list[YearlySales]:
    """Return every market and full calendar year of the baseline with what was published on it.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    observed : pandas.DataFrame
        Published yearly sales: market, year, gmv_usd, low, high, quality.

    Returns
    -------
    list[YearlySales]
    """
    rows = {(str(row["market"]), int(row["year"])): row for row in observed.to_dict("records")}
    years = []
    for market in results.markets:
        for period in full_years(results):
            simulated = level(results, sales(results, market, period), results.baseline)
            year = period.year or 0
            row = rows.get((market, year), {})
            value, low, high = (float(row.get(name, "nan")) for name in ("gmv_usd", "low", "high"))
            years.append(YearlySales(market, year, simulated, value, low, high, row.get("quality") == "memory"))
    return years


def observed_section(results: PointResults, years: Sequence[YearlySales]) -> Section | None:
    """Draw simulated and published sales per year; None if no sales in US$ or no figure for any simulated year.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    years : sequence of YearlySales
        Simulated and published sales.

    Returns
    -------
    Section or None
    """
    if not has_sales(results) or not any(year.known for year in years):
        return None
    panels = [
        _panel(results, market, [year for year in years if year.market == market])
        for market in published_markets(results, years)
    ]
    single = len(results.replicates(results.baseline)) == 1
    spread = "one replicate, no interval" if single else "bars: 95 % interval of the mean over replicates"
    caption = (
        f"Scenario {results.baseline}; full calendar years. Coloured line: simulated ({spread}). Black points: "
        "published, with the lowest and highest figure; hollow: recalled without a source, unverified. "
        "Where figures span more than two decades the axis is logarithmic and leaves out zeros."
    )
    return Section("observed", "Simulated against published sales", _takeaway(results, years), caption, panels)


def published_markets(results: PointResults, years: Sequence[YearlySales]) -> list[str]:
    """Return the markets with any published figure in the simulated years.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    years : sequence of YearlySales
        Simulated and published sales.

    Returns
    -------
    list[str]
    """
    known = {year.market for year in years if year.known}
    return [market for market in results.markets if market in known]


def ratio_table(results: PointResults, years: Sequence[YearlySales]) -> list[tuple[int, list[tuple[str, str]]]]:
    """Return per year, for each market with a published figure, simulated divided by published, and both amounts.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    years : sequence of YearlySales
        Simulated and published sales.

    Returns
    -------
    list[tuple[int, list[tuple[str, str]]]]
    """
    cells = {(year.market, year.year): _ratio(year) for year in years}
    known = sorted({year.year for year in years if year.known})
    published = published_markets(results, years)
    return [(y, [cells.get((market, y), ("", "")) for market in published]) for y in known]


def _ratio(year: YearlySales) -> tuple[str, str]:
    if not year.known:
        return "no figure", ""
    if year.value == 0 and year.simulated.value == 0:
        return "both 0", ""
    if year.value == 0:
        return "not 0", f"{dollars(year.simulated.value)} / 0"
    ratio = year.simulated.value / year.value
    sides = f"{dollars(year.simulated.value)} / {dollars(year.value)}"
    return number(ratio, 2) + (" \u2713" if year.inside else ""), sides


def _panel(results: PointResults, market: str, years: list[YearlySales]) -> Panel:
    figure, axes = new_figure(WIDE, left=58, right=14)
    colour = colours(results.markets)[market]
    values = [v for y in years for v in y.simulated[:3:2]] + [
        v for y in years if y.known for v in (y.value, y.low, y.high)
    ]
    positive = [value / _BILLION for value in values if value > 0]
    log = bool(positive) and max(positive) / min(positive) > _DECADES
    _simulated(axes, [y for y in years if y.simulated.value > 0 or not log], colour, log=log)
    for year in years:
        if year.known and (year.value > 0 or not log):
            _published(axes, year)
    _axes(axes, years, positive, log=log)
    value_axis_title(axes, "sales through the super-app, US$ bn a year")
    title = results.titles[market]
    words = [f"{y.year}: {dollars(y.simulated.value)} simulated" + _known_words(y) for y in years]
    alt = f"{title}, sales a year; {'; '.join(words)}."
    return Panel(title, alt, to_svg(figure, alt))


def _known_words(year: YearlySales) -> str:
    return f", {dollars(year.value)} published" if year.known else ""


def _simulated(axes: Axes, years: list[YearlySales], colour: str, *, log: bool) -> None:
    positions = [year.year - 0.09 for year in years]
    means = [year.simulated.value / _BILLION for year in years]
    axes.plot(positions, means, color=colour, lw=1.9, marker="o", ms=4.5, zorder=3)
    for position, year in zip(positions, years, strict=True):
        low, high = max(year.simulated.low, 0.0) / _BILLION, year.simulated.high / _BILLION
        if high > low and not (log and low == 0):
            axes.plot([position, position], [low, high], color=colour, lw=4, alpha=0.4, solid_capstyle="butt")


def _published(axes: Axes, year: YearlySales) -> None:
    position = year.year + 0.09
    bounds = [[(year.value - year.low) / _BILLION], [(year.high - year.value) / _BILLION]]
    face = "white" if year.recalled else INK
    axes.errorbar(
        [position], [year.value / _BILLION], yerr=bounds, color=INK, marker="o", ms=6, mfc=face, mew=1.4,
        capsize=3, elinewidth=1.2, ls="none", zorder=4,
    )  # fmt: skip


def _axes(axes: Axes, years: list[YearlySales], positive: list[float], *, log: bool) -> None:
    if log:
        axes.set_yscale("log")
        short = max(positive) / min(positive) < 10 * _DECADES
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 3.0) if short else (1.0,)))
        axes.yaxis.set_minor_locator(NullLocator())
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
        axes.set_ylim(min(positive) / 1.6, max(positive) * 1.6)
    else:
        axes.set_ylim(0, 1.08 * max(positive, default=1.0))
    shown = [year.year for year in years]
    step = -(-len(shown) // 8)
    axes.set_xticks(shown[::step], [str(year) for year in shown[::step]])
    axes.set_xlim(min(shown) - 0.5, max(shown) + 0.5)
    axes.set_xlabel("calendar year", fontsize=10)


def _takeaway(results: PointResults, years: Sequence[YearlySales]) -> str:
    """Count the years inside the published range and name the worst."""
    known = [year for year in years if year.known]
    inside = sum(year.inside for year in known)
    text = f"Simulated sales lie inside the published range in {inside} of {len(known)} market-years"
    positive = [year for year in known if year.value > 0 and year.simulated.value > 0]
    far = max(positive, key=lambda y: _ratio_above_one(y.simulated.value, y.value), default=None)
    if far is None or inside == len(known):
        return text + "."
    return (
        f"{text}; furthest off is {results.names[far.market]} in {far.year}, {dollars(far.simulated.value)} simulated "
        f"against {dollars(far.value)} published."
    )


def _ratio_above_one(one: float, other: float) -> float:
    return max(one / other, other / one)
