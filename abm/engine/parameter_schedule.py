"""The parameters in force each week, in the whole numbers the kernel works with."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from abm.calendar import WEEKS_PER_YEAR, sales_year, week_of
from abm.engine.state import DISCOUNTED, NEEDED, SUPER_SPEND
from abm.levers import Launch, Lever, Sales, Shutdown
from abm.levers.ledger import Ledger
from abm.markets.market import Market
from abm.mechanisms.awareness import FORMS
from abm.mechanisms.choice import NOISES
from abm.mechanisms.integration import integration
from abm.mechanisms.stockpile import ahead_levels, use_levels
from abm.numerics import fixed_point as fp

_WHOLE = (
    "launched", "occasion", "advertising", "word_of_mouth", "awareness_form", "appeal", "spread",
    "habit_strength", "habit_rate", "norm_strength", "trust_weight", "trust_learning", "p_good", "bad_news",
    "live_weight", "price_value", "price_rank", "deal_value", "deal_rank", "stock_ahead", "stock_use",
    "noise", "reversible",
)  # fmt: skip
_REAL = (
    "p_miss_advertising", "p_miss_neighbor", "live_reach", "live_growth",
    "supply_weight", "supply_rate", "half_saturation", "discount", "deal",
)  # fmt: skip
RULES = np.dtype([(name, np.int64) for name in _WHOLE] + [(name, np.float64) for name in _REAL])


def compile_rules(market: Market, launched: bool) -> tuple[Any, ...]:
    """Return one market's parameters as a row of ``RULES``: chances and utilities as Q32, the rest as is."""
    built_in = integration(**dict(market.integration))
    price, stockpile = market.price, market.stockpile
    values = {
        "launched": launched,
        "occasion": fp.to_q32(market.occasion_rate),
        "advertising": fp.to_q32(market.awareness.advertising),
        "word_of_mouth": fp.to_q32(market.awareness.word_of_mouth),
        "awareness_form": FORMS[market.awareness.form],
        "appeal": sum(map(fp.to_q32, (market.preference.mean, built_in, price.sensitivity * price.subsidy))),
        "spread": fp.to_q32(market.preference.spread),
        "habit_strength": fp.q32_per_level(market.habit.strength),
        "habit_rate": fp.rate(market.habit.rate),
        "norm_strength": fp.to_q32(market.norm.strength),
        "trust_weight": fp.q32_per_level(market.trust.weight / 2),
        "trust_learning": fp.rate(market.trust.learning),
        "p_good": fp.to_q32(market.trust.service_quality),
        "bad_news": fp.to_q32(market.trust.bad_news),
        "live_weight": fp.to_q32(market.livestream.weight),
        "price_value": fp.to_q32(price.sensitivity * price.discount),
        "price_rank": fp.to_rank(price.reach),
        "deal_value": fp.to_q32(price.sensitivity * price.deal),
        "deal_rank": fp.to_rank(price.deal_reach if price.deal > 0 else 1.0),
        "stock_ahead": ahead_levels(stockpile.ahead, price.deal),
        "stock_use": use_levels(stockpile.use),
        "noise": NOISES[market.choice.noise],
        "reversible": market.choice.reversible,
        "p_miss_advertising": 1.0 - market.awareness.advertising,
        "p_miss_neighbor": 1.0 - market.awareness.word_of_mouth,
        "live_reach": market.livestream.reach,
        "live_growth": market.livestream.growth,
        "supply_weight": market.supply.weight,
        "supply_rate": market.supply.rate,
        "half_saturation": market.supply.half_saturation,
        "discount": price.discount + price.deal + price.subsidy,
        "deal": price.deal,
    }
    return tuple(values[name] for name in RULES.names or ())


class Schedule:
    """Works out, week by week, what each market's parameters are once the levers have acted.

    Levers act in the order in which they are listed: each changes what those before it have left. A lever with a
    budget depends on the sales so far, so the weeks in which it acts must be run and booked one by one: ``stretches``.
    """

    def __init__(self, markets: Sequence[Market], levers: Sequence[Lever], start: date) -> None:
        self._markets = tuple(markets)
        self._levers = tuple(levers)
        self._start = start
        self.ledger = Ledger(markets, levers, start)
        self._launch = [self._launch_of(market) for market in markets]
        self._known: dict[tuple[Any, ...], tuple[Any, ...]] = {}

    def add(self, lever: Lever) -> None:
        """Let a lever act as well, after those that are there."""
        self._levers = (*self._levers, lever)
        self.ledger.add(lever)
        self._launch = [self._launch_of(market) for market in self._markets]

    def stretches(self, week: int, weeks: int) -> Iterator[int]:
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

    def rules(self, first: int, last: int) -> npt.NDArray[np.void]:
        """Return the rules for the steps that read weeks ``first`` .. ``last`` - 1, RULES[weeks, markets]."""
        rows = [[self._row(week, place) for place in range(len(self._markets))] for week in range(first, last)]
        return np.array(rows, RULES).reshape(last - first, len(self._markets))

    def ever_positive(self, path: str) -> bool:
        """Say whether a parameter, such as ``trust.bad_news``, is above zero anywhere at any time."""
        group, name = path.split(".")
        changed = [lever.change(market) for lever in self._levers for market in self._markets]
        return any(getattr(getattr(market, group), name) > 0 for market in (*self._markets, *changed))

    def market_at(self, week: int, place: int) -> Market:
        """Return the market with the levers of ``week`` applied."""
        return self._changed(place, self.ledger.acting(week, self._markets[place].name))

    def _changed(self, place: int, levers: Sequence[Lever]) -> Market:
        market = self._markets[place]
        for lever in levers:
            market = lever.change(market)
        return market

    def _row(self, week: int, place: int) -> tuple[Any, ...]:
        levers = self.ledger.acting(week, self._markets[place].name)
        launched = week >= self._launch[place] and not any(isinstance(lever, Shutdown) for lever in levers)
        key = (place, launched, *(id(lever) for lever in levers))  # the ledger keeps them, so ids stay theirs
        if key not in self._known:
            self._known[key] = compile_rules(self._changed(place, levers), launched)
        return self._known[key]

    def _launch_of(self, market: Market) -> int:
        own = [lever for lever in self._levers if isinstance(lever, Launch) and lever.market == market.name]
        return week_of(own[-1].start if own else market.launch, self._start)

    def _sales(self, week: int, place: int, tally: npt.NDArray[np.int64]) -> Sales:
        """Return the US$ sales of the step that reads ``week``."""
        spend = spend_in_week(self._markets[place], week + 1, self._start)
        needed = int(tally[NEEDED])
        if needed == 0:
            return Sales()
        return Sales(int(tally[SUPER_SPEND]) / needed * spend, int(tally[DISCOUNTED]) / needed * spend)


def weekly_spend(market: Market, weeks: int, start: date) -> npt.NDArray[np.float64]:
    """Return online spend in US$ in the seven days before each of the weeks 0 .. ``weeks``, float64[weeks + 1].

    Nothing is sold before week 0.
    """
    spend = [spend_in_week(market, week, start) for week in range(weeks + 1)]
    return np.array([0.0, *spend[1:]])


def spend_in_week(market: Market, week: int, start: date) -> float:
    """Return online spend in US$ in the seven days before ``week``, if nobody buys ahead or from a stock."""
    return market.annual_spend_in(sales_year(week, start)) * (market.shoppers / WEEKS_PER_YEAR)
