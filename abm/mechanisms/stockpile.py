"""Stockpile: what is bought ahead at a deal is not bought in the weeks after it.

Source: Hendel & Nevo (2006), "Measuring the implications of sales and consumer inventory behavior", Econometrica 74(6):
households store at sales, so that static estimates take shifted purchases for new ones. Size: about a third of the
bump at a promotion is moved in time, van Heerde, Leeflang & Wittink (2004), Marketing Science 23(3).
"""

from typing import ClassVar, NamedTuple

import numpy as np

from abm.base.parameters import parameter
from abm.mechanisms.base import Column, Mechanism, mechanism
from abm.numerics.jit import inline

STOCK_BITS = 13  # a stock is counted in 2**-13 of the consumer's own basket
FULL = 65535  # levels: just under eight baskets


class Step(NamedTuple):
    """What the compiled week knows of it."""

    ahead: float  # baskets per share of price
    use: int  # most that an occasion takes from the stock, in levels


@inline
def ahead_levels(ahead: float, deal: float) -> int:
    """Return what one occasion under a deal adds to the stock, in levels; deals that raise the price add nothing."""
    return min(FULL, int(ahead * max(0.0, deal) * (1 << STOCK_BITS) + 0.5))


def use_levels(use: float) -> int:
    """Return what one occasion takes from the stock at most, in levels."""
    return max(1, int(use * (1 << STOCK_BITS) + 0.5))


@inline
def use_stock(stock: int, use: int) -> int:
    """Return the stock after an occasion has taken from it."""
    return stock - min(stock, use)


@inline
def buy_ahead(stock: int, ahead: int) -> int:
    """Return the stock after buying ahead; there is room for eight baskets."""
    return stock + min(ahead, FULL - stock)


@inline
def restocked(basket: int, before: int, after: int) -> int:
    """Return the sale of an occasion: the basket, and what the stock gained or lost by it.

    The worth of a stock is rounded, not its change: over all occasions the sales add up to the baskets and the worth
    of the stock that is left, exactly.
    """
    return basket + ((basket * after) >> STOCK_BITS) - ((basket * before) >> STOCK_BITS)


@mechanism("stockpile")
class Stockpile(Mechanism):
    """Who takes a deal also buys for later, and then needs less for a while."""

    ahead: float = parameter(
        0.0, ge=0, le=20, unit="baskets per share of price", source="Hendel & Nevo (2006); off by default",
        meaning="bought ahead on an occasion under a deal, beside the usual basket; 2 at a deal of 0.25: half a basket",
    )  # fmt: skip
    use: float = parameter(
        0.25, ge=0.001, le=1, unit="baskets per occasion", source="Hendel & Nevo (2006); weeks of dip after a sale",
        meaning="most that an occasion takes from the stock instead of buying it",
    )  # fmt: skip

    columns: ClassVar[tuple[Column, ...]] = (
        Column(
            "stock", np.uint16, "baskets", "bought ahead", scale=1 << STOCK_BITS, kept_if="stockpile.ahead",
            settable=False,
        ),
    )  # fmt: skip

    def step(self) -> Step:
        """See ``Mechanism``."""
        return Step(self.ahead, use_levels(self.use))

    def mean_field(self) -> float | None:
        """See ``Mechanism``: it moves sales in time, and is no part of the utility."""
        return 0.0
