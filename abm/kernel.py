"""The compiled week: decide, pass on, close.

A week is synchronous: everything is read at week t and written for week t + 1. It is also event-driven: each
consumer keeps the number of its neighbours in mode super, and only those who switch tell their neighbours.
"""

import numpy as np

from abm.arrays import (
    FIRST_FLOW,
    HABIT,
    LET_DOWN,
    LIVE_SPEND,
    N_AWARE,
    N_SUPER,
    N_TALLIES,
    SPEND,
    SUPER_SPEND,
    TO_SINGLE,
    TO_SUPER,
    TRUST,
)
from abm.bits import atomic_add, count_bits, trailing_zeros
from abm.compiled import compiled, rule
from abm.mechanisms.habit import form_habit
from abm.mechanisms.supply import merchants_join
from abm.mechanisms.trust import hear_bad_news, learn_trust
from abm.random import Purpose, bernoulli_mask, draw
from abm.week import Person, next_mode, p_aware, this_week, utility

_WEEK, _OCCASION = int(Purpose.WEEK), int(Purpose.OCCASION)
_ZERO, _ONE, _ALL = np.uint64(0), np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF)


@rule
def present_bits(n_left):  # type: ignore[no-untyped-def]
    """Return the bits of the consumers a block holds when ``n_left`` are still to come."""
    return _ALL if n_left >= 64 else (_ONE << np.uint64(n_left)) - _ONE


@rule
def hearing_bits(counts, first_row):  # type: ignore[no-untyped-def]
    """Return the bits of those in a block with neighbours who were let down last week."""
    bits = _ZERO
    for place in range(64):
        if counts[first_row + place] != 0:
            bits |= _ONE << np.uint64(place)
    return bits


@compiled
def decide(run, first_week, step, market, first_block, last_block, tally):  # type: ignore[no-untyped-def]
    """Take blocks ``first_block`` .. ``last_block`` - 1 of a market through a week; add up in ``tally``.

    One long function: it unpacks the arrays once, and keeps its sums in registers.
    """
    place = run.places[market]
    now = this_week(
        first_week + step, place, run.rules[step, market], run.merchants[step, market], run.tallies[step, market]
    )
    curves = run.curves
    taste, live_rank, reach_rank, basket = run.population.traits
    aware, mode, switched, let_down, habit, trust, n_super, n_let_down = run.population.state
    indptr = run.population.ties.indptr
    n_learned = n_joined = n_left = n_bad = habit_gain = trust_gain = spend = super_spend = live_spend = 0
    for local in range(first_block, last_block):
        block = place.first_block + local
        present = present_bits(place.n_consumers - 64 * local)
        was_aware, was_super, was_let_down = aware[block], mode[block], let_down[block]
        occasions = bernoulli_mask(now.stream, local, now.week, _OCCASION, now.occasion) & present
        hearing = _ZERO
        if now.complete:
            hearing = present if now.total_let_down > 0 else _ZERO
        elif n_let_down.size > 0:
            hearing = hearing_bits(n_let_down, block * 64)
        visits = occasions | hearing | (present & ~was_aware if now.spreads else _ZERO)
        is_aware, is_super, is_let_down = was_aware, was_super, _ZERO
        while visits != _ZERO:
            bit_number = trailing_zeros(visits)
            bit = _ONE << np.uint64(bit_number)
            visits ^= bit
            row = block * 64 + bit_number
            old_mode = np.int64((was_super >> np.uint64(bit_number)) & _ONE)
            if now.complete:
                n_neighbors, n_in_super = now.n_others, now.total_super - old_mode
            else:
                n_neighbors, n_in_super = indptr[row + 1] - indptr[row], np.int64(n_super[row])
            words = draw(now.stream, local * 64 + bit_number, now.week, _WEEK, 0)
            if now.spreads and not is_aware & bit and np.int64(words[0]) < p_aware(now, n_in_super, n_neighbors):
                is_aware |= bit
            level = np.int64(trust[row])
            confidence = level
            if occasions & bit:
                person = Person(
                    np.int64(taste[row]), np.int64(live_rank[row]), np.int64(reach_rank[row]),
                    np.int64(habit[row]), level,
                )  # fmt: skip
                value = utility(now, person, n_in_super, n_neighbors)
                new_mode = next_mode(now, (is_aware & bit) != _ZERO, old_mode, value, np.int64(words[1]), curves)
                formed = form_habit(person.habit, new_mode, now.habit_rate)
                habit[row] = formed
                habit_gain += formed - person.habit
                sale = np.int64(basket[row])
                spend += sale
                is_super &= ~bit
                if new_mode == 1:
                    is_super |= bit
                    super_spend += sale
                    live_spend += sale if person.live_rank < now.live_rank else 0
                    good = 1 if np.int64(words[2]) < now.p_good else 0
                    confidence = learn_trust(level, good, now.trust_learning)
                    if good == 0:
                        is_let_down |= bit
            if hearing & bit:
                if now.complete:
                    n_bad_news = now.total_let_down - np.int64((was_let_down >> np.uint64(bit_number)) & _ONE)
                else:
                    n_bad_news = np.int64(n_let_down[row])
                    n_let_down[row] = 0
                confidence = hear_bad_news(confidence, now.bad_news, n_bad_news, n_neighbors)
            trust[row] = confidence
            trust_gain += confidence - level
        aware[block], mode[block], let_down[block] = is_aware, is_super, is_let_down
        switched[block] = is_super ^ was_super
        n_learned += count_bits(is_aware & ~was_aware)
        n_joined += count_bits(is_super & ~was_super)
        n_left += count_bits(was_super & ~is_super)
        n_bad += count_bits(is_let_down)
    tally[N_AWARE] += n_learned
    tally[N_SUPER] += n_joined - n_left
    tally[TO_SUPER] += n_joined
    tally[TO_SINGLE] += n_left
    tally[LET_DOWN] += n_bad
    tally[HABIT] += habit_gain
    tally[TRUST] += trust_gain
    tally[SPEND] += spend
    tally[SUPER_SPEND] += super_spend
    tally[LIVE_SPEND] += live_spend


