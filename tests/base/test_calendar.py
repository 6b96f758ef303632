from datetime import date

import pytest

from abm import Market, simulate
from abm.base.calendar import DEFAULT_START, date_of, days_by_year, is_full_year, sales_year, week_of

START = date(2020, 1, 6)


@pytest.mark.parametrize(
    ("moment", "week"),
    [(5, 5), (date(2020, 1, 6), 0), (date(2020, 1, 12), 0), (date(2020, 1, 13), 1), (date(2020, 1, 5), -1)],
)
def test_a_date_falls_into_the_week_that_holds_it(moment: int | date, week: int) -> None:
    assert week_of(moment, START) == week


def test_dates_and_weeks_are_inverse() -> None:
    assert all(week_of(date_of(week, START), START) == week for week in range(400))


def test_a_week_of_sales_belongs_to_the_year_of_its_last_day() -> None:
    assert sales_year(52, date(2020, 1, 6)) == 2021  # 28 December to 3 January
    assert sales_year(51, date(2020, 1, 6)) == 2020


def test_a_week_that_straddles_new_year_is_shared_out_by_days() -> None:
    assert days_by_year(date(2021, 1, 4)) == {2021: 3, 2020: 4}
    assert days_by_year(date(2021, 1, 1)) == {2020: 7}
    assert days_by_year(date(2021, 1, 8)) == {2021: 7}


def test_a_year_is_full_though_its_first_days_are_missing() -> None:
    assert is_full_year(51)
    assert not is_full_year(50.9)


def test_the_default_calendar_covers_the_years_of_the_data() -> None:
    assert date(2020, 1, 6) == DEFAULT_START
    assert DEFAULT_START.weekday() == 0


def test_a_launch_date_acts_in_the_week_that_holds_it() -> None:
    market = Market(consumers=200).replace({"launch": date(2020, 2, 5), "preference.mean": 100.0})
    adopted = simulate(market, weeks=8, start=START).table["super"].tolist()
    assert adopted == [0] * 5 + [200] * 4
