"""The week of a batch: hundreds of consumers with an occasion to shop, taken through it together.

The arithmetic runs over the rows of a buffers (gather.py). The loops have no branches on chance, so that the
compiler turns them into vector instructions. Each does for many what one consumer's week (utility.py) does for one.
"""

import numpy as np

from abm.engine.gather import gather, read_bits, scatter, set_active_mask, write_bits
from abm.engine.social_learning import gather_neighbors
from abm.engine.state import (
    DISCOUNTED,
    HABIT,
    LET_DOWN,
    LIVE_SPEND,
    N_SUPER,
    NEEDED,
    SPEND,
    SUPER_SPEND,
    TO_SINGLE,
    TO_SUPER,
    TRUST,
)
from abm.engine.utility import Person, private_utility
from abm.mechanisms.choice import NONE, UNIFORM, curve_position, on_curve, p_certain, p_uniform
from abm.mechanisms.habit import form_habit
from abm.mechanisms.norm import norm
from abm.mechanisms.stockpile import buy_ahead, restocked, use_stock
from abm.mechanisms.trust import learn_trust
from abm.numerics.bits import count_bits
from abm.numerics.fixed_point import BASKET, ONE, RANK_BITS
from abm.numerics.jit import device_function, inline
from abm.numerics.random import Purpose, draw

_WEEK = int(Purpose.WEEK)
_ZERO = np.uint64(0)


@inline
def draw_words(now, active, buffers, lanes):  # type: ignore[no-untyped-def]
    """Draw the words for choice and experience of those called up."""
    who, choice, experience = active.who, buffers.first_word, buffers.second_word
    for k in range(lanes):
        drawn = draw(now.stream, active.batch.first_id + np.int64(who[k]), now.week, _WEEK, 0)
        choice[k] = drawn[1]
        experience[k] = drawn[2]


@inline
def _some_below(rank):  # type: ignore[no-untyped-def]
    """Whether some are below a rank and others not: nobody need be asked about 0, or about more than any rank."""
    return 0 < rank < 1 << RANK_BITS


@inline
def gather_person(now, active, masks, buffers, population):  # type: ignore[no-untyped-def]
    """Collect what the week of those called up depends on; what has no weight is left out."""
    traits, state = population.traits, population.state
    set_active_mask(masks.occasions, active, buffers.visit)
    read_bits(state.aware, active, buffers.open_to)
    if now.complete or not now.reversible:
        read_bits(state.mode, active, buffers.mode)
    gather(traits.taste, active, buffers.taste)
    if _some_below(now.live_rank):
        gather(traits.live_rank, active, buffers.live_rank)
    if _some_below(now.deal.rank) or (now.price_value != 0 and _some_below(now.price_rank)):
        gather(traits.reach_rank, active, buffers.reach_rank)
    if now.habit_strength != 0 or now.habit_rate != 0:
        gather(state.habit, active, buffers.habit)
    if now.trust_weight != 0 or now.trust_learning != 0:
        gather(state.trust, active, buffers.trust)
    if now.norm_strength != 0 and not now.complete:
        gather_neighbors(active, buffers, population)


@inline
def value_shop(now, buffers, lanes):  # type: ignore[no-untyped-def]
    """Work out the utility of the super-app for those called up (equation 3)."""
    value, mode, n_super, n_neighbors = buffers.value, buffers.mode, buffers.n_super, buffers.n_neighbors
    taste, live_rank, reach_rank, habit, trust = (
        buffers.taste,
        buffers.live_rank,
        buffers.reach_rank,
        buffers.habit,
        buffers.trust,
    )
    for k in range(lanes):
        person = Person(
            np.int64(taste[k]), np.int64(live_rank[k]), np.int64(reach_rank[k]),
            np.int64(habit[k]), np.int64(trust[k]),
        )  # fmt: skip
        value[k] = private_utility(now, person)
    if now.norm_strength == 0:
        return
    if now.complete:
        for k in range(lanes):
            value[k] += now.complete_network.norm_super if mode[k] else now.complete_network.norm_single
    else:
        for k in range(lanes):
            value[k] += norm(now.norm_strength, np.int64(n_super[k]), np.int64(n_neighbors[k]))


@inline
def chances(now, buffers, lanes, curves):  # type: ignore[no-untyped-def]
    """Turn utilities into chances to choose the super-app, in place; one loop per kind of noise."""
    value = buffers.value
    if now.noise == NONE:
        for k in range(lanes):
            value[k] = p_certain(value[k])
    elif now.noise == UNIFORM:
        for k in range(lanes):
            value[k] = p_uniform(value[k])
    else:
        curve = curves[now.noise]
        for k in range(lanes):  # a loop of its own, because only this half becomes vector instructions
            value[k] = curve_position(value[k])
        for k in range(lanes):
            value[k] = on_curve(value[k], curve)


@inline
def choose(now, active, masks, buffers, lanes):  # type: ignore[no-untyped-def]
    """Let those called up choose where to shop on this week's occasion (equation 3).

    A shop that is closed, or unknown to a consumer, leaves the single apps.
    """
    word, value, visit, open_to, mode = buffers.first_word, buffers.value, buffers.visit, buffers.open_to, buffers.mode
    launched, no_way_back = np.uint8(now.launched), np.uint8(not now.reversible)
    for k in range(lanes):
        wants = np.uint8(np.int64(word[k]) < value[k])
        mode[k] = visit[k] & open_to[k] & launched & (wants | (mode[k] & no_way_back))
    write_bits(mode, active, buffers.yes, masks.chosen)


