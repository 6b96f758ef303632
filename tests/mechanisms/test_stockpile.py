"""Stocks: what is bought ahead at a deal, and used up later."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm import Market, simulate
from abm.engine.state import NEEDED, SPEND
from abm.mechanisms.stockpile import FULL, STOCK_BITS, ahead_levels, buy_ahead, restocked, use_levels, use_stock

BASKET_LEVELS = 1 << STOCK_BITS


@given(
    basket=st.integers(0, 2**32 - 1), use=st.integers(1, BASKET_LEVELS),
    ahead=st.lists(st.integers(0, FULL), min_size=1, max_size=40),
)  # fmt: skip
def test_what_is_bought_ahead_is_not_bought_later(basket: int, use: int, ahead: list[int]) -> None:
    """Over any occasions, sales are the baskets plus the worth of the stock left, to the last unit."""
    stock = sold = 0
    for extra in ahead:
        after = buy_ahead(use_stock(stock, use), extra)
        sale = restocked(basket, stock, after)
        assert 0 <= after <= FULL
        assert sale >= 0
        sold, stock = sold + sale, after
    assert sold == basket * len(ahead) + ((basket * stock) >> STOCK_BITS)


def test_levels() -> None:
    assert ahead_levels(2.0, 0.25) == BASKET_LEVELS // 2
    assert ahead_levels(20.0, 1.0) == FULL
    assert ahead_levels(0.0, 0.5) == ahead_levels(3.0, 0.0) == 0
    assert use_levels(1.0) == BASKET_LEVELS
    assert use_levels(0.25) == BASKET_LEVELS // 4


def market(ahead: float) -> Market:
    return Market(consumers=4000, basket_sigma=1.0, occasion_rate=0.5).replace(
        {
            "stockpile.ahead": ahead,
            "stockpile.use": 0.2,
            "shoppers": 4000.0,
            "annual_spend": 5200.0,
            "price.sensitivity": 2.0,
        }
    )


DEAL = {"kind": "deals_for_you", "market": "market", "start": 10, "weeks": 1, "discount": 0.4, "reach": 0.5}


def test_a_deal_is_followed_by_lower_sales() -> None:
    usual, event = (simulate(market(2.0), weeks=40, seed=1, levers=levers).table for levers in ([], [DEAL]))
    extra = (event["spend_usd"] - usual["spend_usd"]).to_numpy()
    assert (extra[:11] == 0).all()
    assert extra[11] > 0
    assert (extra[12:18] < 0).all()
    assert abs(extra[-1]) < 0.01 * extra[11]
    assert extra.sum() == pytest.approx(0, abs=0.1 * extra[11])


@pytest.mark.parametrize("weeks", [11, 14, 40])
def test_sales_are_what_was_needed_and_what_is_stored(weeks: int) -> None:
    found = simulate(market(2.0), weeks=weeks, seed=1, levers=[DEAL])
    basket, stock = (part.astype(np.int64) for part in (found.population.traits.basket, found.population.state.stock))
    more = found.tallies[..., SPEND].sum() - found.tallies[..., NEEDED].sum()
    assert more == ((basket * stock) >> STOCK_BITS).sum()
    assert more >= 0


def test_without_a_deal_nothing_is_stored_and_without_the_mechanism_there_is_no_array() -> None:
    stored, plain = simulate(market(2.0), weeks=20, seed=1), simulate(market(0.0), weeks=20, seed=1)
    assert np.array_equal(stored.tallies, plain.tallies)
    assert plain.population.state.stock.size == 0


def test_without_stocks_what_is_needed_is_what_is_bought() -> None:
    tallies = simulate(market(0.0), weeks=20, seed=1, levers=[DEAL]).tallies
    assert np.array_equal(tallies[..., NEEDED], tallies[..., SPEND])
