"""The compiled week: decide, pass on, close.

A week is synchronous: everything is read at week t and written for week t + 1. It is also event-driven: each
consumer keeps the number of its neighbours in mode super, and only those who switch tell their neighbours.
"""

import numpy as np

from abm.arrays import FIRST_FLOW, N_TALLIES, SPEND, SUPER_SPEND
from abm.bits import atomic_add, prefetch, trailing_zeros
from abm.block import Words, chances, choose, draw_words, hear, learn, present_bits, restock, settle, shop, value_shop
from abm.compiled import compiled, rule
from abm.mechanisms.supply import merchants_join
from abm.random import Purpose, bernoulli_mask
from abm.telling import pass_on_worked_out
from abm.week import this_week

_OCCASION = int(Purpose.OCCASION)
_ZERO, _ONE = np.uint64(0), np.uint64(1)
BATCH = 16  # blocks whose messengers are collected before their neighbours are told
_AHEAD = 8  # messengers whose neighbours are fetched ahead of being told


@compiled
def decide(run, first_week, step, market, first_block, last_block, tally):  # type: ignore[no-untyped-def]
    """Take blocks ``first_block`` .. ``last_block`` - 1 of a market through a week; add up in ``tally``."""
    place = run.places[market]
    now = this_week(
        first_week + step, place, run.rules[step, market], run.merchants[step, market], run.tallies[step, market]
    )
    population, state = run.population, run.population.state
    hears = now.total_let_down > 0 if now.complete else state.n_let_down.size > 0
    words = Words(np.empty(64, np.int64), np.empty(64, np.int64), np.empty(64, np.int64))
    values = np.empty(64, np.int64)
    for local in range(first_block, last_block):
        block = place.first_block + local
        present = present_bits(place.n_consumers - 64 * local)
        draw_words(now, 64 * local, words)
        if now.spreads:
            learn(now, block, present, words, values, population, tally)
        occasions = bernoulli_mask(now.stream, local, now.week, _OCCASION, now.occasion) & present
        value_shop(now, block, population, values)
        chances(now, values, run.curves)
        chosen = choose(now, block, occasions, words, values, state)
        restock(now, block, occasions, chosen, population, values, tally)
        let_down = shop(now, block, occasions, chosen, words, values, population, tally)
        if hears:
            hear(now, block, present, state.let_down[block], population, tally)
        settle(block, (state.mode[block] & ~occasions) | chosen, let_down, state, tally)


@rule
def tell(counts, ties, messengers, changes, n_messengers, shared):  # type: ignore[no-untyped-def]
    """Add each messenger's change to the counts of all its neighbours.

    Three loops, so that what one needs is on its way from memory while the one before works.
    """
    indptr, indices = ties.indptr, ties.indices
    for messenger in range(n_messengers):
        first = indptr[np.int64(messengers[messenger])]
        prefetch(indices, first)
        prefetch(indices, first + 8)
    for ahead in range(n_messengers + _AHEAD):
        if ahead < n_messengers:
            row = np.int64(messengers[ahead])
            for tie in range(indptr[row], indptr[row + 1]):
                prefetch(counts, np.int64(indices[tie]))
        if ahead >= _AHEAD:
            row, change = np.int64(messengers[ahead - _AHEAD]), np.int64(changes[ahead - _AHEAD])
            for tie in range(indptr[row], indptr[row + 1]):
                neighbor = np.int64(indices[tie])
                if shared:
                    atomic_add(counts, neighbor, change)
                else:
                    counts[neighbor] = np.int64(counts[neighbor]) + change


@compiled
def pass_on(population, first_block, last_block, shared):  # type: ignore[no-untyped-def]
    """Tell the neighbours of those who switched or were let down; ``shared``: other threads write as well."""
    state, ties = population.state, population.ties
    for number in range(ties.procedures.size):  # a part never reaches from one market into the next
        record = ties.procedures[number]
        if record.first_row <= 64 * first_block < record.first_row + record.n:
            pass_on_worked_out(state, record, first_block, last_block, shared)
            return
    messengers, changes = np.empty(64 * BATCH, np.uint32), np.empty(64 * BATCH, np.int8)
    for batch in range(first_block, last_block, BATCH):
        last = min(batch + BATCH, last_block)
        n_switched = 0
        for block in range(batch, last):
            bits, mode = state.switched[block], state.mode[block]
            while bits != _ZERO:
                place = trailing_zeros(bits)
                bits &= bits - _ONE
                messengers[n_switched] = block * 64 + place
                changes[n_switched] = 2 * np.int64((mode >> np.uint64(place)) & _ONE) - 1
                prefetch(ties.indptr, block * 64 + place)
                n_switched += 1
        tell(state.n_super, ties, messengers, changes, n_switched, shared)
        if state.n_let_down.size > 0:
            n_let_down = 0
            for block in range(batch, last):
                bits = state.let_down[block]
                while bits != _ZERO:
                    messengers[n_let_down] = block * 64 + trailing_zeros(bits)
                    changes[n_let_down] = 1
                    bits &= bits - _ONE
                    n_let_down += 1
            tell(state.n_let_down, ties, messengers, changes, n_let_down, shared)


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
