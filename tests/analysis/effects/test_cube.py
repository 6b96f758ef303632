from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from abm.analysis.effects.cube import ResultCube, by_sweep_point
from abm.analysis.effects.yearly import yearly

pytestmark = pytest.mark.needs_compiled


@pytest.fixture(scope="module")
def table(make_results: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    weekly = make_results()
    runs = [
        weekly.assign(scenario=scenario, replicate=replicate, market=market, adoption=position + 10 * replicate)
        for position, (scenario, market) in enumerate((s, m) for s in ("baseline", "deals") for m in ("us", "uk"))
        for replicate in (3, 1)
    ]
    return pd.concat(runs, ignore_index=True)


def test_a_column_has_one_value_per_scenario_replicate_market_and_week(table: pd.DataFrame) -> None:
    cube = ResultCube(table)
    assert (cube.scenarios, cube.replicates, cube.markets) == (["baseline", "deals"], [1, 3], ["us", "uk"])
    assert cube.column("adoption").shape == cube.shape == (2, 2, 2, 121)
    assert cube.column("adoption")[..., 7].tolist() == [[[10, 11], [30, 31]], [[12, 13], [32, 33]]]
    assert cube.paths("deals", "uk", "adoption", [3])[:, 0].tolist() == [33]
    assert [moment.isoformat() for moment in cube.dates[:2]] == ["2022-06-06", "2022-06-13"]


def test_rows_may_come_in_any_order(table: pd.DataFrame) -> None:
    cube, turned = ResultCube(table), ResultCube(table[::-1])
    assert turned.paths("deals", "us", "gmv_usd").tolist() == cube.paths("deals", "us", "gmv_usd").tolist()


def test_a_missing_run_is_left_out(table: pd.DataFrame) -> None:
    cube = ResultCube(table[(table["scenario"] == "baseline") | (table["replicate"] == 3)])
    assert cube.replicates_of("baseline") == [1, 3]
    assert cube.replicates_of("baseline", "deals") == [3]
    assert np.isnan(cube.column("adoption")[1, 0]).all()
    assert len(cube.long(adoption=cube.column("adoption")[..., -1])) == 6


def test_sales_of_a_year_are_the_yearly_ones(table: pd.DataFrame) -> None:
    cube = ResultCube(table)
    years = yearly(table)
    one = (years["scenario"] == "deals") & (years["replicate"] == 1) & (years["market"] == "us")
    assert cube.sales("gmv_usd", 2023)[1, 0, 0] == years.loc[one & (years["year"] == 2023), "gmv_usd"].iloc[0]
    assert cube.sales("gmv_usd", None)[1, 0, 0] == pytest.approx(years.loc[one, "gmv_usd"].sum())


def test_a_full_year_is_covered_from_end_to_end(make_results: Callable[..., pd.DataFrame]) -> None:
    assert ResultCube(make_results()).full_years == [2023]
    assert ResultCube(make_results(weeks=20)).full_years == []


def test_each_sweep_point_has_its_rows(table: pd.DataFrame) -> None:
    path = "markets.us.norm.strength"
    swept = pd.concat([table.assign(**{path: value}) for value in (2.0, 1.0)])
    assert [(point, len(rows)) for point, rows in by_sweep_point(swept)] == [
        ({path: 2.0}, len(table)), ({path: 1.0}, len(table)),
    ]  # fmt: skip
    assert [point[path] for point, _ in by_sweep_point(swept, sort=True)] == [1.0, 2.0]
    assert [point for point, _ in by_sweep_point(table)] == [{}]
    assert list(by_sweep_point(table.iloc[:0])) == []
