from datetime import date

import pandas as pd
import pytest

from abm import Market, simulate
from abm.analysis.effects.summary import last_full_year, outcomes, summarize, yearly


def table(weeks: int = 120, start: date = date(2022, 6, 6), **changes: object) -> pd.DataFrame:
    market = Market(consumers=100, shoppers=1e6, annual_spend={2022: 100.0, 2023: 200.0, 2024: 300.0}, basket_sigma=1.0)
    return simulate(market.replace(changes), weeks=weeks, seed=1, start=start).table.assign(scenario="baseline")


def test_yearly_sales_are_the_weekly_ones_added_up() -> None:
    weekly = table()
    years = yearly(weekly)
    assert years["gmv_usd"].sum() == pytest.approx(weekly["gmv_usd"].sum())
    assert years["weeks"].sum() == pytest.approx(120)
    assert years["year"].tolist() == [2022, 2023, 2024]


def test_a_full_year_spends_what_the_market_spends() -> None:
    years = yearly(table()).set_index("year")
    assert years.loc[2023, "weeks"] == pytest.approx(365 / 7)
    assert years.loc[2023, "spend_usd"] == pytest.approx(1e6 * 200, rel=0.001)


def test_without_spend_figures_the_share_is_the_mean_of_the_weeks() -> None:
    weekly = table(shoppers=0.0)
    share = yearly(weekly).set_index("year").loc[2023, "gmv_share"]
    in_2023 = weekly[(weekly["date"] > "2023-01-01") & (weekly["date"] <= "2024-01-01")]
    assert share == pytest.approx(in_2023["gmv_share"].mean(), rel=0.01)


def test_a_full_year_is_covered_from_end_to_end() -> None:
    assert last_full_year(yearly(table())) == 2023
    assert last_full_year(yearly(table(weeks=20))) is None


def test_a_short_run_is_taken_as_a_whole() -> None:
    runs = outcomes(table(weeks=20))
    assert runs["year"].tolist() == [0]
    assert 0 < runs["gmv_share"].iloc[0] < 1


def test_changes_are_paired_run_by_run() -> None:
    base = pd.concat([table().assign(replicate=r, adoption=0.1 * r) for r in range(3)])
    moved = base.assign(scenario="moved", adoption=base["adoption"] + 0.25)
    row = summarize(pd.concat([base, moved])).set_index("scenario").loc["moved"]
    assert row["adoption_change"] == pytest.approx(0.25)
    assert row["adoption_change_high"] - row["adoption_change_low"] == pytest.approx(0, abs=1e-12)
    assert row["adoption_high"] - row["adoption_low"] > 0.1
