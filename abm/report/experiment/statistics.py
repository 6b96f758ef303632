"""Numbers of the report: bands, intervals, yearly sums, paired differences, the week in which a gap opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from abm.analysis.effects.estimate import Estimate, estimate
from abm.numerics.array_types import Floats
from abm.report.charts.band import band
from abm.report.experiment.point_results import PointResults

Quantity = Callable[[str, list[int]], Floats]  # (scenario, replicates) -> one value per replicate


@dataclass(frozen=True)
class Period:
    """Weeks over which sales are added up (all of them without a year), and what to call them."""

    label: str
    year: int | None = None


def full_years(results: PointResults) -> list[Period]:
    """Return the calendar years that the runs cover from end to end."""
    return [Period(f"in {year}", year) for year in results.cube.full_years]


def last_period(results: PointResults) -> Period:
    """Return the last full calendar year; in a shorter run, all weeks there are."""
    years = full_years(results)
    if years:
        return years[-1]
    weeks = len(results.dates) - 1
    if weeks == 0:
        return Period("at the start")
    return Period(f"over the {weeks} weeks simulated" if weeks > 1 else "in the week simulated")


def share(results: PointResults, market: str, period: Period) -> Quantity:
    """Return the super-app's share of spend in a period; without any spend, the mean of the weekly shares.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    market : str
        Name of a market.
    period : Period
        Weeks over which sales are added up.

    Returns
    -------
    Quantity
    """

    def of(scenario: str, replicates: list[int]) -> Floats:
        if period.year is not None:
            return results.in_year(scenario, market, period.year, "gmv_share", replicates)
        columns = ("spend_usd", "gmv_usd", "gmv_share")
        spend, gmv, weekly = (results.paths(scenario, market, column, replicates) for column in columns)
        first = min(1, weekly.shape[1] - 1)  # week 0 has no flows
        spent = spend[:, first:].sum(1)
        mean = weekly[:, first:].mean(1)
        return np.where(spent > 0, gmv[:, first:].sum(1) / np.where(spent > 0, spent, 1.0), mean)

    return of


def sales(results: PointResults, market: str, period: Period) -> Quantity:
    """Return the super-app's sales in a period, US$.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    market : str
        Name of a market.
    period : Period
        Weeks over which sales are added up.

    Returns
    -------
    Quantity
    """

    def of(scenario: str, replicates: list[int]) -> Floats:
        if period.year is not None:
            return results.in_year(scenario, market, period.year, "gmv_usd", replicates)
        return results.paths(scenario, market, "gmv_usd", replicates).sum(1)

    return of


def final_adoption(results: PointResults, market: str) -> Quantity:
    """Return adoption in the last week.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    market : str
        Name of a market.

    Returns
    -------
    Quantity
    """

    def of(scenario: str, replicates: list[int]) -> Floats:
        return results.paths(scenario, market, "adoption", replicates)[:, -1]

    return of


def level(results: PointResults, quantity: Quantity, scenario: str) -> Estimate:
    """Return a quantity under a scenario.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    quantity : Quantity
        What is measured.
    scenario : str
        Name of a scenario.

    Returns
    -------
    Estimate
    """
    return estimate(quantity(scenario, results.replicates(scenario)))


def effect(results: PointResults, quantity: Quantity, scenario: str) -> Estimate:
    """Return the difference that a scenario makes to the baseline, replicate by replicate.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    quantity : Quantity
        What is measured.
    scenario : str
        Name of a scenario.

    Returns
    -------
    Estimate
    """
    both = results.replicates(scenario, results.baseline)
    return estimate(quantity(scenario, both) - quantity(results.baseline, both))


def gap(results: PointResults, top: str, bottom: str, period: Period) -> Estimate:
    """Return the difference in GMV share between two markets under the baseline.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    top : str
        The market above.
    bottom : str
        The market below.
    period : Period
        Weeks over which sales are added up.

    Returns
    -------
    Estimate
    """
    replicates = results.replicates(results.baseline)
    upper, lower = (share(results, market, period)(results.baseline, replicates) for market in (top, bottom))
    return estimate(upper - lower)


def ranking(results: PointResults) -> list[str]:
    """Return the markets, highest baseline GMV share of the last period first."""
    period = last_period(results)
    means = {m: level(results, share(results, m, period), results.baseline).value for m in results.markets}
    return sorted(results.markets, key=lambda market: -means[market])


def opening(results: PointResults, top: str, bottom: str) -> int | None:
    """Return the first row from which the GMV-share band of one market stays above the other's, or None.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    top : str
        The market above.
    bottom : str
        The market below.

    Returns
    -------
    int or None
    """
    above, below = (band(results.paths(results.baseline, m, "gmv_share")) for m in (top, bottom))
    overlap = np.flatnonzero(above.low <= below.high)
    first = int(overlap[-1]) + 1 if len(overlap) else 0
    return first if first < len(results.dates) else None


def has_sales(results: PointResults) -> bool:
    """Return whether any market has sales in US$ (its shoppers and their spend are known)."""
    return bool(results.table["spend_usd"].gt(0).any())
