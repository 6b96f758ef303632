"""The parameters in force each week, in the numbers that the compiled week works with."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from abm.base.calendar import WEEKS_PER_YEAR, sales_year, week_of
from abm.engine.columns import Names, mechanisms_in_use
from abm.engine.state import DISCOUNTED, NEEDED, SUPER_SPEND
from abm.levers import Lever, Sales
from abm.levers.ledger import Ledger
from abm.markets.market import Market
from abm.mechanisms.base import step_dtype
from abm.numerics.fixed_point import to_q32


def schedule_dtype(names: Names) -> np.dtype[np.void]:
    """Return the fields of a schedule: ``launched``, ``occasion`` (Q32), and those of each mechanism's ``step``."""
    return np.dtype([("launched", np.int64), ("occasion", np.int64), *step_dtype(names)])


def scheduled_values(market: Market, launched: bool, names: Names) -> tuple[Any, ...]:
    """Return one market's parameters as an entry of a schedule."""
    steps = (value for name in names for value in getattr(market, name).step())
    return (launched, to_q32(market.occasion_rate), *steps)


class Schedule:
    """Computes, week by week, what each market's parameters are once the levers have acted.

    Levers act in the order in which they are listed: each changes what those before it have left. A lever with a
    budget depends on the sales so far, so the weeks in which it acts must be run and booked one by one: ``segments``.
    """

    def __init__(
        self, markets: Sequence[Market], levers: Sequence[Lever], start: date, names: Names | None = None
    ) -> None:
        self._markets = tuple(markets)
        self._names = mechanisms_in_use() if names is None else names
        self._levers = tuple(levers)
        self._start = start
        self.ledger = Ledger(markets, levers, start)
        self._launch = [self._launch_of(market) for market in markets]
        self._known: dict[tuple[Any, ...], tuple[Any, ...]] = {}  # entries that were computed before

    def add(self, lever: Lever) -> None:
        """Let a lever act as well, after those that are there."""
        self._levers = (*self._levers, lever)
        self.ledger.add(lever)
        self._launch = [self._launch_of(market) for market in self._markets]

    def segments(self, week: int, weeks: int) -> Iterator[int]:
        """Yield numbers of weeks that can be run in one go, from ``week`` on, ``weeks`` in all.

        Each must be run and booked before the next is asked for.
        """
        last = week + weeks
        while week < last:
            stop = week + 1 if self.ledger.capped_in(week) else min(self.ledger.next_capped(week, last), last)
            yield stop - week
            week = stop

    def book(self, week: int, tallies: npt.NDArray[np.int64]) -> None:
        """Enter the costs of the weeks from ``week`` on; ``tallies`` are theirs, int64[weeks, markets, N_TALLIES]."""
        if not self._levers:
            return
        for later, tally in enumerate(tallies):
            self.ledger.book(week + later, [self._sales(week + later, *pair) for pair in enumerate(tally)])

    def parameters(self, first: int, last: int) -> npt.NDArray[np.void]:
        """Return the parameters of the steps that read weeks ``first`` .. ``last`` - 1, [weeks, markets]."""
        n_markets = len(self._markets)
        rows = [[self._entry(week, market_index) for market_index in range(n_markets)] for week in range(first, last)]
        return np.array(rows, schedule_dtype(self._names)).reshape(last - first, n_markets)

    def ever(self) -> list[Market]:
        """Return the markets as they are, and as each lever alone would make them."""
        return with_each_lever(self._markets, self._levers)

    def market_at(self, week: int, market_index: int) -> Market:
        """Return the market with the levers of ``week`` applied."""
        return self._changed(market_index, self.ledger.acting(week, self._markets[market_index].name))

    def _changed(self, market_index: int, levers: Sequence[Lever]) -> Market:
        market = self._markets[market_index]
        for lever in levers:
            market = lever.change(market)
        return market

    def _entry(self, week: int, market_index: int) -> tuple[Any, ...]:
        levers = self.ledger.acting(week, self._markets[market_index].name)
        launched = week >= self._launch[market_index] and not any(lever.closes_shop for lever in levers)
        key = (market_index, launched, *(id(lever) for lever in levers))  # the ledger keeps them, so ids stay theirs
        if key not in self._known:
            self._known[key] = scheduled_values(self._changed(market_index, levers), launched, self._names)
        return self._known[key]

    def _launch_of(self, market: Market) -> int:
        own = [lever for lever in self._levers if lever.opens_shop and lever.market == market.name]
        return week_of(own[-1].start if own else market.launch, self._start)

    def _sales(self, week: int, market_index: int, tally: npt.NDArray[np.int64]) -> Sales:
        """Return the US$ sales of the step that reads ``week``."""
        spend = spend_in_week(self._markets[market_index], week + 1, self._start)
        needed = int(tally[NEEDED])
        if needed == 0:
            return Sales()
        return Sales(int(tally[SUPER_SPEND]) / needed * spend, int(tally[DISCOUNTED]) / needed * spend)


def with_each_lever(markets: Sequence[Market], levers: Sequence[Lever]) -> list[Market]:
    """Return markets as they are, and as each lever alone would make them."""
    return [*markets, *(lever.change(market) for lever in levers for market in markets)]


def weekly_spend(market: Market, weeks: int, start: date) -> npt.NDArray[np.float64]:
    """Return online spend in US$ in the seven days before each of the weeks 0 .. ``weeks``, float64[weeks + 1].

    Nothing is sold before week 0.
    """
    spend = [spend_in_week(market, week, start) for week in range(weeks + 1)]
    return np.array([0.0, *spend[1:]])


def spend_in_week(market: Market, week: int, start: date) -> float:
    """Return online spend in US$ in the seven days before ``week``, if nobody buys ahead or from a stock."""
    return market.annual_spend_in(sales_year(week, start)) * (market.shoppers / WEEKS_PER_YEAR)
