"""A small results table of one market whose spend grows from year to year."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from abm import Market, simulate


@pytest.fixture(scope="session")
def make_results() -> Callable[..., pd.DataFrame]:
    return _results


def _results(weeks: int = 120, start: date = date(2022, 6, 6), **changes: object) -> pd.DataFrame:
    market = Market(consumers=100, shoppers=1e6, annual_spend={2022: 100.0, 2023: 200.0, 2024: 300.0}, basket_sigma=1.0)
    return simulate(market.replace(changes), weeks=weeks, seed=1, start=start).table.assign(scenario="baseline")
