"""The ledger: sums, budgets, and that it is the same however the run is cut into pieces."""

from datetime import date

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm import Market, simulate
from abm.engine.simulation import Simulation

START = date(2023, 9, 11)
US = Market.profile("us").replace({"consumers": 3000 if not numba.config.DISABLE_JIT else 500})
WEEKS = 60


def run(levers: list[dict[str, object]], **values: object):
    pulled = [{"market": "us", "start": 20} | lever for lever in levers]
    return simulate(US, weeks=WEEKS, seed=3, start=START, levers=pulled, **values)


def test_costs_in_the_table_are_the_ledgers_sums() -> None:
    found = run([
        {"kind": "subsidy", "weeks": 9, "discount": 0.2},
        {"kind": "deals_for_you", "start": 25, "weeks": 3},
        {"kind": "layoffs", "start": 30},
    ])  # fmt: skip
    sums = found.ledger.groupby("week")["cost_usd"].sum().reindex(range(WEEKS + 1), fill_value=0.0)
    assert found.table["cost_usd"].to_numpy() == pytest.approx(sums.to_numpy(), rel=1e-15, abs=0)
    assert set(found.ledger["item"]) == {"discounts", "staff"}
    assert (found.table.loc[31:, "cost_usd"] < 0).all()


def test_discounts_are_a_share_of_the_weeks_sales() -> None:
    found = run([{"kind": "subsidy", "weeks": 9, "discount": 0.2}])
    sold = found.table.loc[21:29, "gmv_usd"].to_numpy()
    assert found.table.loc[21:29, "cost_usd"].to_numpy() == pytest.approx(0.2 * sold)
    assert found.table["cost_usd"].drop(index=range(21, 30)).eq(0).all()


@pytest.mark.needs_compiled
def test_a_deal_costs_what_those_reached_save() -> None:
    everyone = run([{"kind": "deals_for_you", "weeks": 2, "reach": 1.0, "discount": 0.3}])
    assert everyone.table.loc[21:22, "cost_usd"].to_numpy() == pytest.approx(
        0.3 * everyone.table.loc[21:22, "gmv_usd"].to_numpy()
    )
    half = run([{"kind": "deals_for_you", "weeks": 2, "reach": 0.5, "discount": 0.3}])
    assert (half.table.loc[21:22, "cost_usd"] < 0.3 * half.table.loc[21:22, "gmv_usd"]).all()


@pytest.mark.needs_compiled
@given(
    budget=st.floats(0, 3e8), discount=st.floats(0.001, 0.6), kind=st.sampled_from(["subsidy", "deals_for_you"]),
    start=st.integers(0, 50),
)  # fmt: skip
def test_a_budget_is_never_overspent(budget: float, discount: float, kind: str, start: int) -> None:
    found = run([{"kind": kind, "start": start, "discount": discount, "budget": budget}])
    assert found.ledger["cost_usd"].sum() <= budget * (1 + 1e-12)
    assert (found.ledger["cost_usd"] >= 0).all()


def test_a_budget_pays_no_more_than_it_holds_when_sales_exceed_what_was_expected() -> None:
    """Sales of the week before say what a week will cost; a large subsidy sells more than that at once."""
    lever = {"kind": "subsidy", "start": 40, "discount": 0.6}
    free = run([lever])
    expected, cost = 0.6 * free.table.loc[40, "gmv_usd"], free.table.loc[41, "cost_usd"]
    budget = (expected + cost) / 2
    assert expected < budget < cost
    found = run([lever | {"budget": budget}])
    assert found.ledger["cost_usd"].tolist() == pytest.approx([budget])


def test_a_budget_is_used_to_within_one_weeks_cost_and_then_it_is_over() -> None:
    free = run([{"kind": "subsidy", "discount": 0.2}])
    weekly = free.ledger["cost_usd"].max()
    found = run([{"kind": "subsidy", "discount": 0.2, "budget": 5 * weekly}])
    assert 4 * weekly < found.ledger["cost_usd"].sum() <= 5 * weekly
    last = int(found.ledger["week"].max())
    assert last < WEEKS
    assert found.table.loc[last + 1 :, "discount"].eq(US.price.discount).all()
    assert found.table.loc[21, "discount"] == pytest.approx(US.price.discount + 0.2)
    assert np.diff(found.ledger["week"]).tolist() == [1] * (len(found.ledger) - 1)


def test_what_has_no_half_runs_whole_weeks_only() -> None:
    found = run([{"kind": "shop_locally_made", "weekly_cost": 10.0, "budget": 35.0}])
    assert found.ledger["cost_usd"].tolist() == [10.0] * 3


def test_the_same_in_one_go_week_by_week_and_on_threads() -> None:
    lever = {"kind": "subsidy", "market": "us", "start": 20, "discount": 0.2, "budget": 6e7}
    whole = run([lever])
    pieces = Simulation([US], seed=3, start=START, levers=[lever])
    for weeks in (7, 15, 1, 20, 17):
        pieces.advance(weeks)
    assert pieces.trajectory().table.equals(whole.table)
    assert pieces.trajectory().ledger.equals(whole.ledger)
    assert run([lever], threads=3).table.equals(whole.table)


def test_nothing_differs_before_the_lever_begins() -> None:
    usual, pulled = run([]), run([{"kind": "subsidy", "discount": 0.4, "budget": 1e8}])
    assert usual.table.loc[:20].equals(pulled.table.loc[:20])
    assert not usual.table.equals(pulled.table)
