"""What markets are called, as headings and within a sentence."""

from __future__ import annotations

from abm.base.errors import InputError
from abm.markets.profile import load_profile

_WITH_ARTICLE = {"West", "United States", "United Kingdom"}


def market_title(market: str) -> str:
    """Return the title of the profile of this name; where there is none, the market's own name in words."""
    try:
        return load_profile(market).title
    except InputError:
        words = market.replace("_", " ")
        return words.title() if words.islower() else words


def market_name(market: str) -> str:
    """Return what a market is called within a sentence."""
    title = market_title(market)
    return f"the {title}" if title in _WITH_ARTICLE else title
