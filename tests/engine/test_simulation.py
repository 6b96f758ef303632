"""Simulations: their arguments, and their weeks one by one."""

import numpy as np
import pytest

from abm import Market, Simulation, simulate
from abm.base.errors import InputError
from abm.engine.state import SPEND


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"weeks": -1}, ["weeks", "0 to 100,000"]),
        ({"weeks": 1.5}, ["weeks", "whole numbers"]),
        ({"seed": -1}, ["seed", "0 to 4,294,967,295"]),
        ({"seed": 2**32}, ["seed"]),
        ({"replicate": True}, ["replicate"]),
        ({"threads": 0}, ["threads", "1 to"]),
        ({"engine": "warp"}, ["engine", "kernel"]),
        ({"levers": [{"kind": "set"}]}, ["levers[0].market", "required"]),
    ],
)
def test_wrong_arguments_are_named(values: dict[str, object], words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        simulate(Market(consumers=10), **({"weeks": 1} | values))
    for word in words:
        assert word in str(caught.value)


def test_names_of_markets_must_differ() -> None:
    with pytest.raises(InputError, match="names must differ"):
        simulate([Market(), Market()], weeks=1)
    with pytest.raises(InputError, match="at least one market"):
        simulate([], weeks=1)


def test_a_single_market_needs_no_list() -> None:
    assert len(simulate(Market(consumers=10), weeks=2).table) == 3


def test_a_simulation_can_go_on_week_by_week() -> None:
    market = Market.profile("asia").replace({"consumers": 400})
    steps = Simulation([market], seed=5)
    for _ in range(20):
        steps.advance()
    np.testing.assert_array_equal(steps.trajectory().tallies, simulate(market, weeks=20, seed=5).tallies)
    assert steps.week == 20


def test_seeds_and_replicates_give_other_runs_and_the_same_give_the_same() -> None:
    market = Market.profile("asia").replace({"consumers": 2000})

    def final_adopters(**key: int) -> int:
        return int(simulate(market, weeks=30, **key).tallies[-1, 0, 1])

    assert final_adopters(seed=1) == final_adopters(seed=1)
    assert len({final_adopters(seed=1), final_adopters(seed=2), final_adopters(seed=1, replicate=1)}) == 3


def test_no_baskets_are_stored_where_all_are_equal_and_results_are_the_same() -> None:
    plain = Market(name="plain", consumers=500, occasion_rate=0.4, preference={"spread": 1.0})
    unequal = plain.replace({"name": "unequal", "basket_sigma": 1.0})
    alone, beside = (simulate(markets, weeks=6, seed=3) for markets in (plain, [plain, unequal]))
    assert alone.population.traits.basket.size == 0
    assert beside.population.traits.basket.size > 0
    np.testing.assert_array_equal(alone.tallies[:, 0], beside.tallies[:, 0])
    assert (alone.tallies[1:, 0, SPEND] > 0).all()
