"""Columns of the result table, each from what is recorded of a market."""

import numpy as np
import pytest

from abm import Market, Trajectory, simulate
from abm.base.errors import InputError
from abm.engine import state
from abm.engine.outcomes import OUTCOMES, Outcome, outcome, outcomes
from abm.engine.parameter_schedule import weekly_spend

WEEKS = 12
DEAL = {"kind": "deals_for_you", "market": "town", "start": 4, "weeks": 3, "discount": 0.4, "reach": 0.5}
PRICE = {"kind": "set", "market": "town", "start": 6, "values": {"price.discount": 0.3, "livestream.growth": 0.1}}


@pytest.fixture(scope="module")
def run() -> Trajectory:
    town = Market(name="town", consumers=300, basket_sigma=1.0, returns=0.25, shoppers=3000.0, annual_spend=5200.0)
    changes = {
        "initial_adoption": 0.4, "livestream.reach": 0.2, "livestream.growth": 0.5, "supply.initial": 0.3,
        "supply.rate": 0.2, "supply.half_saturation": 0.3, "trust.learning": 0.3, "trust.service_quality": 0.7,
        "trust.initial": 0.6, "habit.rate": 0.2, "habit.initial": 0.3, "awareness.initial": 0.7,
        "awareness.word_of_mouth": 0.2, "stockpile.ahead": 2.0, "price.sensitivity": 1.0, "preference.mean": -0.3,
    }  # fmt: skip
    return simulate(town.replace(changes), weeks=WEEKS, seed=6, levers=[DEAL, PRICE])


def test_every_column_is_its_formula(run: Trajectory) -> None:
    table, counts, merchants, town = run.table, run.tallies[:, 0], run.merchants[:, 0], run.markets[0]
    sold = np.maximum(counts[:, state.SPEND], 1)
    spend = weekly_spend(town, WEEKS, run.start) * counts[:, state.SPEND] / np.maximum(counts[:, state.NEEDED], 1)
    gmv = spend * counts[:, state.SUPER_SPEND] / sold
    growth = np.array([0.5] * 6 + [0.1] * (WEEKS + 1 - 6))
    discount = np.array([0.0] * 5 + [0.4, 0.4, 0.7] + [0.3] * (WEEKS + 1 - 8))
    expected = {
        "aware": counts[:, state.N_AWARE], "super": counts[:, state.N_SUPER],
        "switched_to_super": counts[:, state.TO_SUPER], "switched_to_single": counts[:, state.TO_SINGLE],
        "adoption": counts[:, state.N_SUPER] / 300, "gmv_share": counts[:, state.SUPER_SPEND] / sold, "gmv_usd": gmv,
        "gmv_net_usd": 0.75 * gmv, "live_gmv_usd": spend * counts[:, state.LIVE_SPEND] / sold, "spend_usd": spend,
        "merchants": merchants, "livestream_reach": np.minimum(1, 0.2 + growth * merchants),
        "mean_trust": counts[:, state.TRUST] / 300 / 65535, "mean_habit": counts[:, state.HABIT] / 300 / 65535,
        "discount": discount,
    }  # fmt: skip
    costs = run.ledger.groupby("week")["cost_usd"].sum().reindex(range(WEEKS + 1), fill_value=0.0)
    assert set(outcomes(run.mechanisms)) == {*expected, "cost_usd"}
    for name, values in {**expected, "cost_usd": costs}.items():
        np.testing.assert_allclose(table[name], values, rtol=1e-12, err_msg=name)
    for name in expected:  # otherwise two columns could be exchanged
        assert sum(np.array_equal(table[name], table[other]) for other in expected) == 1, name
    assert costs.sum() > 0


def test_an_outcome_of_ones_own_is_a_column_of_every_table() -> None:
    @outcome("unaware", unit="consumers", meaning="do not know that one can shop in the super-app")
    def unaware(record):
        return record.market.consumers - record.tallies[:, state.N_AWARE]

    try:
        table = simulate(Market(consumers=50, awareness={"initial": 0.4}), weeks=2, seed=1).table
        assert (table["unaware"] == 50 - table["aware"]).all()
        assert 0 < table["unaware"].iloc[0] < 50
        with pytest.raises(InputError, match="of this name already"):
            OUTCOMES.add("unaware", Outcome(unaware, "-", "-"))
    finally:
        OUTCOMES.remove("unaware")
