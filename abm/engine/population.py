"""Who lives in the markets: draws every consumer's traits and initial state."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from abm.engine.adjacency import count_neighbors
from abm.engine.initial_adoption import initial_modes
from abm.engine.layout import rows_of
from abm.engine.state import Adjacency, Population, State, Traits
from abm.markets.market import Market, baskets_differ
from abm.numerics import fixed_point as fp
from abm.numerics.bits import pack
from abm.numerics.jit import entry_point
from abm.numerics.lookup_tables import basket_of, baskets, normal_quantiles, taste_of
from abm.numerics.random import Purpose, Stream, draw

_TRAITS = int(Purpose.TRAITS)


def populate(
    markets: Sequence[Market],
    layouts: npt.NDArray[np.void],
    adjacency: Adjacency,
    *,
    bad_news: bool,
    stocks: bool = False,
) -> Population:
    """Draw traits and the state of week 0.

    ``bad_news`` and ``stocks`` say whether news travels and stocks are kept at any time in the run; arrays that nobody
    will need are left empty, such as that of baskets if these are all the same.
    """
    n_blocks = int(layouts["n_blocks"].sum())
    n_rows = 64 * n_blocks
    traits = Traits(
        np.zeros(n_rows, np.int32), np.zeros(n_rows, np.uint16), np.zeros(n_rows, np.uint16),
        np.zeros(n_rows if baskets_differ(markets) else 0, np.uint32),
    )  # fmt: skip
    aware = np.zeros(n_rows, np.bool_)
    mode = np.zeros(n_rows, np.bool_)
    habit, trust = np.zeros(n_rows, np.uint16), np.zeros(n_rows, np.uint16)
    for market, place in zip(markets, layouts, strict=True):
        rows = rows_of(place)
        own = Stream(place["seed"], place["replicate"], place["market"])
        aware_below = fp.to_q32(market.awareness.initial)
        part = Traits(traits.taste[rows], traits.live_rank[rows], traits.reach_rank[rows], traits.basket[rows])
        draw_traits(own, part, normal_quantiles(), baskets(market.basket_sigma), aware_below, aware[rows])
        mode[rows] = initial_modes(market, own)
        habit[rows] = round(market.habit.initial * fp.U16_MAX)
        trust[rows] = round(market.trust.initial * fp.U16_MAX)
    aware |= mode
    n_super = np.zeros_like(adjacency.n_neighbors)
    if n_super.size:
        count_neighbors(adjacency, mode, n_super)
    state = State(
        pack(aware), pack(mode), np.zeros(n_blocks, np.uint64), np.zeros(n_blocks, np.uint64),
        habit, trust, n_super, np.zeros(n_super.size if bad_news else 0, n_super.dtype),
        np.zeros(n_rows if stocks else 0, np.uint16),
    )  # fmt: skip
    return Population(traits, state, adjacency)


@entry_point
def draw_traits(stream, traits, quantiles, basket_table, aware_below, aware):  # type: ignore[no-untyped-def]
    """Fill the traits and the initial awareness of one market, in place."""
    for i in range(traits.taste.size):
        taste, ranks, basket, awareness = draw(stream, i, 0, _TRAITS, 0)
        traits.taste[i] = taste_of(np.int64(taste), quantiles)
        traits.live_rank[i] = np.int64(ranks) >> 16
        traits.reach_rank[i] = np.int64(ranks) & 0xFFFF
        if traits.basket.size > 0:
            traits.basket[i] = basket_of(taste_of(np.int64(basket), quantiles), basket_table)
        aware[i] = np.int64(awareness) < aware_below
