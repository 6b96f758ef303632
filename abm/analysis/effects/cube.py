"""The results table as arrays [scenario, replicate, market, week]: what summaries, comparisons and figures read."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from abm.analysis.effects.yearly import sweep_columns, yearly
from abm.base.calendar import is_full_year
from abm.numerics.array_types import Floats

_RUN = ["scenario", "replicate", "market"]


class ResultCube:
    """The runs of one sweep point, a column at a time as float64[scenario, replicate, market, week].

    Parameters
    ----------
    table : pandas.DataFrame
        One row per scenario, replicate, market and week, in any order; columns as in docs/results.md.

    Attributes
    ----------
    scenarios, markets : list of str
        In the order of the table.
    replicates : list of int
        In rising order.
    has_run : bool[scenario, replicate]
        Whether there is such a run; where there is none, columns are NaN.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = table
        scenario, scenarios = pd.factorize(table["scenario"])
        replicate, replicates = pd.factorize(table["replicate"], sort=True)
        market, markets = pd.factorize(table["market"])
        week, weeks = pd.factorize(table["week"], sort=True)
        self._cells = scenario, replicate, market, week
        self._columns: dict[str, Floats] = {}
        self._sales: dict[tuple[str, int | None], Floats] = {}
        self.shape = len(scenarios), len(replicates), len(markets), len(weeks)
        self.scenarios = [str(name) for name in scenarios]
        self.replicates = [int(number) for number in replicates]
        self.markets = [str(name) for name in markets]
        self.has_run = np.zeros(self.shape[:2], np.bool_)
        self.has_run[scenario, replicate] = True

    @cached_property
    def dates(self) -> list[date]:
        """Date of every week, week 0 first."""
        weeks = self._table[["week", "date"]].drop_duplicates("week").sort_values("week")
        return [moment.date() for moment in pd.to_datetime(weeks["date"])]

    @cached_property
    def years(self) -> pd.DataFrame:
        """Sales per scenario, replicate, market and calendar year, as ``yearly`` returns them."""
        return yearly(self._table)

    @cached_property
    def full_years(self) -> list[int]:
        """The calendar years covered from end to end, in order."""
        weeks = self.years.groupby("year")["weeks"].max()
        return [int(year) for year in sorted(weeks.index[weeks.map(is_full_year)])]

    def replicates_of(self, *scenarios: str) -> list[int]:
        """Return the replicates that all these scenarios have."""
        rows = [self.scenarios.index(name) for name in scenarios]
        return [self.replicates[i] for i in np.flatnonzero(self.has_run[rows].all(axis=0))]

    def column(self, name: str) -> Floats:
        """Return a column as float64[scenario, replicate, market, week], NaN where there is no run."""
        if name not in self._columns:
            values = np.full(self.shape, np.nan)
            values[self._cells] = self._table[name].to_numpy(np.float64)
            self._columns[name] = values
        return self._columns[name]

    def paths(self, scenario: str, market: str, column: str, replicates: Sequence[int] | None = None) -> Floats:
        """Return a column over the weeks under one scenario in one market.

        Parameters
        ----------
        scenario, market, column : str
        replicates : sequence of int, optional
            All that the scenario has without it.

        Returns
        -------
        float64[replicate, week]
        """
        numbers = self.replicates_of(scenario) if replicates is None else replicates
        rows = [self.replicates.index(number) for number in numbers]
        return self.column(column)[self.scenarios.index(scenario), rows, self.markets.index(market)]

    def sales(self, column: str, year: int | None) -> Floats:
        """Return ``gmv_usd``, ``spend_usd`` or ``gmv_share`` of a calendar year.

        Parameters
        ----------
        column : str
            ``gmv_share`` is the share of all spend; without spend figures, the mean of the weekly shares.
        year : int or None
            The whole run for None (``gmv_share`` without spend figures: the mean over its calendar years).

        Returns
        -------
        float64[scenario, replicate, market]
            NaN where there is no run, or no week.
        """
        if (column, year) not in self._sales:
            rows = self._over_run if year is None else self.years[self.years["year"] == year]
            labels: tuple[list[Any], ...] = (self.scenarios, self.replicates, self.markets)
            cells = tuple(pd.Index(names).get_indexer(rows[by]) for by, names in zip(_RUN, labels, strict=True))
            values = np.full(self.shape[:3], np.nan)
            values[cells] = rows[column].to_numpy(np.float64)
            self._sales[column, year] = values
        return self._sales[column, year]

    @cached_property
    def _over_run(self) -> pd.DataFrame:
        runs = self.years.groupby(_RUN, sort=False)
        sums, mean_share = runs[["gmv_usd", "spend_usd"]].sum(), runs["gmv_share"].mean()
        share = sums["gmv_usd"] / sums["spend_usd"].replace(0, np.nan)
        return sums.assign(gmv_share=share.fillna(mean_share)).reset_index()

    def long(self, **values: Any) -> pd.DataFrame:
        """Return one row per run and market: scenario, replicate, market, and each of ``values``.

        Parameters
        ----------
        **values : scalar or array that broadcasts to [scenario, replicate, market]
        """
        cells = np.nonzero(np.broadcast_to(self.has_run[..., None], self.shape[:3]))
        labels = np.array(self.scenarios, object), np.array(self.replicates), np.array(self.markets, object)
        frame = {name: names[cell] for name, names, cell in zip(_RUN, labels, cells, strict=True)}
        return pd.DataFrame(frame | {name: np.broadcast_to(v, self.shape[:3])[cells] for name, v in values.items()})


def by_sweep_point(table: pd.DataFrame, *, sort: bool = False) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    """Yield the swept values and the rows of each sweep point.

    Parameters
    ----------
    table : pandas.DataFrame
        The results table, or another with the sweep columns. One without a sweep has one point, without values; an
        empty one has none.
    sort : bool
        Numbers in rising order, not in the order of the table.

    Yields
    ------
    (dict, pandas.DataFrame)
    """
    columns = sweep_columns(table)
    if not len(table):
        return
    if not columns:
        yield {}, table
        return
    points = [(dict(zip(columns, values, strict=True)), rows) for values, rows in table.groupby(columns, sort=False)]
    if sort:
        order = {column: _order(table[column]) for column in columns}
        points.sort(key=lambda point: [order[column][value] for column, value in point[0].items()])
    yield from points


def _order(values: "pd.Series[Any]") -> dict[Any, int]:
    """Return the place of each value: numbers rise, text (such as a series or a date) is in the order of the runs."""
    found = list(values.unique())
    return {value: position for position, value in enumerate(found if isinstance(found[0], str) else sorted(found))}
