"""Weekly sales added up by calendar year."""

import pandas as pd

from abm.base.calendar import days_by_year


def sweep_columns(table: pd.DataFrame) -> list[str]:
    """Return the columns that hold swept parameters."""
    return [column for column in table.columns if column.startswith(("markets.", "scenarios."))]


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
    later = {moment: next(iter(days_by_year(moment).items())) for moment in sold["date"].drop_duplicates()}
    year, n_days = (sold["date"].map({moment: found[i] for moment, found in later.items()}) for i in (0, 1))
    this_year = sold.assign(year=year, weeks=n_days / 7)
    year_before = sold.assign(year=year - 1, weeks=1 - n_days / 7)
    return pd.concat([this_year, year_before[n_days < 7]], ignore_index=True)
