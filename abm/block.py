"""The week of a block: 64 consumers, taken through it together.

Plain loops over 64 places without branches on chance: the compiler turns them into vector instructions. Each does, for
64 consumers at once, what one consumer's week (abm.week, tests/reference) does for one.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from abm.arrays import (
    DISCOUNTED,
    HABIT,
    LET_DOWN,
    LIVE_SPEND,
    N_AWARE,
    N_SUPER,
    NEEDED,
    SPEND,
    SUPER_SPEND,
    TO_SINGLE,
    TO_SUPER,
    TRUST,
)
from abm.bits import count_bits, trailing_zeros
from abm.compiled import rule
from abm.mechanisms.awareness import aware_independent, aware_linear
from abm.mechanisms.choice import NONE, UNIFORM, p_certain, p_curve, p_uniform
from abm.mechanisms.habit import form_habit
from abm.mechanisms.norm import norm
from abm.mechanisms.stockpile import buy_ahead, restocked, use_stock
from abm.mechanisms.trust import hear_bad_news, learn_trust
from abm.random import Purpose, draw
from abm.week import Person, private_utility

_WEEK = int(Purpose.WEEK)
_ZERO, _ONE, _ALL = np.uint64(0), np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF)


class Words(NamedTuple):
    """The week's random words of a block, 32 bits each: int64[64] per purpose."""

    awareness: npt.NDArray[np.int64]
    choice: npt.NDArray[np.int64]
    experience: npt.NDArray[np.int64]


@rule
def present_bits(n_left):  # type: ignore[no-untyped-def]
    """Return the bits of the consumers a block holds when ``n_left`` are still to come."""
    return _ALL if n_left >= 64 else (_ONE << np.uint64(n_left)) - _ONE


@rule
def draw_words(now, first_id, words):  # type: ignore[no-untyped-def]
    """Draw this week's words for the 64 consumers of a block."""
    for place in range(64):
        drawn = draw(now.stream, first_id + place, now.week, _WEEK, 0)
        words.awareness[place] = drawn[0]
        words.choice[place] = drawn[1]
        words.experience[place] = drawn[2]


@rule
def learn(now, block, present, words, values, population, tally):  # type: ignore[no-untyped-def]
    """Let the unaware consumers of a block become aware (equation 1); ``values`` is scratch."""
    state, n_ties = population.state, population.traits.n_neighbors
    unaware = present & ~state.aware[block]
    if unaware == _ZERO:
        return
    first = np.uint64(block * 64)
    if now.complete:
        for place in range(64):
            values[place] = now.crowd.p_aware
    elif now.linear:
        for place in range(64):
            row = first + np.uint64(place)
            n_super, n_neighbors = np.int64(state.n_super[row]), np.int64(n_ties[row])
            values[place] = aware_linear(now.advertising, now.word_of_mouth, n_super, n_neighbors)
    else:
        for place in range(64):
            n_super = np.int64(state.n_super[first + np.uint64(place)])
            values[place] = aware_independent(now.p_miss.advertising, now.p_miss.neighbor, n_super)
    hears = _ZERO
    for place in range(64):
        hears |= np.uint64(words.awareness[place] < values[place]) << np.uint64(place)
    state.aware[block] |= hears & unaware
    tally[N_AWARE] += count_bits(hears & unaware)


@rule
def value_shop(now, block, population, values):  # type: ignore[no-untyped-def]
    """Work out the utility of the super-app for the 64 consumers of a block (equation 3)."""
    traits, state, n_ties = population.traits, population.state, population.traits.n_neighbors
    first, mode = np.uint64(block * 64), state.mode[block]
    for place in range(64):
        row = first + np.uint64(place)
        person = Person(
            np.int64(traits.taste[row]), np.int64(traits.live_rank[row]), np.int64(traits.reach_rank[row]),
            np.int64(state.habit[row]), np.int64(state.trust[row]),
        )  # fmt: skip
        values[place] = private_utility(now, person)
    if now.complete:
        for place in range(64):
            is_super = (mode >> np.uint64(place)) & _ONE
            values[place] += now.crowd.norm_super if is_super else now.crowd.norm_single
    else:
        for place in range(64):
            row = first + np.uint64(place)
            values[place] += norm(now.norm_strength, np.int64(state.n_super[row]), np.int64(n_ties[row]))


@rule
def chances(now, values, curves):  # type: ignore[no-untyped-def]
    """Turn utilities into chances to choose the super-app, in place; one loop per kind of noise."""
    if now.noise == NONE:
        for place in range(64):
            values[place] = p_certain(values[place])
    elif now.noise == UNIFORM:
        for place in range(64):
            values[place] = p_uniform(values[place])
    else:
        curve = curves[now.noise]
        for place in range(64):
            values[place] = p_curve(values[place], curve)


