"""One consumer's week: become aware, choose on an occasion, learn from it, hear from others.

Equations are those of docs/model.md; all numbers are whole (see abm.fixed_point).
"""

from typing import NamedTuple

import numpy as np

from abm.arrays import HABIT, LET_DOWN, LIVE_SPEND, N_SUPER, SPEND, SUPER_SPEND, TRUST
from abm.bits import trailing_zeros
from abm.compiled import rule
from abm.fixed_point import quanta, rank_below
from abm.mechanisms.awareness import INDEPENDENT, aware_independent, aware_linear
from abm.mechanisms.choice import p_super
from abm.mechanisms.habit import form_habit, habit
from abm.mechanisms.livestream import livestream, livestream_reach
from abm.mechanisms.norm import norm
from abm.mechanisms.preference import preference
from abm.mechanisms.price import price
from abm.mechanisms.supply import supply
from abm.mechanisms.trust import hear_bad_news, learn_trust, trust
from abm.random import Purpose, Stream, bernoulli_mask, draw

_WEEK, _OCCASION = int(Purpose.WEEK), int(Purpose.OCCASION)
_ZERO, _ONE, _ALL = np.uint64(0), np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF)


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


@rule
def utility(now, row, n_super, n_neighbors, population):  # type: ignore[no-untyped-def]
    """Return V of equation 3, in quanta: one line per mechanism (market-wide terms are in ``appeal``)."""
    traits, state = population.traits, population.state
    return (
        preference(now.appeal, now.spread, np.int64(traits.taste[row]))
        + habit(now.habit_strength, np.int64(state.habit[row]))
        + norm(now.norm_strength, n_super, n_neighbors)
        + trust(now.trust_weight, np.int64(state.trust[row]))
        + livestream(now.live_weight, np.int64(traits.live_rank[row]) < now.live_rank)
        + price(now.price_value, np.int64(traits.reach_rank[row]) < now.price_rank)
    )


@rule
def p_aware(now, n_super, n_neighbors):  # type: ignore[no-untyped-def]
    """Return the chance (in quanta) that an unaware consumer becomes aware (equation 1)."""
    if now.linear:
        return aware_linear(now.advertising, now.word_of_mouth, n_super, n_neighbors)
    return aware_independent(now.p_miss_advertising, now.p_miss_neighbor, n_super)


@rule
def neighborhood(now, row, own_mode, population):  # type: ignore[no-untyped-def]
    """Return how many neighbours a consumer has and how many of them are in mode super."""
    if now.complete:
        return now.n_others, now.total_super - own_mode
    ties = population.ties
    return ties.indptr[row + 1] - ties.indptr[row], np.int64(population.state.n_super[row])


@rule
def shop(now, row, mode, word, population, tally):  # type: ignore[no-untyped-def]
    """Spend, form a habit and, in the super-app, gain or lose trust (equations 4-6); return 1 if let down."""
    traits, state = population.traits, population.state
    basket = np.int64(traits.basket[row])
    level = np.int64(state.habit[row])
    formed = form_habit(level, mode, now.habit_rate)
    state.habit[row] = formed
    tally[HABIT] += formed - level
    tally[SPEND] += basket
    if mode == 0:
        return 0
    tally[SUPER_SPEND] += basket
    if np.int64(traits.live_rank[row]) < now.live_rank:
        tally[LIVE_SPEND] += basket
    good = 1 if word < now.p_good else 0
    level = np.int64(state.trust[row])
    learned = learn_trust(level, good, now.trust_learning)
    state.trust[row] = learned
    tally[TRUST] += learned - level
    return 1 - good


@rule
def hear(now, row, own_let_down, n_neighbors, population, tally):  # type: ignore[no-untyped-def]
    """Lose trust over neighbours who were let down last week, and forget them (equation 4)."""
    state = population.state
    if now.complete:
        n_let_down = now.total_let_down - own_let_down
    else:
        n_let_down = np.int64(state.n_let_down[row])
        state.n_let_down[row] = 0
    if n_let_down > 0:
        level = np.int64(state.trust[row])
        shaken = hear_bad_news(level, now.bad_news, n_let_down, n_neighbors)
        state.trust[row] = shaken
        tally[TRUST] += shaken - level


@rule
def who_hears(now, block, population):  # type: ignore[no-untyped-def]
    """Return the bits of those in a block with neighbours who were let down last week."""
    if now.complete:
        return _ALL if now.total_let_down > 0 else _ZERO
    bits = _ZERO
    counts = population.state.n_let_down
    if counts.size:
        for place in range(64):
            if counts[block * 64 + place] != 0:
                bits |= _ONE << np.uint64(place)
    return bits


@rule
def decide_block(now, block, first_id, present, population, curves, tally):  # type: ignore[no-untyped-def]
    """Take 64 consumers through a week: awareness, occasion, choice, experience, habit, spend."""
    state = population.state
    was_aware, was_super, was_let_down = state.aware[block], state.mode[block], state.let_down[block]
    occasion = bernoulli_mask(now.stream, first_id >> 6, now.week, _OCCASION, now.occasion) & present
    hearing = who_hears(now, block, population) & present
    visit = occasion | hearing
    if now.spreads:
        visit |= present & ~was_aware
    is_aware, is_super, let_down = was_aware, was_super, _ZERO
    while visit != _ZERO:
        place = trailing_zeros(visit)
        bit = _ONE << np.uint64(place)
        visit ^= bit
        row = block * 64 + place
        mode = 1 if was_super & bit else 0
        n_neighbors, n_super = neighborhood(now, row, mode, population)
        words = draw(now.stream, first_id + place, now.week, _WEEK, 0)
        if now.spreads and not (is_aware & bit) and np.int64(words[0]) < p_aware(now, n_super, n_neighbors):
            is_aware |= bit
        if occasion & bit:
            if not (now.launched and (is_aware & bit)):
                mode = 0  # a closed or unknown shop leaves the single apps
            elif mode == 0 or now.reversible:
                value = utility(now, row, n_super, n_neighbors, population)
                mode = 1 if np.int64(words[1]) < p_super(value, now.noise, curves) else 0
            is_super = is_super | bit if mode else is_super & ~bit
            if shop(now, row, mode, np.int64(words[2]), population, tally):
                let_down |= bit
        if hearing & bit:
            hear(now, row, 1 if was_let_down & bit else 0, n_neighbors, population, tally)
    state.aware[block], state.mode[block], state.let_down[block] = is_aware, is_super, let_down
    state.switched[block] = is_super ^ was_super
    return is_aware & ~was_aware, is_super & ~was_super, was_super & ~is_super, let_down
