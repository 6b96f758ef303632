from collections.abc import Callable

import pandas as pd
import pytest

from abm.analysis.effects.yearly import yearly

pytestmark = pytest.mark.needs_compiled


def test_yearly_sales_are_the_weekly_ones_added_up(make_results: Callable[..., pd.DataFrame]) -> None:
    weekly = make_results()
    years = yearly(weekly)
    assert years["gmv_usd"].sum() == pytest.approx(weekly["gmv_usd"].sum())
    assert years["weeks"].sum() == pytest.approx(120)
    assert years["year"].tolist() == [2022, 2023, 2024]


def test_a_full_year_spends_what_the_market_spends(make_results: Callable[..., pd.DataFrame]) -> None:
    years = yearly(make_results()).set_index("year")
    assert years.loc[2023, "weeks"] == pytest.approx(365 / 7)
    assert years.loc[2023, "spend_usd"] == pytest.approx(1e6 * 200, rel=0.001)


def test_without_spend_figures_the_share_is_the_mean_of_the_weeks(make_results: Callable[..., pd.DataFrame]) -> None:
    weekly = make_results(shoppers=0.0)
    share = yearly(weekly).set_index("year").loc[2023, "gmv_share"]
    in_2023 = weekly[(weekly["date"] > "2023-01-01") & (weekly["date"] <= "2024-01-01")]
    assert share == pytest.approx(in_2023["gmv_share"].mean(), rel=0.01)
