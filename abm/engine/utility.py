"""One consumer's week in whole numbers: become aware, choose on an occasion, learn from it, hear from others.

Equations are those of docs/model.md. Everything here works on plain numbers: the arrays stay in kernel.py, which
unpacks them once (Numba counts references at every access to a tuple of arrays).
"""

from typing import NamedTuple

import numpy as np

from abm.engine.state import LET_DOWN, N_SUPER
from abm.mechanisms.awareness import INDEPENDENT, aware_independent, aware_linear, aware_of_all
from abm.mechanisms.habit import habit
from abm.mechanisms.livestream import livestream, livestream_reach
from abm.mechanisms.norm import norm, norm_of_all
from abm.mechanisms.preference import preference
from abm.mechanisms.price import price
from abm.mechanisms.supply import supply
from abm.mechanisms.trust import trust
from abm.numerics.fixed_point import to_q32, to_rank
from abm.numerics.jit import inline
from abm.numerics.random import Stream


class CompleteNetworkTerms(NamedTuple):
    """What the complete network needs once a week, everyone being everyone's neighbour."""

    norm_single: int  # the norm for those in mode single ...
    norm_super: int  # ... and in mode super, who do not count themselves
    p_aware: int


class MissProbability(NamedTuple):
    """Chances not to hear of the shop (awareness from independent contacts)."""

    advertising: float
    neighbor: float


class Deal(NamedTuple):
    """The week's deal on top of everyday prices, and what those who take it do with their stocks."""

    value: int  # utility of the deal, as Q32
    rank: int  # reaches those with a lower rank
    ahead: int  # stocked up by a purchase under the deal, in 2**-13 baskets
    use: int  # most that an occasion takes from the stock


class StepParams(NamedTuple):
    """One market in one week, in whole numbers: what all its consumers share."""

    week: int
    stream: Stream
    complete: bool
    n_others: int
    total_super: int
    total_let_down: int
    complete_network: CompleteNetworkTerms
    launched: bool
    spreads: bool
    occasion: np.uint64
    linear: bool
    advertising: int
    word_of_mouth: int
    p_miss: MissProbability
    appeal: int  # preference mean + integration + supply
    spread: int
    habit_strength: int
    habit_rate: int
    norm_strength: int
    trust_weight: int
    trust_learning: int
    p_good: int
    bad_news: int
    live_weight: int
    live_rank: int
    price_value: int
    price_rank: int
    deal: Deal
    noise: int
    reversible: bool


@inline
def step_params(week, place, values, merchants, totals):  # type: ignore[no-untyped-def]
    """Return what all consumers of a market share this week (``StepParams``)."""
    tells = values.advertising > 0 or values.word_of_mouth > 0 or values.p_miss_neighbor < 1.0
    reach = livestream_reach(values.live_reach, values.live_growth, merchants)
    n_others, n_super = place.n_consumers - 1, totals[N_SUPER]
    if values.awareness_form == INDEPENDENT:
        crowd_chance = aware_independent(values.p_miss_advertising, values.p_miss_neighbor, n_super)
    else:
        crowd_chance = aware_of_all(values.advertising, values.word_of_mouth, n_super, n_others)
    complete_network = CompleteNetworkTerms(
        norm_of_all(values.norm_strength, n_super, n_others),
        norm_of_all(values.norm_strength, n_super - 1, n_others),
        crowd_chance,
    )
    return StepParams(
        week,
        Stream(place.seed, place.replicate, place.market),
        place.complete != 0,
        n_others,
        n_super,
        totals[LET_DOWN],
        complete_network,
        values.launched != 0,
        values.launched != 0 and tells,
        np.uint64(values.occasion),
        values.awareness_form != INDEPENDENT,
        values.advertising,
        values.word_of_mouth,
        MissProbability(values.p_miss_advertising, values.p_miss_neighbor),
        values.appeal + to_q32(supply(values.supply_weight, merchants)),
        values.spread,
        values.habit_strength,
        values.habit_rate,
        values.norm_strength,
        values.trust_weight,
        values.trust_learning,
        values.p_good,
        values.bad_news,
        values.live_weight,
        to_rank(reach),
        values.price_value,
        values.price_rank,
        Deal(values.deal_value, values.deal_rank, values.stock_ahead, values.stock_use),
        values.noise,
        values.reversible != 0,
    )


class Person(NamedTuple):
    """What a consumer's utility depends on."""

    taste: int | np.int64  # z, in 2**-16
    live_rank: int | np.int64  # v
    reach_rank: int | np.int64  # w
    habit: int | np.int64  # h, 0 .. 65535
    trust: int | np.int64  # T, 0 .. 65535


@inline
def utility(now, person, n_super, n_neighbors):  # type: ignore[no-untyped-def]
    """Return V of equation 3, as Q32."""
    return private_utility(now, person) + norm(now.norm_strength, n_super, n_neighbors)


@inline
def private_utility(now, person):  # type: ignore[no-untyped-def]
    """Return V without the norm: one line per mechanism (market-wide terms are in ``appeal``)."""
    return (
        preference(now.appeal, now.spread, person.taste)
        + habit(now.habit_strength, person.habit)
        + trust(now.trust_weight, person.trust)
        + livestream(now.live_weight, person.live_rank < now.live_rank)
        + price(now.price_value, person.reach_rank < now.price_rank)
        + price(now.deal.value, person.reach_rank < now.deal.rank)
    )


@inline
def p_aware(now, n_super, n_neighbors):  # type: ignore[no-untyped-def]
    """Return the chance (Q32) that an unaware consumer becomes aware (equation 1)."""
    if now.linear:
        return aware_linear(now.advertising, now.word_of_mouth, n_super, n_neighbors)
    return aware_independent(now.p_miss.advertising, now.p_miss.neighbor, n_super)
