"""The outcomes people ask for first: yearly sales, adoption at the end, differences to baseline."""

from datetime import timedelta

import numpy as np
import pandas as pd

from abm.analysis.effects.estimate import estimate
from abm.experiment.scenarios import BASELINE
from abm.experiment.stopping import OUTCOMES


def sweep_columns(table: pd.DataFrame) -> list[str]:
    """Return the columns that hold swept parameters."""
    return [column for column in table.columns if column.startswith("markets.")]


def yearly(table: pd.DataFrame) -> pd.DataFrame:
    """Return sales per run, market and calendar year.

    A row of ``table`` holds what was sold in the seven days before its date. A week that straddles New Year is
    shared out by days.

    Returns
    -------
    DataFrame
        Columns scenario, sweep columns, replicate, market, year, weeks (float: days / 7), gmv_usd, spend_usd,
        gmv_share. Without spend figures the share is the mean of the weekly shares.
    """
    by = ["scenario", *sweep_columns(table), "replicate", "market", "year"]
    days = _share_out(table[table["week"] > 0])
    for column in ("gmv_usd", "spend_usd", "gmv_share"):
        days[column] *= days["weeks"]
    totals = days.groupby(by, sort=False)[["weeks", "gmv_usd", "spend_usd", "gmv_share"]].sum()
    mean_share = totals["gmv_share"] / totals["weeks"]
    share = totals["gmv_usd"] / totals["spend_usd"].where(totals["spend_usd"] > 0)
    return totals.assign(gmv_share=share.fillna(mean_share)).sort_index(level="year", kind="stable").reset_index()


def _share_out(sold: pd.DataFrame) -> pd.DataFrame:
    """Return each row once per calendar year that its seven days touch, with the days' part of a week."""
    last_day = sold["date"] - timedelta(days=1)
    n_new = last_day.dt.day_of_year.clip(upper=7)
    this_year = sold.assign(year=last_day.dt.year, weeks=n_new / 7)
    year_before = sold.assign(year=last_day.dt.year - 1, weeks=1 - n_new / 7)
    return pd.concat([this_year, year_before[n_new < 7]], ignore_index=True)


def last_full_year(years: pd.DataFrame) -> int | None:
    """Return the last calendar year covered from end to end (51 weeks or more), None if there is none."""
    full = years.loc[years["weeks"] >= 51, "year"]
    return None if full.empty else int(full.max())


def outcomes(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per run and market: adoption at the end, GMV and its share in the last full year.

    A run without a full year is taken as a whole; ``year`` is then 0.
    """
    by = ["scenario", *sweep_columns(table), "replicate", "market"]
    last = table[table["week"] == table["week"].max()].set_index(by)[["adoption"]]
    years = yearly(table)
    year = last_full_year(years)
    if year is None:
        sums = years.groupby(by, sort=False)[["gmv_usd", "spend_usd"]].sum()
        share = years.groupby(by, sort=False)["gmv_share"].mean()
        sales = sums.assign(gmv_share=(sums["gmv_usd"] / sums["spend_usd"].replace(0, np.nan)).fillna(share))
    else:
        sales = years[years["year"] == year].set_index(by)
    joined: pd.DataFrame = last.join(sales[["gmv_share", "gmv_usd"]]).assign(year=year or 0).reset_index()
    return joined


def summarize(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per scenario, sweep point and market: each outcome and its difference to baseline.

    Every outcome comes with the ends of its 95 % t interval over replicates (``_low``, ``_high``); differences
    (``_change``) are paired, run by run under the same random numbers, so that chance common to both drops out.
    """
    runs = outcomes(table)
    points = sweep_columns(table)
    pairs = runs.merge(
        runs[runs["scenario"] == BASELINE].drop(columns=["scenario", "year"]),
        on=[*points, "replicate", "market"], how="left", suffixes=("", "_base"),
    )  # fmt: skip
    for outcome in OUTCOMES:
        pairs[f"{outcome}_change"] = pairs[outcome] - pairs[f"{outcome}_base"]
    rows = []
    for key, group in pairs.groupby(["scenario", *points, "market"], sort=False):
        row = dict(zip(["scenario", *points, "market"], key, strict=True))
        row |= {"replicates": len(group), "year": int(group["year"].iloc[0])}
        for column in [*OUTCOMES, *(f"{outcome}_change" for outcome in OUTCOMES)]:
            found = estimate(group[column].to_numpy(np.float64))
            row |= {column: found.value, f"{column}_low": found.low, f"{column}_high": found.high}
        rows.append(row)
    return pd.DataFrame(rows)
