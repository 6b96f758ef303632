"""The week of a batch: thousands of consumers with an occasion to shop, taken through it together.

The arithmetic runs over the buffers of a batch (gather.py). The loops have no branches on chance, so that the compiler
turns them into vector instructions.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from abm.engine.dispatch import add_costly_terms, gather_columns, person_at, quick_terms
from abm.engine.gather import (
    Active,
    Batch,
    BatchBuffers,
    Masks,
    gather,
    gather_bits,
    scatter_bits,
    set_active_mask,
)
from abm.engine.market_params import MarketParams
from abm.engine.state import (
    DISCOUNTED,
    LET_DOWN,
    LIVE_SPEND,
    N_SUPER,
    NEEDED,
    SPEND,
    SUPER_SPEND,
    TO_SINGLE,
    TO_SUPER,
    Population,
)
from abm.mechanisms.choice import NONE, UNIFORM, curve_position, on_curve, p_certain, p_uniform
from abm.mechanisms.stockpile import ahead_levels, buy_ahead, restocked, use_stock
from abm.numerics.array_types import Bytes
from abm.numerics.bits import count_bits
from abm.numerics.fixed_point import BASKET, ONE, some_below
from abm.numerics.jit import device_function, inline, int64
from abm.numerics.random import Purpose, draw

_WEEK = int(Purpose.WEEK)
_ZERO = np.uint64(0)

Tally = npt.NDArray[np.int64]


@inline
def draw_words(market_params: MarketParams, active: Active, buffers: BatchBuffers, n_padded: int) -> None:
    """Draw the random words for choice and experience of the active consumers."""
    positions, choice, experience = active.positions, buffers.first_word, buffers.second_word
    for k in range(n_padded):
        drawn = draw(market_params.stream, active.batch.first_id + int64(positions[k]), market_params.week, _WEEK, 0)
        choice[k] = drawn[1]
        experience[k] = drawn[2]


@inline
def gather_inputs(
    market_params: MarketParams, active: Active, masks: Masks, buffers: BatchBuffers, population: Population
) -> None:
    """Gather what the week of the active consumers depends on; what has no weight is left out."""
    set_active_mask(masks.occasions, active, buffers.occasion)
    gather_bits(population.state.aware, active, buffers.aware)
    if market_params.market.complete or market_params.params.choice.reversible == 0:
        gather_bits(population.state.mode, active, buffers.mode)
    gather_columns(market_params.params, market_params.market, active, buffers, population)


@inline
def add_up_utility(market_params: MarketParams, buffers: BatchBuffers, n_padded: int) -> None:
    """Compute the utility of the super-app for the active consumers, in Q32 (equation 3)."""
    value, params = buffers.value, market_params.params
    for k in range(n_padded):
        value[k] = quick_terms(params, person_at(buffers.rows, buffers.mode, k))
    add_costly_terms(params, buffers, n_padded)


@inline
def p_super_of_all(
    market_params: MarketParams, buffers: BatchBuffers, n_padded: int, curves: npt.NDArray[np.int64]
) -> None:
    """Turn utilities into chances (Q32) to choose the super-app, in place; one loop per kind of noise."""
    value, noise = buffers.value, market_params.params.choice.noise
    if noise == NONE:
        for k in range(n_padded):
            value[k] = p_certain(value[k])
    elif noise == UNIFORM:
        for k in range(n_padded):
            value[k] = p_uniform(value[k])
    else:
        curve = curves[noise]
        for k in range(n_padded):  # a loop of its own, because only this half becomes vector instructions
            value[k] = curve_position(value[k])
        for k in range(n_padded):
            value[k] = on_curve(value[k], curve)


@inline
def choose(market_params: MarketParams, active: Active, masks: Masks, buffers: BatchBuffers, n_padded: int) -> None:
    """Let the active consumers choose where to shop on this week's occasion (equation 3).

    A shop that is closed, or unknown to a consumer, leaves the single apps.
    """
    word, value, occasion, aware, mode = (
        buffers.first_word, buffers.value, buffers.occasion, buffers.aware, buffers.mode
    )  # fmt: skip
    launched, irreversible = np.uint8(market_params.launched), np.uint8(market_params.params.choice.reversible == 0)
    for k in range(n_padded):
        wants = np.uint8(int64(word[k]) < value[k])
        mode[k] = occasion[k] & aware[k] & launched & (wants | (mode[k] & irreversible))
    scatter_bits(mode, active, buffers.scratch, masks.chosen)


@inline
def one_basket_each(population: Population) -> bool:
    """Say whether every sale is one average basket: then sales are counted, and none is computed."""
    return bool(population.traits.basket.size == 0 and population.state.stock.size == 0)


@device_function
def price_baskets(
    market_params: MarketParams,
    active: Active,
    buffers: BatchBuffers,
    n_padded: int,
    population: Population,
    tally: Tally,
) -> None:
    """Compute the sale of each occasion: the basket, more when stocking up, less when using it up."""
    sale = buffers.value
    if population.traits.basket.size > 0:
        gather(population.traits.basket, active, sale)
    else:
        for k in range(n_padded):
            sale[k] = BASKET
    if population.state.stock.size > 0:
        tally[NEEDED] += _add_up(buffers.occasion, buffers, n_padded, False)
        use_and_fill_stocks(market_params, active, buffers, population.state.stock)


@inline
def use_and_fill_stocks(
    market_params: MarketParams, active: Active, buffers: BatchBuffers, stock: npt.NDArray[np.uint16]
) -> None:
    """Let occasions use up stocks and deals fill them; sales change by what the stocks gain or lose."""
    first, positions, sale, deal_rank = (
        active.batch.first_row,
        active.positions,
        buffers.value,
        market_params.params.price.deal_rank,
    )
    ahead = ahead_levels(market_params.params.stockpile.ahead, market_params.params.price.deal)
    for k in range(active.n):
        if buffers.occasion[k]:
            row = first + np.uint64(positions[k])
            before = int64(stock[row])
            after = use_stock(before, market_params.params.stockpile.use)
            if buffers.mode[k] and int64(buffers.rows.reach_rank[k]) < deal_rank:
                after = buy_ahead(after, ahead)
            stock[row] = after
            sale[k] = restocked(sale[k], before, after)


@inline
def spend(
    market_params: MarketParams, buffers: BatchBuffers, n_padded: int, population: Population, tally: Tally
) -> None:
    """Add up what the active consumers spend (equation 6)."""
    alike, rows = one_basket_each(population), buffers.rows
    total, super_spend = (
        _add_up(buffers.occasion, buffers, n_padded, alike),
        _add_up(buffers.mode, buffers, n_padded, alike),
    )
    tally[SPEND] += total
    tally[SUPER_SPEND] += super_spend
    tally[LIVE_SPEND] += _sold_below(
        market_params.params.livestream.rank, rows.live_rank, super_spend, buffers, n_padded, alike
    )
    tally[DISCOUNTED] += _sold_below(
        market_params.params.price.deal_rank, rows.reach_rank, super_spend, buffers, n_padded, alike
    )
    if population.state.stock.size == 0:
        tally[NEEDED] += total


@inline
def _sold_below(
    rank: int, ranks: npt.NDArray[np.int32], super_spend: int, buffers: BatchBuffers, n_padded: int, alike: bool
) -> int:
    """Of what is sold in the super-app, return what those below a rank buy."""
    if not some_below(rank):
        return super_spend if rank > 0 else 0
    mode, below = buffers.mode, buffers.scratch
    for k in range(n_padded):
        below[k] = mode[k] & np.uint8(int64(ranks[k]) < rank)
    return _add_up(below, buffers, n_padded, alike)


@device_function
def _add_up(flags: Bytes, buffers: BatchBuffers, n_padded: int, alike: bool) -> int:
    """Add up the sales of those with a flag; ``alike``: each is one basket."""
    if alike:
        n = np.int32(0)
        for k in range(n_padded):
            n = np.int32(n + flags[k])
        return BASKET * int64(n)
    sale, total = buffers.value, 0
    for k in range(n_padded):
        total += sale[k] if flags[k] else 0
    return total


@inline
def find_let_down(
    market_params: MarketParams, active: Active, buffers: BatchBuffers, n_padded: int, masks: Masks
) -> None:
    """Set the flags of those who are let down by a purchase in the super-app (equation 4)."""
    mode, word, let_down, p_good = (
        buffers.mode,
        buffers.second_word,
        buffers.occasion,
        market_params.params.trust.p_good,
    )
    if p_good < ONE:
        for k in range(n_padded):
            let_down[k] = mode[k] & np.uint8(int64(word[k]) >= p_good)
        scatter_bits(let_down, active, buffers.scratch, masks.let_down)
    else:
        for block in range(active.batch.n_blocks):
            masks.let_down[block] = _ZERO


@inline
def write_modes(batch: Batch, masks: Masks, state: Any, tally: Tally) -> None:
    """Write down who switched and who was let down in a batch, and count them."""
    for local in range(batch.n_blocks):
        block = batch.first_block + local
        old_mode, let_down = state.mode[block], masks.let_down[local]
        new_mode = (old_mode & ~masks.occasions[local]) | masks.chosen[local]
        n_joined, n_left = count_bits(new_mode & ~old_mode), count_bits(old_mode & ~new_mode)
        state.mode[block], state.switched[block], state.let_down[block] = new_mode, new_mode ^ old_mode, let_down
        tally[N_SUPER] += n_joined - n_left
        tally[TO_SUPER] += n_joined
        tally[TO_SINGLE] += n_left
        tally[LET_DOWN] += count_bits(let_down)
