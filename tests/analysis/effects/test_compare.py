"""Comparisons: known effects come out, nothing is exactly nothing, files and sums agree."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from abm.analysis.effects.compare import Comparison, compare
from abm.analysis.effects.measures import ALL, ELSEWHERE
from abm.api import run
from abm.experiment.config import load_experiment, parse_experiment
from abm.experiment.results import Results, load

pytestmark = pytest.mark.needs_compiled

EXPERIMENTS = Path(__file__).parents[3] / "experiments"
SHIPPED = [
    "events_2025", "us_black_friday", "layoffs_2025", "douyin_playbook", "us_target_2024", "japan_entry",
    "seventeen_markets",
]  # fmt: skip
DEAL = {"kind": "deals_for_you", "market": "us", "start": 60, "weeks": 2}
LOCAL = {"kind": "shop_locally_made", "market": "uk", "start": 60, "weeks": 4}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    config: dict[str, Any] = {
        "name": "trial", "weeks": 130, "start": date(2023, 9, 11), "seed": 5, "replicates": 6,
        "markets": {
            name: {"profile": name, "consumers": 2000, "network": {"ties_abroad": 0.1}} for name in ("us", "uk")
        },
        "scenarios": [
            {"name": "deals", "levers": [DEAL]},
            {"name": "local", "levers": [LOCAL]},
            {"name": "both", "extends": ["deals", "local"]},
            {"name": "nothing", "levers": [{**DEAL, "discount": 0.0}]},
            {"name": "budget", "levers": [{"kind": "subsidy", "market": "us", "start": 60, "budget": 1e8}]},
        ],
    }  # fmt: skip
    return run(parse_experiment(config), out=tmp_path_factory.mktemp("trial"), workers=2)


@pytest.fixture(scope="module")
def comparison(results: Results) -> Comparison:
    return compare(results)


def cell(comparison: Comparison, scenario: str, market: str, measure: str) -> pd.Series:
    rows = comparison.effects
    found = rows[(rows["scenario"] == scenario) & (rows["market"] == market) & (rows["measure"] == measure)]
    assert len(found) == 1
    return found.iloc[0]


def paths(results: Results, scenario: str, market: str, column: str) -> np.ndarray:
    rows = results.table
    here = rows[(rows["scenario"] == scenario) & (rows["market"] == market)]
    return here.pivot(index="replicate", columns="week", values=column).to_numpy()


def test_extra_sales_are_those_of_the_table(results: Results, comparison: Comparison) -> None:
    gained = paths(results, "deals", "us", "gmv_usd") - paths(results, "baseline", "us", "gmv_usd")
    assert cell(comparison, "deals", "us", "gmv_during")["value"] == pytest.approx(gained[:, 61:63].sum(1).mean())
    assert cell(comparison, "deals", "us", "gmv_after")["value"] == pytest.approx(gained[:, 63:].sum(1).mean())
    assert cell(comparison, "deals", "us", "gmv_dip")["value"] == pytest.approx(gained[:, 63:71].sum(1).mean())
    total = cell(comparison, "deals", "us", "gmv")
    assert total["value"] == pytest.approx(gained.sum(1).mean())
    assert total["se"] == pytest.approx(gained.sum(1).std(ddof=1) / np.sqrt(6))


def test_adopters_are_people_and_persistence_their_share_a_year_later(results: Results, comparison: Comparison) -> None:
    gained = paths(results, "deals", "us", "super") - paths(results, "baseline", "us", "super")
    people = 228e6 / 2000
    assert cell(comparison, "deals", "us", "adopters_after")["value"] == pytest.approx(gained[:, 62].mean() * people)
    assert cell(comparison, "deals", "us", "adopters_end")["value"] == pytest.approx(gained[:, -1].mean() * people)
    left = cell(comparison, "deals", "us", "persistence")
    assert left["weeks"] == 52
    assert left["value"] == pytest.approx(gained[:, 114].mean() / gained[:, 62].mean())


def test_cost_per_extra_dollar_is_the_ledger_over_the_extra_sales(results: Results, comparison: Comparison) -> None:
    spent = results.ledger[results.ledger["scenario"] == "deals"].groupby("replicate")["cost_usd"].sum()
    cost = cell(comparison, "deals", "us", "cost")["value"]
    assert cost == pytest.approx(spent.mean())
    gmv = cell(comparison, "deals", "us", "gmv")
    if gmv["low"] > 0:
        assert cell(comparison, "deals", "us", "cost_per_gmv")["value"] == pytest.approx(cost / gmv["value"])


def test_a_null_lever_is_exactly_zero(comparison: Comparison) -> None:
    rows = comparison.effects[comparison.effects["scenario"] == "nothing"]
    known = rows[~rows["measure"].isin(["persistence", "cost_per_gmv"])]
    assert (known[["value", "low", "high", "se"]] == 0).to_numpy().all()
    assert rows.loc[rows["measure"].isin(["persistence", "cost_per_gmv"]), "value"].isna().all()
    groups = comparison.by_group[comparison.by_group["scenario"] == "nothing"]
    assert (groups[["value", "low", "high"]] == 0).to_numpy().all()


def test_groups_of_few_are_left_out(results: Results, comparison: Comparison) -> None:
    """Where nearly all have the same trust, those with more or less are a handful and typical of nothing."""
    keys = ["market", "trait", "group"]
    usual = results.adoption_by_group[results.adoption_by_group["scenario"] == "baseline"]
    least = usual.groupby(keys)["consumers"].min()
    large = set(least[least >= 200].index)  # a tenth of 2,000
    assert 12 <= len(large) < len(least)
    assert set(comparison.by_group[keys].drop_duplicates().itertuples(index=False, name=None)) == large


def test_spill_over_is_the_joint_effect_minus_the_single_ones(results: Results, comparison: Comparison) -> None:
    def gained(scenario: str, market: str) -> np.ndarray:
        return (paths(results, scenario, market, "gmv_usd") - paths(results, "baseline", market, "gmv_usd")).sum(1)

    for market in ("us", "uk"):
        expected = gained("both", market) - gained("deals", market) - gained("local", market)
        assert cell(comparison, "both", market, "spill_over")["value"] == pytest.approx(expected.mean(), abs=1.0)
    alone = comparison.effects[comparison.effects["scenario"] == "deals"]
    assert "spill_over" not in set(alone["measure"])
    assert cell(comparison, "deals", ELSEWHERE, "gmv")["value"] == pytest.approx(gained("deals", "uk").mean())
    assert not cell(comparison, "deals", ELSEWHERE, "gmv")["acts_here"]
    both = cell(comparison, "deals", ALL, "gmv")["value"]
    assert both == pytest.approx((gained("deals", "us") + gained("deals", "uk")).mean())


def test_a_budget_ends_the_event(results: Results, comparison: Comparison) -> None:
    ledger = results.ledger
    last = ledger.loc[ledger["scenario"] == "budget", "week"].max()
    assert last < 130
    assert cell(comparison, "budget", "us", "gmv_during")["weeks"] == last - 60


def test_groups_hold_the_same_people_and_add_up(results: Results, comparison: Comparison) -> None:
    groups = results.adoption_by_group
    sums = (
        groups.groupby(["scenario", "replicate", "market", "trait"])[["consumers", "super_before", "super_end"]]
        .sum()
        .sort_index()
    )
    assert (sums["consumers"] == 2000).all()
    last = (
        results.table[results.table["week"] == 130].set_index(["scenario", "replicate", "market"])["super"].sort_index()
    )
    for trait in ("taste", "degree", "trust"):
        assert (sums.xs(trait, level="trait")["super_end"] == last).all()
    wide = groups.pivot(index=["replicate", "market", "trait", "group"], columns="scenario", values="consumers")
    assert (wide.nunique(axis=1) == 1).all()
    before = groups.pivot(index=["replicate", "market", "trait", "group"], columns="scenario", values="super_before")
    assert (before.nunique(axis=1) == 1).all()


def test_the_files_hold_what_is_computed(results: Results, comparison: Comparison) -> None:
    folder = results.path / "compare"
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "effects.parquet"), comparison.effects)
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "by_group.parquet"), comparison.by_group)
    ledger = results.ledger.groupby(["scenario", "replicate", "week", "market"])["cost_usd"].sum()
    table = results.table.set_index(["scenario", "replicate", "week", "market"])["cost_usd"]
    assert table[table != 0].sort_index().to_numpy() == pytest.approx(ledger[ledger != 0].sort_index().to_numpy())
    assert load(results.path).ledger.equals(results.ledger)


def test_without_scenarios_there_is_nothing_to_compare(tmp_path: Path) -> None:
    config = {"name": "x", "weeks": 3, "markets": {"us": {"consumers": 10}}}
    comparison = compare(run(parse_experiment(config), out=tmp_path, workers=1))
    assert comparison.effects.empty
    assert comparison.by_group.empty


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_stories_begin_with_their_question_and_load(name: str) -> None:
    experiment = load_experiment(EXPERIMENTS / f"{name}.toml")
    assert experiment.name == name
    assert experiment.question.endswith("?")
    assert len(experiment.scenarios) > 1


def test_seventeen_markets_open_in_the_order_of_the_data_japan_last() -> None:
    experiment = load_experiment(EXPERIMENTS / "seventeen_markets.toml")
    launches = {name: market.launch for name, market in experiment.markets.items()}
    assert len(launches) == 17
    assert max(launches, key=lambda name: launches[name]) == "japan"
    assert all(market.network.ties_abroad > 0 for market in experiment.markets.values())


@pytest.mark.slow
def test_common_random_numbers_make_events_2025_at_least_five_times_as_precise(tmp_path: Path) -> None:
    """Standard error of extra sales and of extra adopters over the run: paired, against runs with other seeds."""
    shared = run(load_experiment(EXPERIMENTS / "events_2025.toml"), out=tmp_path / "shared")
    other = run(
        load_experiment(EXPERIMENTS / "events_2025.toml", ("seed=8", "scenarios=[]")), out=tmp_path / "other"
    )  # fmt: skip
    usual = paths(other, "baseline", "us", "gmv_usd").sum(1)
    for scenario in ("deals_for_you", "shop_locally_made", "both"):
        found = cell(compare(shared), scenario, "us", "gmv")
        pushed = paths(shared, scenario, "us", "gmv_usd").sum(1)
        apart = np.sqrt((pushed.var(ddof=1) + usual.var(ddof=1)) / len(usual))
        assert apart / found["se"] >= 5
        assert found["se_independent"] / found["se"] >= 5
