"""The compiled week: decide, pass on, close.

A week is synchronous: everything is read at week t and written for week t + 1. It is also event-driven: each
consumer keeps the number of its neighbours in mode super, and only those who switch tell their neighbours.
"""

import numpy as np

from abm.arrays import (
    FIRST_FLOW,
    LET_DOWN,
    N_AWARE,
    N_SUPER,
    N_TALLIES,
    SPEND,
    SUPER_SPEND,
    TO_SINGLE,
    TO_SUPER,
)
from abm.bits import atomic_add, trailing_zeros
from abm.compiled import compiled, rule
from abm.mechanisms.supply import merchants_join
from abm.week import decide_block, this_week

_ZERO, _ONE, _ALL = np.uint64(0), np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF)


@rule
def count_bits(word):  # type: ignore[no-untyped-def]
    """Return the number of set bits of a uint64."""
    n_bits = 0
    while word != _ZERO:
        word &= word - _ONE
        n_bits += 1
    return n_bits


@compiled
def decide(run, first_week, step, market, first_block, last_block, tally):  # type: ignore[no-untyped-def]
    """Decide for blocks ``first_block`` .. ``last_block`` - 1 (counted within a market); add to ``tally``."""
    place = run.places[market]
    now = this_week(
        first_week + step, place, run.rules[step, market], run.merchants[step, market], run.tallies[step, market]
    )
    for local in range(first_block, last_block):
        left = place.n_consumers - 64 * local
        present = _ALL if left >= 64 else (_ONE << np.uint64(left)) - _ONE
        learned, joined, left_again, let_down = decide_block(
            now, place.first_block + local, 64 * local, present, run.population, run.curves, tally
        )
        n_joined, n_left = count_bits(joined), count_bits(left_again)
        tally[N_AWARE] += count_bits(learned)
        tally[N_SUPER] += n_joined - n_left
        tally[TO_SUPER] += n_joined
        tally[TO_SINGLE] += n_left
        tally[LET_DOWN] += count_bits(let_down)


@rule
def _tell(counts, ties, row, change, shared):  # type: ignore[no-untyped-def]
    for tie in range(ties.indptr[row], ties.indptr[row + 1]):
        neighbor = np.int64(ties.indices[tie])
        if shared:
            atomic_add(counts, neighbor, change)
        else:
            counts[neighbor] = np.int64(counts[neighbor]) + change


@compiled
def pass_on(population, first_block, last_block, shared):  # type: ignore[no-untyped-def]
    """Tell the neighbours of those who switched or were let down; ``shared``: other threads write as well."""
    state, ties = population.state, population.ties
    bad_news_travels = state.n_let_down.size > 0
    for block in range(first_block, last_block):
        switched = state.switched[block]
        while switched != _ZERO:
            place = trailing_zeros(switched)
            bit = _ONE << np.uint64(place)
            switched ^= bit
            change = 1 if state.mode[block] & bit else -1
            _tell(state.n_super, ties, block * 64 + place, change, shared)
        let_down = state.let_down[block] if bad_news_travels else _ZERO
        while let_down != _ZERO:
            place = trailing_zeros(let_down)
            let_down &= let_down - _ONE
            _tell(state.n_let_down, ties, block * 64 + place, 1, shared)


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