@inline
def _one_basket_each(population):  # type: ignore[no-untyped-def]
    """Say whether every sale is one average basket: then sales are counted, and none is worked out."""
    return population.traits.basket.size == 0 and population.state.stock.size == 0


@device_function
def price_baskets(now, active, buffers, lanes, population, tally):  # type: ignore[no-untyped-def]
    """Work out the sale of each occasion: the basket, more when stocking up, less when using it up."""
    if _one_basket_each(population):
        return
    stock, first, who, sale, visit = (
        population.state.stock,
        active.batch.first_row,
        active.who,
        buffers.value,
        buffers.visit,
    )
    if population.traits.basket.size > 0:
        gather(population.traits.basket, active, sale)
    else:
        for k in range(lanes):
            sale[k] = BASKET
    if stock.size > 0:
        tally[NEEDED] += _sold(visit, buffers, lanes, False)
        for k in range(active.n):
            if visit[k]:
                row = first + np.uint64(who[k])
                before = np.int64(stock[row])
                after = use_stock(before, now.deal.use)
                if buffers.mode[k] and np.int64(buffers.reach_rank[k]) < now.deal.rank:
                    after = buy_ahead(after, now.deal.ahead)
                stock[row] = after
                sale[k] = restocked(sale[k], before, after)


@inline
def spend(now, buffers, lanes, population, tally):  # type: ignore[no-untyped-def]
    """Add up what those called up spend (equation 6)."""
    alike = _one_basket_each(population)
    total, super_spend = _sold(buffers.visit, buffers, lanes, alike), _sold(buffers.mode, buffers, lanes, alike)
    tally[SPEND] += total
    tally[SUPER_SPEND] += super_spend
    tally[LIVE_SPEND] += _sold_below(now.live_rank, buffers.live_rank, super_spend, buffers, lanes, alike)
    tally[DISCOUNTED] += _sold_below(now.deal.rank, buffers.reach_rank, super_spend, buffers, lanes, alike)
    if population.state.stock.size == 0:
        tally[NEEDED] += total


@inline
def _sold_below(rank, ranks, super_spend, buffers, lanes, alike):  # type: ignore[no-untyped-def]
    """Of what is sold in the super-app, return what those below a rank buy."""
    if not _some_below(rank):
        return super_spend if rank > 0 else 0
    mode, below = buffers.mode, buffers.yes
    for k in range(lanes):
        below[k] = mode[k] & np.uint8(np.int64(ranks[k]) < rank)
    return _sold(below, buffers, lanes, alike)


@device_function
def _sold(flags, buffers, lanes, alike):  # type: ignore[no-untyped-def]
    """Add up the sales of those with a flag; ``alike``: each is one basket."""
    if alike:
        n = np.int32(0)
        for k in range(lanes):
            n = np.int32(n + flags[k])
        return BASKET * np.int64(n)
    sale, total = buffers.value, 0
    for k in range(lanes):
        total += sale[k] if flags[k] else 0
    return total


@inline
def form_habits(now, active, buffers, lanes, habits, tally):  # type: ignore[no-untyped-def]
    """Let an occasion form the habits of those who had one (equation 5)."""
    if now.habit_rate == 0:
        return
    habit, visit, mode = buffers.habit, buffers.visit, buffers.mode
    gain = 0
    for k in range(lanes):
        level = np.int64(habit[k])
        formed = np.int64(visit[k]) * (form_habit(level, np.int64(mode[k]), now.habit_rate) - level)
        habit[k] = level + formed
        gain += formed
    scatter(habit, active, habits)
    tally[HABIT] += gain


@inline
def experience(now, active, buffers, lanes, masks, trusts, tally):  # type: ignore[no-untyped-def]
    """Let purchases in the super-app teach trust, and mark those who are let down (equation 4)."""
    trust, mode, word, let_down = buffers.trust, buffers.mode, buffers.second_word, buffers.visit
    if now.p_good < ONE:
        for k in range(lanes):
            let_down[k] = mode[k] & np.uint8(np.int64(word[k]) >= now.p_good)
        write_bits(let_down, active, buffers.yes, masks.let_down)
    else:
        for block in range(active.batch.n_blocks):
            masks.let_down[block] = _ZERO
    if now.trust_learning == 0:
        return
    gain = 0
    for k in range(lanes):
        level, good = np.int64(trust[k]), np.int64(np.int64(word[k]) < now.p_good)
        learned = np.int64(mode[k]) * (learn_trust(level, good, now.trust_learning) - level)
        trust[k] = level + learned
        gain += learned
    scatter(trust, active, trusts)
    tally[TRUST] += gain


@inline
def settle(batch, masks, state, tally):  # type: ignore[no-untyped-def]
    """Write down who switched and who was let down in a batch, and count them."""
    for place in range(batch.n_blocks):
        block = batch.first_block + place
        old_mode, let_down = state.mode[block], masks.let_down[place]
        new_mode = (old_mode & ~masks.occasions[place]) | masks.chosen[place]
        n_joined, n_left = count_bits(new_mode & ~old_mode), count_bits(old_mode & ~new_mode)
        state.mode[block], state.switched[block], state.let_down[block] = new_mode, new_mode ^ old_mode, let_down
        tally[N_SUPER] += n_joined - n_left
        tally[TO_SUPER] += n_joined
        tally[TO_SINGLE] += n_left
        tally[LET_DOWN] += count_bits(let_down)
