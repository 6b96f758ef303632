"""Who lives in the markets: draws every consumer's traits and initial state."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from abm import fixed_point as fp
from abm.arrays import PLACES, Population, State, Ties, Traits
from abm.compiled import compiled
from abm.first_adopters import initial_modes
from abm.market import Market, baskets_differ
from abm.random import Purpose, Stream, draw, stream
from abm.tables import basket_of, baskets, normal_quantiles, taste_of
from abm.ties import count_neighbors

_TRAITS = int(Purpose.TRAITS)


def lay_out(markets: Sequence[Market], seed: int, replicate: int) -> npt.NDArray[np.void]:
    """Give every market its rows: PLACES[markets], each starting at a multiple of 64."""
    places = np.zeros(len(markets), PLACES)
    first_block = 0
    for index, market in enumerate(markets):
        n_blocks = -(-market.consumers // 64)
        own = stream(seed, replicate, market.name)
        complete = market.network.family == "complete"
        places[index] = (first_block, n_blocks, market.consumers, complete, *own)
        first_block += n_blocks
    return places


def rows_of(place: Any) -> slice:
    """Return the rows of one market's consumers."""
    first = 64 * int(place["first_block"])
    return slice(first, first + int(place["n_consumers"]))


def populate(
    markets: Sequence[Market], places: npt.NDArray[np.void], ties: Ties, *, bad_news: bool, stocks: bool = False
) -> Population:
    """Draw traits and the state of week 0.

    ``bad_news`` and ``stocks`` say whether news travels and stocks are kept at any time in the run; arrays that nobody
    will need are left empty, such as that of baskets if these are all the same.
    """
    n_blocks = int(places["n_blocks"].sum())
    n_rows = 64 * n_blocks
    traits = Traits(
        np.zeros(n_rows, np.int32), np.zeros(n_rows, np.uint16), np.zeros(n_rows, np.uint16),
        np.zeros(n_rows if baskets_differ(markets) else 0, np.uint32),
    )  # fmt: skip
    aware = np.zeros(n_rows, np.bool_)
    mode = np.zeros(n_rows, np.bool_)
    habit, trust = np.zeros(n_rows, np.uint16), np.zeros(n_rows, np.uint16)
    for market, place in zip(markets, places, strict=True):
        rows = rows_of(place)
        own = Stream(place["seed"], place["replicate"], place["market"])
        aware_below = fp.quanta(market.awareness.initial)
        part = Traits(traits.taste[rows], traits.live_rank[rows], traits.reach_rank[rows], traits.basket[rows])
        draw_traits(own, part, normal_quantiles(), baskets(market.basket_sigma), aware_below, aware[rows])
        mode[rows] = initial_modes(market, own)
        habit[rows] = round(market.habit.initial * fp.LEVELS)
        trust[rows] = round(market.trust.initial * fp.LEVELS)
    aware |= mode
    n_super = np.zeros_like(ties.n_neighbors)
    if n_super.size:
        count_neighbors(ties, mode, n_super)
    state = State(
        _pack(aware), _pack(mode), np.zeros(n_blocks, np.uint64), np.zeros(n_blocks, np.uint64),
        habit, trust, n_super, np.zeros(n_super.size if bad_news else 0, n_super.dtype),
        np.zeros(n_rows if stocks else 0, np.uint16),
    )  # fmt: skip
    return Population(traits, state, ties)


@compiled
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


def _pack(bits: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint64]:
    return np.packbits(bits, bitorder="little").view("<u8").astype(np.uint64)


def unpack(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Return one truth value per row from words of 64 bits."""
    return np.unpackbits(words.astype("<u8").view(np.uint8), bitorder="little").astype(np.bool_)
