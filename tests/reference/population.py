"""Who lives in a market, and how everyone starts."""

from typing import NamedTuple

from abm.markets.market import Market
from tests.reference.arithmetic import U16_MAX, basket, normal, to_q32
from tests.reference.philox import INITIAL_ADOPTION, TRAITS, Stream


class Person(NamedTuple):
    """What never changes."""

    market: int  # place in the list of markets
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


def settle(place: int, market: Market, stream: Stream) -> tuple[list[Person], list[State]]:
    """Return the people of one market and their state at week 0."""
    people, states = [], []
    first_adopters = initial_adopters(market, stream)
    for number in range(market.consumers):
        taste, ranks, size, known = stream.draw(number, 0, TRAITS)
        live_rank, reach_rank = divmod(ranks, 2**16)
        spend = basket(market.basket_sigma, normal(size))
        people.append(Person(place, number, normal(taste), live_rank, reach_rank, spend))
        adopts = number in first_adopters
        aware = adopts or known < to_q32(market.awareness.initial)
        habit, trust = round(market.habit.initial * U16_MAX), round(market.trust.initial * U16_MAX)
        states.append(State(aware, int(adopts), habit, trust, let_down=False))
    return people, states


def initial_adopters(market: Market, stream: Stream) -> set[int]:
    """Return who starts in mode super: those named, or the first so many in a random order."""
    if market.seed_consumers:
        return set(market.seed_consumers)
    count = market.seed_adopters or int(market.initial_adoption * market.consumers + 0.5)
    order = sorted(range(market.consumers), key=lambda i: (stream.draw(i, 0, INITIAL_ADOPTION)[0], i))
    return set(order[:count])
