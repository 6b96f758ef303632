"""Where each market's consumers are: rows that start at a multiple of 64."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from abm.markets.market import Market
from abm.networks import FAMILIES
from abm.numerics.random import stream

MARKET_LAYOUT = np.dtype(
    [
        ("first_block", np.int64),
        ("n_blocks", np.int64),
        ("n_consumers", np.int64),
        ("complete", np.int64),  # everyone is a neighbour of everyone: no stored ties
        ("seed", np.uint64),
        ("replicate", np.uint64),
        ("market", np.uint64),
    ]
)


def market_layouts(markets: Sequence[Market], seed: int, replicate: int) -> npt.NDArray[np.void]:
    """Give every market its rows: MARKET_LAYOUT[markets], each starting at a multiple of 64."""
    layouts = np.zeros(len(markets), MARKET_LAYOUT)
    first_block = 0
    for i, market in enumerate(markets):
        n_blocks = -(-market.consumers // 64)
        own = stream(seed, replicate, market.name)
        complete = FAMILIES[market.network.family].all_pairs
        layouts[i] = (first_block, n_blocks, market.consumers, complete, *own)
        first_block += n_blocks
    return layouts


def rows_of(layout: Any) -> slice:
    """Return the rows of one market's consumers."""
    first = 64 * int(layout["first_block"])
    return slice(first, first + int(layout["n_consumers"]))