@rule
def choose(now, block, occasions, words, p_super, state):  # type: ignore[no-untyped-def]
    """Return the bits of those who shop in the super-app on this week's occasion (equation 3).

    A shop that is closed, or unknown to a consumer, leaves the single apps.
    """
    open_to = state.aware[block] if now.launched else _ZERO
    stay = _ZERO if now.reversible else state.mode[block]
    wants = _ZERO
    for place in range(64):
        wants |= np.uint64(words.choice[place] < p_super[place]) << np.uint64(place)
    return occasions & open_to & (wants | stay)


@rule
def restock(now, block, occasions, chosen, population, sales, tally):  # type: ignore[no-untyped-def]
    """Work out the sale of each occasion in a block: the basket, more when stocking up, less when using it up."""
    stock, basket, reach_rank = population.state.stock, population.traits.basket, population.traits.reach_rank
    first = np.uint64(block * 64)
    needed = 0
    for place in range(64):
        sales[place] = np.int64(basket[first + np.uint64(place)])
        needed += np.int64((occasions >> np.uint64(place)) & _ONE) * sales[place]
    tally[NEEDED] += needed
    while stock.size > 0 and occasions != _ZERO:
        place = trailing_zeros(occasions)
        occasions &= occasions - _ONE
        row = block * 64 + place
        before = np.int64(stock[row])
        after = use_stock(before, now.deal.use)
        if (chosen >> np.uint64(place)) & _ONE and np.int64(reach_rank[row]) < now.deal.rank:
            after = buy_ahead(after, now.deal.ahead)
        stock[row] = after
        sales[place] = restocked(sales[place], before, after)


@rule
def shop(now, block, occasions, chosen, words, sales, population, tally):  # type: ignore[no-untyped-def]
    """Take those on an occasion through experience, habit and spend (equations 4-6); return who is let down.

    Free of branches, so that the compiler turns it into vector instructions, and the processor has nothing to guess.
    """
    traits, state = population.traits, population.state
    first, let_down = np.uint64(block * 64), _ZERO
    habit_gain = trust_gain = spend = super_spend = live_spend = discounted = 0
    for place in range(64):
        row, shift = first + np.uint64(place), np.uint64(place)
        visits, mode = np.int64((occasions >> shift) & _ONE), np.int64((chosen >> shift) & _ONE)
        good = np.int64(words.experience[place] < now.p_good)
        habit, trust = np.int64(state.habit[row]), np.int64(state.trust[row])
        formed = visits * (form_habit(habit, mode, now.habit_rate) - habit)
        learned = mode * (learn_trust(trust, good, now.trust_learning) - trust)
        state.habit[row] = habit + formed
        state.trust[row] = trust + learned
        let_down |= np.uint64(mode & (1 - good)) << shift
        habit_gain += formed
        trust_gain += learned
        spend += visits * sales[place]
        super_spend += mode * sales[place]
        live_spend += (mode & np.int64(np.int64(traits.live_rank[row]) < now.live_rank)) * sales[place]
        discounted += (mode & np.int64(np.int64(traits.reach_rank[row]) < now.deal.rank)) * sales[place]
    tally[HABIT] += habit_gain
    tally[TRUST] += trust_gain
    tally[SPEND] += spend
    tally[SUPER_SPEND] += super_spend
    tally[LIVE_SPEND] += live_spend
    tally[DISCOUNTED] += discounted
    return let_down


@rule
def hear(now, block, present, was_let_down, population, tally):  # type: ignore[no-untyped-def]
    """Let the consumers of a block lose trust over neighbours who were let down last week (equation 4)."""
    state, n_ties = population.state, population.traits.n_neighbors
    counts, trust = state.n_let_down, state.trust
    for place in range(64):
        row = block * 64 + place
        if now.complete:
            own = np.int64((was_let_down >> np.uint64(place)) & _ONE)
            n_let_down, n_neighbors = now.total_let_down - own, now.n_others
            if not (present >> np.uint64(place)) & _ONE:
                n_let_down = 0
        else:
            n_let_down, n_neighbors = np.int64(counts[row]), 0
        if n_let_down > 0:
            if not now.complete:
                counts[row] = 0
                n_neighbors = np.int64(n_ties[row])
            level = np.int64(trust[row])
            shaken = hear_bad_news(level, now.bad_news, n_let_down, n_neighbors)
            trust[row] = shaken
            tally[TRUST] += shaken - level


@rule
def settle(block, new_mode, let_down, state, tally):  # type: ignore[no-untyped-def]
    """Write down who switched and who was let down in a block, and count them."""
    old_mode = state.mode[block]
    n_joined, n_left = count_bits(new_mode & ~old_mode), count_bits(old_mode & ~new_mode)
    state.mode[block], state.switched[block], state.let_down[block] = new_mode, new_mode ^ old_mode, let_down
    tally[N_SUPER] += n_joined - n_left
    tally[TO_SUPER] += n_joined
    tally[TO_SINGLE] += n_left
    tally[LET_DOWN] += count_bits(let_down)
