"""What a network from a file or graph says of its market: how many consumers there are, and who they are."""

import warnings
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from abm.base.errors import InputError, Problem
from abm.markets.market import Market
from abm.networks import IgnoredWarning, NetworkError, ids_of, node_rows, notes, require_size


def with_own_size(market: Market) -> Market:
    """Return a market with as many consumers as its file or graph has; others are returned as they are.

    Raises
    ------
    InputError
        More seed adopters than consumers.
    NetworkError
        The file or graph is at fault, or has another number of consumers than the market says.
    """
    ids = ids_of(market.network)
    if ids is None:
        return market
    if "consumers" in market.model_fields_set:
        require_size(market.network, market.consumers, len(ids))
        return market
    return market.replace({"consumers": len(ids)})


def seed_rows(market: Market) -> npt.NDArray[np.int64]:
    """Return the rows of a market's seed consumers, whose ids are those of the file or graph if there is one.

    Raises
    ------
    InputError
        Some of them are not there.
    """
    if not market.seed_consumers:
        return np.zeros(0, np.int64)
    try:
        return node_rows(market.network, market.consumers, market.seed_consumers)
    except NetworkError as error:
        raise InputError([Problem("seed_consumers", None, str(error))]) from None


def warn_of_ignored(markets: Iterable[Market]) -> None:
    """Warn of everything in the networks of some markets that has no effect, such as weights in a file.

    Raises
    ------
    NetworkError
        A file is at fault.
    """
    for market in markets:
        for note in notes(market.network):
            warnings.warn(f"{market.name}: {note}", IgnoredWarning, stacklevel=3)
