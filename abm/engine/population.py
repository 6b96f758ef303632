"""The consumers of the markets: draws everyone's traits and initial state."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from abm.base.errors import InputError, Problem
from abm.engine.adjacency import count_neighbors
from abm.engine.columns import Names, is_kept, new_column, state_class, state_columns, trait_columns, traits_class
from abm.engine.initial_adoption import initial_modes
from abm.engine.layout import rows_of
from abm.engine.state import Adjacency, Population
from abm.markets.market import Market
from abm.mechanisms.base import Column, owner_of
from abm.numerics.bits import pack
from abm.numerics.fixed_point import RANK_BITS, to_q32
from abm.numerics.jit import entry_point, int64
from abm.numerics.lookup_tables import basket_of, baskets, normal_quantiles, taste_of
from abm.numerics.random import Purpose, Stream, draw

_TRAITS, _COLUMN = int(Purpose.TRAITS), int(Purpose.COLUMN)


class FirstTraits(NamedTuple):
    """What comes from one draw of four words for each consumer of a market, [consumers]."""

    taste: npt.NDArray[np.int32]
    live_rank: npt.NDArray[np.uint16]
    reach_rank: npt.NDArray[np.uint16]
    basket: npt.NDArray[np.uint32]  # empty if everyone's is 1
    aware: npt.NDArray[np.bool_]  # in week 0


def populate(
    markets: Sequence[Market],
    layouts: npt.NDArray[np.void],
    adjacency: Adjacency,
    names: Names,
    ever: Sequence[Market],
) -> Population:
    """Draw traits and the state of week 0.

    Parameters
    ----------
    markets : sequence of Market
    layouts : MARKET_LAYOUT[markets]
    adjacency : Adjacency
    names : tuple of str
        The mechanisms whose columns there are.
    ever : sequence of Market
        The markets as they are at any time of the run: arrays that nobody will need are left empty.
    """
    n_rows = 64 * int(layouts["n_blocks"].sum())
    traits = _traits(markets, layouts, names)
    state = {
        column.name: new_column(column, n_rows if is_kept(column, ever) else 0, adjacency.n_neighbors.dtype)
        for column in state_columns(names)
    }
    aware, mode = np.zeros(n_rows, np.bool_), np.zeros(n_rows, np.bool_)
    for market, layout in zip(markets, layouts, strict=True):
        rows, own = rows_of(layout), Stream(layout["seed"], layout["replicate"], layout["market"])
        parts = {name: traits[name][rows] for name in FirstTraits._fields if name != "aware"}
        first = FirstTraits(**parts, aware=aware[rows])
        aware_below = to_q32(market.awareness.initial)
        draw_traits(own, first, normal_quantiles(), baskets(market.basket_sigma), aware_below)
        mode[rows] = initial_modes(market, own)
        for column in state_columns(names):
            if column.initial and state[column.name].size:
                state[column.name][rows] = first_value(column, market)
    state |= {"aware": pack(aware | mode), "mode": pack(mode)}
    state |= {name: counted if adjacency.n_neighbors.size else counted[:0] for name, counted in _counts(state, names)}
    if state["n_super"].size:
        count_neighbors(adjacency, mode, state["n_super"])
    return Population(traits_class(names)(**traits), state_class(names)(**state), adjacency)


def _counts(state: dict[str, npt.NDArray[Any]], names: Names) -> list[tuple[str, npt.NDArray[Any]]]:
    return [(column.name, state[column.name]) for column in state_columns(names) if column.counts]


def _traits(markets: Sequence[Market], layouts: npt.NDArray[np.void], names: Names) -> dict[str, npt.NDArray[Any]]:
    """Return an array for each trait; filled, but for those of ``FirstTraits``."""
    n_rows = 64 * int(layouts["n_blocks"].sum())
    traits = {
        column.name: new_column(column, n_rows if is_kept(column, markets) else 0, np.uint8)
        for column in trait_columns(names)
    }
    for column in trait_columns(names):
        if column.name in FirstTraits._fields:
            continue
        part = crc32(column.name.encode()) & 0xFFFFFF
        for layout in layouts:
            own = Stream(layout["seed"], layout["replicate"], layout["market"])
            draw_column(own, part, column.drawn == "normal", normal_quantiles(), traits[column.name][rows_of(layout)])
    return traits


def first_value(column: Column, market: Market) -> int:
    """Return what is stored for every consumer of a market in week 0."""
    initial = column.initial
    value = getattr(getattr(market, owner_of(column.name)), initial) if isinstance(initial, str) else initial
    stored, limits = round(value * column.scale), np.iinfo(column.dtype)  # type: ignore[type-var]  # whole numbers
    if not limits.min <= stored <= limits.max:
        allowed = f"allowed: {limits.min / column.scale:g} to {limits.max / column.scale:g}"
        raise InputError([Problem(f"{owner_of(column.name)}.{initial}", value, f"{allowed}, kept as {column.name}")])
    return stored


@entry_point
def draw_traits(
    stream: Stream,
    first: FirstTraits,
    quantiles: npt.NDArray[np.int64],
    basket_table: npt.NDArray[np.int64],
    aware_below: int,
) -> None:
    """Fill the first traits and the initial awareness of one market, in place; ``aware_below`` in Q32."""
    for i in range(first.taste.size):
        taste, ranks, basket, awareness = draw(stream, i, 0, _TRAITS, 0)
        first.taste[i] = taste_of(int64(taste), quantiles)
        first.live_rank[i] = int64(ranks) >> 16
        first.reach_rank[i] = int64(ranks) & 0xFFFF
        if first.basket.size > 0:
            first.basket[i] = basket_of(taste_of(int64(basket), quantiles), basket_table)
        first.aware[i] = int64(awareness) < aware_below


@entry_point
def draw_column(
    stream: Stream, part: int, normal: bool, quantiles: npt.NDArray[np.int64], values: npt.NDArray[Any]
) -> None:
    """Fill a trait of one market, in place: standard normal in 2**-16, or a rank of 16 bits; ``part`` is its own."""
    for i in range(values.size):
        word = int64(draw(stream, i, 0, _COLUMN, part)[0])
        values[i] = taste_of(word, quantiles) if normal else word >> RANK_BITS