@compiled
def pass_on(population, first_block, last_block, shared):  # type: ignore[no-untyped-def]
    """Tell the neighbours of those who switched or were let down; ``shared``: other threads write as well."""
    state = population.state
    indptr, indices = population.ties
    mode, switched, let_down, n_super, n_let_down = (
        state.mode, state.switched, state.let_down, state.n_super, state.n_let_down
    )  # fmt: skip
    bad_news_travels = n_let_down.size > 0
    for block in range(first_block, last_block):
        bits = switched[block]
        while bits != _ZERO:
            bit_number = trailing_zeros(bits)
            bits &= bits - _ONE
            change = 2 * np.int64((mode[block] >> np.uint64(bit_number)) & _ONE) - 1
            tell(n_super, indptr, indices, block * 64 + bit_number, change, shared)
        bits = let_down[block] if bad_news_travels else _ZERO
        while bits != _ZERO:
            bit_number = trailing_zeros(bits)
            bits &= bits - _ONE
            tell(n_let_down, indptr, indices, block * 64 + bit_number, 1, shared)


@rule
def tell(counts, indptr, indices, row, change, shared):  # type: ignore[no-untyped-def]
    """Add ``change`` to the counts of all neighbours of ``row``."""
    for tie in range(indptr[row], indptr[row + 1]):
        neighbor = np.int64(indices[tie])
        if shared:
            atomic_add(counts, neighbor, change)
        else:
            counts[neighbor] = np.int64(counts[neighbor]) + change


@compiled
def open_week(run, step):  # type: ignore[no-untyped-def]
    """Start the tallies of the week after ``step``: stocks carried over, flows at zero."""
    for market in range(run.places.size):
        for column in range(N_TALLIES):
            stock = run.tallies[step, market, column]
            run.tallies[step + 1, market, column] = stock if column < FIRST_FLOW else 0


@compiled
def close_week(run, step):  # type: ignore[no-untyped-def]
    """Let merchants join or leave every open market, given the week's sales (equation 7)."""
    for market in range(run.places.size):
        values = run.rules[step, market]
        merchants = run.merchants[step, market]
        spend = run.tallies[step + 1, market, SPEND]
        if values.launched != 0:
            gmv_share = run.tallies[step + 1, market, SUPER_SPEND] / spend if spend > 0 else 0.0
            merchants = merchants_join(merchants, gmv_share, values.supply_rate, values.half_saturation)
        run.merchants[step + 1, market] = merchants


@compiled
def run_weeks(run, first_week):  # type: ignore[no-untyped-def]
    """Run all weeks of ``run.rules`` on one thread, from week ``first_week`` on."""
    for step in range(run.rules.shape[0]):
        open_week(run, step)
        for market in range(run.places.size):
            n_blocks = run.places[market].n_blocks
            decide(run, first_week, step, market, 0, n_blocks, run.tallies[step + 1, market])
        for market in range(run.places.size):
            place = run.places[market]
            if place.complete == 0:
                pass_on(run.population, place.first_block, place.first_block + place.n_blocks, False)
        close_week(run, step)
