"""The consumers of a market, and their state at week 0."""

from typing import NamedTuple

from abm.markets.market import Market
from tests.reference.arithmetic import U16_MAX, basket, normal, to_q32
from tests.reference.philox import INITIAL_ADOPTION, TRAITS, Stream


class Consumer(NamedTuple):
    """What never changes."""

    market: int  # index in the list of markets
    number: int  # within the market
    taste: int  # z, 2**-16
    live_rank: int  # v, 0 .. 65535
    reach_rank: int  # w, 0 .. 65535
    basket: int  # b, 2**-16


class State(NamedTuple):
    """What changes from week to week."""

    aware: bool
    mode: int  # 1: super
    habit: int  # 0 .. 65535
    trust: int  # 0 .. 65535
    let_down: bool  # in the step that led to this week
    stock: int = 0  # bought ahead, in 2**-13 baskets


def initial_population(market_index: int, market: Market, stream: Stream) -> tuple[list[Consumer], list[State]]:
    """Return the consumers of one market and their state at week 0."""
    consumers, states = [], []
    adopters = initial_adopters(market, stream)
    for number in range(market.consumers):
        taste_word, rank_word, basket_word, aware_word = stream.draw(number, 0, TRAITS)
        live_rank, reach_rank = divmod(rank_word, 2**16)
        spend = basket(market.basket_sigma, normal(basket_word))
        consumers.append(Consumer(market_index, number, normal(taste_word), live_rank, reach_rank, spend))
        adopts = number in adopters
        aware = adopts or aware_word < to_q32(market.awareness.initial)
        habit, trust = round(market.habit.initial * U16_MAX), round(market.trust.initial * U16_MAX)
        states.append(State(aware, int(adopts), habit, trust, let_down=False))
    return consumers, states


def initial_adopters(market: Market, stream: Stream) -> set[int]:
    """Return the numbers of those who start in mode super: the seed consumers, or the first in a random order."""
    if market.seed_consumers:
        return set(market.seed_consumers)
    count = market.seed_adopters or int(market.initial_adoption * market.consumers + 0.5)
    order = sorted(range(market.consumers), key=lambda i: (stream.draw(i, 0, INITIAL_ADOPTION)[0], i))
    return set(order[:count])
