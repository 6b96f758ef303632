"""Fixtures of the report's tests: a small table, its manifest, published figures and the page."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from tests.report.fake_runs import make_table


@pytest.fixture(scope="session")
def table() -> pd.DataFrame:
    return make_table()


@pytest.fixture(scope="session")
def observed() -> pd.DataFrame:
    return pd.read_csv(Path(__file__).parents[2] / "abm" / "markets" / "data" / "observed_gmv.csv")


@pytest.fixture(scope="session")
def manifest() -> dict:
    lever = {"kind": "set", "market": "west", "start": 100, "weeks": 20, "values": {"price.discount": 0.3}}
    return {
        "config": {
            "name": "trial", "question": "Does it work?", "start": "2020-01-06", "weeks": 120, "seed": 7,
            "markets": {"west": {"profile": "west", "launch": "2020-06-01"}, "asia": {"norm": {"strength": 2.5}}},
            "scenarios": [{"name": "push", "levers": [lever]}],
        },
        "model_version": 1, "rng_version": 1, "versions": {"python": "3.12.4"}, "platform": "Linux",
        "started": "2026-01-02T03:04:05+00:00", "seconds": 12.3,
    }  # fmt: skip


@pytest.fixture(scope="session")
def page(table, manifest, observed) -> Callable[[], str]:
    from abm.report import render_report

    return cache(lambda: render_report(table, manifest, observed))
