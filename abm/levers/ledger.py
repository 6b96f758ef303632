"""The ledger: what levers cost, week by week, and which of them can still be paid.

Sales are counted in whole numbers, and costs are added up in the order of weeks and of the list of levers, so that the
ledger is the same on every machine and for any number of threads.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from abm.levers.base import Capped, Lever, Sales
from abm.markets.market import Market


class Entry(NamedTuple):
    """One lever's cost in one week."""

    week: int  # row of the table that holds the week's sales: one more than the week of the lever
    market: str
    lever: int  # place in the list of levers
    kind: str
    item: str
    cost_usd: float


class Ledger:
    """Costs so far, and the levers as far as their budgets reach.

    Parameters
    ----------
    markets : sequence of Market
    levers : sequence of Lever
    start : date
        Date of week 0.
    """

    def __init__(self, markets: Sequence[Market], levers: Sequence[Lever], start: date) -> None:
        self.entries: list[Entry] = []
        self._markets = {market.name: market for market in markets}
        self._start = start
        self._levers: list[Lever] = []
        self._windows: list[tuple[int, float]] = []
        self._spent: list[float] = []
        self._used_up: list[bool] = []
        self._last = {market.name: Sales() for market in markets}
        self._acting: dict[tuple[int, int], Lever | None] = {}
        for lever in levers:
            self.add(lever)

    def add(self, lever: Lever) -> None:
        """Keep the books of one more lever, after those that are there."""
        self._levers.append(lever)
        self._windows.append(lever.window(self._start))
        self._spent.append(0.0)
        self._used_up.append(False)

    def since(self, week: int) -> tuple[Entry, ...]:
        """Return the entries after a week, their weeks counted from it."""
        return tuple(entry._replace(week=entry.week - week) for entry in self.entries if entry.week > week)

    def acting(self, week: int, market: str) -> list[Lever]:
        """Return the levers that act in a market in a week, in the order listed, cut down to what can be paid.

        Parameters
        ----------
        week : int
        market : str
            Name of the market.
        """
        return [lever for _, lever in self._in_window(week) if lever.market == market]

    def capped_in(self, week: int) -> bool:
        """Say whether a lever with money left in its budget acts in this week, so that sales decide the next."""
        return any(
            _is_capped(lever) and not self._used_up[position] and first <= week < end
            for position, (lever, (first, end)) in enumerate(zip(self._levers, self._windows, strict=True))
        )

    def next_capped(self, week: int, last: int) -> int:
        """Return the first week after ``week`` in which a capped lever begins, at most ``last``.

        Parameters
        ----------
        week, last : int
        """
        pairs = zip(self._levers, self._windows, strict=True)
        return min([first for lever, (first, _) in pairs if _is_capped(lever) and first > week], default=last)

    def book(self, week: int, sales: Sequence[Sales]) -> None:
        """Enter the costs of a week, given its sales in each market.

        Parameters
        ----------
        week : int
        sales : sequence of Sales
            One per market, US$.
        """
        by_market = dict(zip(self._markets, sales, strict=True))
        for position, lever in self._in_window(week):
            if not lever.cost_item:
                continue
            first = self._windows[position][0]
            cost = lever.cost(self._markets[lever.market], by_market[lever.market], week - first)
            cost = self._payable(position, cost)
            self._spent[position] += cost
            self.entries.append(Entry(week + 1, lever.market, position, lever.kind, lever.cost_item, cost))
        self._last = by_market

    def _in_window(self, week: int) -> list[tuple[int, Lever]]:
        found = []
        for position, (first, end) in enumerate(self._windows):
            if first <= week < end and self._levers[position].market in self._markets:
                lever = self._affordable(week, position)
                if lever is not None:
                    found.append((position, lever))
        return found

    def _affordable(self, week: int, position: int) -> Lever | None:
        """Return the lever, a smaller one for the rest of its budget, or None if that is used up."""
        lever = self._levers[position]
        if not _is_capped(lever):
            return lever
        if (week, position) not in self._acting:
            self._acting[week, position] = self._decide(week, position)
        return self._acting[week, position]

    def _decide(self, week: int, position: int) -> Lever | None:
        lever = self._levers[position]
        assert isinstance(lever, Capped)
        assert lever.budget is not None
        if self._used_up[position]:
            return None
        left = lever.budget - self._spent[position]
        age = week - self._windows[position][0]
        expected = lever.expected_cost(self._markets[lever.market], self._last[lever.market], age)
        if expected <= left and left > 0:
            return lever
        self._used_up[position] = True
        return lever.cut(left / expected) if left > 0 else None

    def _payable(self, position: int, cost: float) -> float:
        """Return the cost as far as the budget pays it: coupons run out, whatever was expected."""
        lever = self._levers[position]
        if not isinstance(lever, Capped) or lever.budget is None:
            return cost
        left = lever.budget - self._spent[position]
        if cost >= left:
            self._used_up[position] = True
        return min(cost, left)


def _is_capped(lever: Lever) -> bool:
    return isinstance(lever, Capped) and lever.budget is not None
