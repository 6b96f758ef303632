"""What the consumers of a batch learn from their neighbours: that the shop exists, and who was let down by it.

Other than deciding (batch_step.py) this needs no occasion to shop. Counts of neighbours are kept in
neighbor_counts.py.
"""

from typing import Any

import numpy as np

from abm.engine.batch_step import Tally
from abm.engine.gather import Active, Batch, BatchBuffers, Masks, gather, pack_bits, scatter_bits, select_active
from abm.engine.market_params import MarketParams
from abm.engine.state import N_AWARE, TRUST, Population
from abm.mechanisms.awareness import aware_independent, aware_linear
from abm.mechanisms.trust import trust_after_bad_news
from abm.numerics.bits import count_bits, trailing_zeros
from abm.numerics.jit import device_function, inline, int64
from abm.numerics.random import Purpose, draw

_WEEK = int(Purpose.WEEK)
_ZERO, _ONE = np.uint64(0), np.uint64(1)


@inline
def p_aware_of_all(market_params: MarketParams, n: int, buffers: BatchBuffers) -> None:
    """Compute the chances (Q32) of the active consumers to become aware, one loop per form of awareness."""
    value, n_super, n_neighbors, params = (
        buffers.value,
        buffers.rows.n_super,
        buffers.rows.n_neighbors,
        market_params.params.awareness,
    )
    if market_params.market.complete:
        for k in range(n):
            value[k] = params.p_complete
    elif params.linear:
        for k in range(n):
            value[k] = aware_linear(params.advertising, params.word_of_mouth, int64(n_super[k]), int64(n_neighbors[k]))
    else:
        for k in range(n):
            value[k] = aware_independent(params.p_miss_advertising, params.p_miss_neighbor, int64(n_super[k]))


@device_function
def spread_awareness(
    market_params: MarketParams, batch: Batch, masks: Masks, buffers: BatchBuffers, population: Population, tally: Tally
) -> None:
    """Let the unaware consumers of a batch become aware (equation 1)."""
    aware, unaware = population.state.aware, masks.unaware
    n_unaware = 0
    for block in range(batch.n_blocks):
        unaware[block] = masks.present[block] & ~aware[batch.first_block + block]
        n_unaware += count_bits(unaware[block])
    if n_unaware == 0:
        return
    active = Active(select_active(unaware, batch.n_blocks, buffers.positions), buffers.positions, batch)
    if not market_params.market.complete:
        gather(population.state.n_super, active, buffers.rows.n_super)
        gather(population.adjacency.n_neighbors, active, buffers.rows.n_neighbors)
    p_aware_of_all(market_params, active.n, buffers)
    n, positions, word, value, becomes_aware = (
        active.n,
        active.positions,
        buffers.first_word,
        buffers.value,
        buffers.occasion,
    )
    for k in range(n):
        word[k] = draw(market_params.stream, batch.first_id + int64(positions[k]), market_params.week, _WEEK, 0)[0]
    for k in range(n):
        becomes_aware[k] = int64(word[k]) < value[k]
    scatter_bits(becomes_aware, active, buffers.scratch, masks.chosen)
    for block in range(batch.n_blocks):
        newly_aware = masks.chosen[block] & unaware[block]
        aware[batch.first_block + block] |= newly_aware
        tally[N_AWARE] += count_bits(newly_aware)


@inline
def find_affected(market_params: MarketParams, batch: Batch, masks: Masks, buffers: BatchBuffers, state: Any) -> None:
    """Set the flags of those who have neighbours that were let down last week."""
    affected = masks.affected
    if market_params.market.complete:
        for block in range(batch.n_blocks):
            only_one = state.let_down[batch.first_block + block] if market_params.n_let_down == 1 else _ZERO
            affected[block] = masks.present[block] & ~only_one
    else:
        for k in range(64 * batch.n_blocks):
            buffers.scratch[k] = state.n_let_down[batch.first_row + np.uint64(k)] > 0
        pack_bits(buffers.scratch, batch.n_blocks, affected)


@device_function
def spread_bad_experience(
    market_params: MarketParams, batch: Batch, masks: Masks, buffers: BatchBuffers, population: Population, tally: Tally
) -> None:
    """Let the consumers of a batch lose trust over neighbours who were let down last week (equation 4)."""
    state, n_of_each = population.state, population.adjacency.n_neighbors
    find_affected(market_params, batch, masks, buffers, state)
    loss = 0
    for block in range(batch.n_blocks):
        affected, was_let_down = masks.affected[block], state.let_down[batch.first_block + block]
        while affected != _ZERO:
            bit = np.uint64(trailing_zeros(affected))
            affected &= affected - _ONE
            row = batch.first_row + np.uint64(64 * block) + bit
            if market_params.market.complete:
                n_let_down = market_params.n_let_down - int64((was_let_down >> bit) & _ONE)
                n_neighbors = market_params.market.n_others
            else:
                n_let_down, n_neighbors = int64(state.n_let_down[row]), int64(n_of_each[row])
            level = int64(state.trust[row])
            remaining = trust_after_bad_news(level, market_params.params.trust.bad_news, n_let_down, n_neighbors)
            state.trust[row] = remaining
            loss += level - remaining
    tally[TRUST] -= loss
