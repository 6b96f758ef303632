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


def concatenated_ids(node_ids: Sequence[Sequence[Any] | None], sizes: Sequence[int]) -> npt.NDArray[Any]:
    """Return the ids of everybody, market after market: int64 if all are whole numbers, else objects.

    Parameters
    ----------
    node_ids : sequence of sequence or None
        Ids of each market in the order of its rows; None stands for 0, 1, 2 ...
    sizes : sequence of int
        Consumers of each market.
    """
    parts = []
    for ids, size in zip(node_ids, sizes, strict=True):
        part = np.empty(size, object)
        part[:] = range(size) if ids is None else ids
        parts.append(np.arange(size) if ids is None else ids if isinstance(ids, np.ndarray) else part)
    whole = all(part.dtype == np.int64 for part in parts)
    return np.concatenate(parts) if whole else np.concatenate([part.astype(object) for part in parts])
