"""What the consumers of a batch hear from their neighbours: that the shop exists, and who was let down by it.

Other than deciding (batch_step.py) this needs no occasion to shop. The rest of telling is in neighbor_counts.py.
"""

import numpy as np

from abm.engine.gather import Active, gather, pack_bits, select_active, write_bits
from abm.engine.state import N_AWARE, TRUST
from abm.mechanisms.awareness import aware_independent, aware_linear
from abm.mechanisms.trust import hear_bad_news
from abm.numerics.bits import count_bits, trailing_zeros
from abm.numerics.jit import device_function, inline
from abm.numerics.random import Purpose, draw

_WEEK = int(Purpose.WEEK)
_ZERO, _ONE = np.uint64(0), np.uint64(1)


@inline
def gather_neighbors(active, buffers, population):  # type: ignore[no-untyped-def]
    """Collect how many neighbours those called up have, and how many of these are in mode super."""
    gather(population.state.n_super, active, buffers.n_super)
    gather(population.adjacency.n_neighbors, active, buffers.n_neighbors)


@inline
def p_learn(now, n, buffers):  # type: ignore[no-untyped-def]
    """Work out the chances to become aware of those called up, one loop per form of awareness."""
    value, n_super, n_neighbors = buffers.value, buffers.n_super, buffers.n_neighbors
    if now.complete:
        for k in range(n):
            value[k] = now.complete_network.p_aware
    elif now.linear:
        for k in range(n):
            value[k] = aware_linear(now.advertising, now.word_of_mouth, np.int64(n_super[k]), np.int64(n_neighbors[k]))
    else:
        for k in range(n):
            value[k] = aware_independent(now.p_miss.advertising, now.p_miss.neighbor, np.int64(n_super[k]))


@device_function
def learn(now, batch, masks, buffers, population, tally):  # type: ignore[no-untyped-def]
    """Let the unaware consumers of a batch become aware (equation 1)."""
    aware, unaware = population.state.aware, masks.unaware
    n_unaware = 0
    for block in range(batch.n_blocks):
        unaware[block] = masks.present[block] & ~aware[batch.first_block + block]
        n_unaware += count_bits(unaware[block])
    if n_unaware == 0:
        return
    active = Active(select_active(unaware, batch.n_blocks, buffers.who), buffers.who, batch)
    if not now.complete:
        gather_neighbors(active, buffers, population)
    p_learn(now, active.n, buffers)
    n, who, word, value, hears = active.n, active.who, buffers.first_word, buffers.value, buffers.visit
    for k in range(n):
        word[k] = draw(now.stream, batch.first_id + np.int64(who[k]), now.week, _WEEK, 0)[0]
    for k in range(n):
        hears[k] = np.int64(word[k]) < value[k]
    write_bits(hears, active, buffers.yes, masks.chosen)
    for block in range(batch.n_blocks):
        learned = masks.chosen[block] & unaware[block]
        aware[batch.first_block + block] |= learned
        tally[N_AWARE] += count_bits(learned)


@inline
def find_affected(now, batch, masks, buffers, state):  # type: ignore[no-untyped-def]
    """Mark who has neighbours that were let down last week."""
    hearing = masks.hearing
    if now.complete:
        for block in range(batch.n_blocks):
            only_one = state.let_down[batch.first_block + block] if now.total_let_down == 1 else _ZERO
            hearing[block] = masks.present[block] & ~only_one
    else:
        for k in range(64 * batch.n_blocks):
            buffers.yes[k] = state.n_let_down[batch.first_row + np.uint64(k)] > 0
        pack_bits(buffers.yes, batch.n_blocks, hearing)


@device_function
def hear(now, batch, masks, buffers, population, tally):  # type: ignore[no-untyped-def]
    """Let the consumers of a batch lose trust over neighbours who were let down last week (equation 4)."""
    state, n_of_each = population.state, population.adjacency.n_neighbors
    find_affected(now, batch, masks, buffers, state)
    loss = 0
    for block in range(batch.n_blocks):
        hearing, was_let_down = masks.hearing[block], state.let_down[batch.first_block + block]
        while hearing != _ZERO:
            place = np.uint64(trailing_zeros(hearing))
            hearing &= hearing - _ONE
            row = batch.first_row + np.uint64(64 * block) + place
            if now.complete:
                n_let_down = now.total_let_down - np.int64((was_let_down >> place) & _ONE)
                n_neighbors = now.n_others
            else:
                n_let_down, n_neighbors = np.int64(state.n_let_down[row]), np.int64(n_of_each[row])
            level = np.int64(state.trust[row])
            shaken = hear_bad_news(level, now.bad_news, n_let_down, n_neighbors)
            state.trust[row] = shaken
            loss += level - shaken
    tally[TRUST] -= loss
