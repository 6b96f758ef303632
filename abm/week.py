"""One consumer's week in whole numbers: become aware, choose on an occasion, learn from it, hear from others.

Equations are those of docs/model.md. Everything here works on plain numbers: the arrays stay in abm.kernel, which
unpacks them once (Numba counts references at every access to a tuple of arrays).
"""

from typing import NamedTuple

import numpy as np

from abm.arrays import LET_DOWN, N_SUPER
from abm.compiled import rule
from abm.fixed_point import quanta, rank_below
from abm.mechanisms.awareness import INDEPENDENT, aware_independent, aware_linear
from abm.mechanisms.choice import p_super
from abm.mechanisms.habit import habit
from abm.mechanisms.livestream import livestream, livestream_reach
from abm.mechanisms.norm import norm
from abm.mechanisms.preference import preference
from abm.mechanisms.price import price
from abm.mechanisms.supply import supply
from abm.mechanisms.trust import trust
from abm.random import Stream


class Now(NamedTuple):
    """One market in one week, in whole numbers: what all its consumers share."""

    week: int
    stream: Stream
    complete: bool
    n_others: int
    total_super: int
    total_let_down: int
    launched: bool
    spreads: bool
    occasion: np.uint64
    linear: bool
    advertising: int
    word_of_mouth: int
    p_miss_advertising: float
    p_miss_neighbor: float
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
    noise: int
    reversible: bool


@rule
def this_week(week, place, values, merchants, totals):  # type: ignore[no-untyped-def]
    """Return what all consumers of a market share this week (``Now``)."""
    tells = values.advertising > 0 or values.word_of_mouth > 0 or values.p_miss_neighbor < 1.0
    reach = livestream_reach(values.live_reach, values.live_growth, merchants)
    return Now(
        week,
        Stream(place.seed, place.replicate, place.market),
        place.complete != 0,
        place.n_consumers - 1,
        totals[N_SUPER],
        totals[LET_DOWN],
        values.launched != 0,
        values.launched != 0 and tells,
        np.uint64(values.occasion),
        values.awareness_form != INDEPENDENT,
        values.advertising,
        values.word_of_mouth,
        values.p_miss_advertising,
        values.p_miss_neighbor,
        values.appeal + quanta(supply(values.supply_weight, merchants)),
        values.spread,
        values.habit_strength,
        values.habit_rate,
        values.norm_strength,
        values.trust_weight,
        values.trust_learning,
        values.p_good,
        values.bad_news,
        values.live_weight,
        rank_below(reach),
        values.price_value,
        values.price_rank,
        values.noise,
        values.reversible != 0,
    )


class Person(NamedTuple):
    """What a consumer's utility depends on."""

    taste: int  # z, in 2**-16
    live_rank: int  # v
    reach_rank: int  # w
    habit: int  # h, 0 .. 65535
    trust: int  # T, 0 .. 65535


@rule
def utility(now, person, n_super, n_neighbors):  # type: ignore[no-untyped-def]
    """Return V of equation 3, in quanta: one line per mechanism (market-wide terms are in ``appeal``)."""
    return (
        preference(now.appeal, now.spread, person.taste)
        + habit(now.habit_strength, person.habit)
        + norm(now.norm_strength, n_super, n_neighbors)
        + trust(now.trust_weight, person.trust)
        + livestream(now.live_weight, person.live_rank < now.live_rank)
        + price(now.price_value, person.reach_rank < now.price_rank)
    )


@rule
def p_aware(now, n_super, n_neighbors):  # type: ignore[no-untyped-def]
    """Return the chance (in quanta) that an unaware consumer becomes aware (equation 1)."""
    if now.linear:
        return aware_linear(now.advertising, now.word_of_mouth, n_super, n_neighbors)
    return aware_independent(now.p_miss_advertising, now.p_miss_neighbor, n_super)


@rule
def next_mode(now, aware, mode, value, word, curves):  # type: ignore[no-untyped-def]
    """Return the mode chosen on an occasion with utility ``value`` (equation 3).

    A shop that is closed, or unknown to the consumer, leaves the single apps.
    """
    if not (aware and now.launched):
        return 0
    if mode == 1 and not now.reversible:
        return 1
    return 1 if word < p_super(value, now.noise, curves) else 0
