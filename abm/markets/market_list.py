"""Markets as they are named in calls: one or several, each as it is or as the name of a profile."""

from collections.abc import Iterable, Mapping
from typing import Any

from abm.base.errors import InputError, Problem
from abm.markets.market import Market

type Markets = Market | str | Iterable[Market | str] | Mapping[str, Market]


def as_markets(markets: Markets) -> list[Market]:
    """Return the markets that are meant by one or several of: a market, the name of a profile.

    Parameters
    ----------
    markets : Market, str, or iterable or mapping of these

    Raises
    ------
    InputError
        Something else is among them, or there is no such profile.
    """
    if isinstance(markets, Market | str) or not isinstance(markets, Iterable):
        markets = [markets]
    given: list[Any] = list(markets.values() if isinstance(markets, Mapping) else markets)
    if wrong := [each for each in given if not isinstance(each, Market | str)]:
        raise InputError([Problem("markets", each, "must be a Market or the name of a profile") for each in wrong])
    return [Market.profile(each) if isinstance(each, str) else each for each in given]
