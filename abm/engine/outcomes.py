"""Outcomes: the columns of the result table, one function each, found through a registry.

Your own outcome is a function of a market's record, registered with ``@outcome``; it becomes a column of every table.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from abm.base.errors import InputError, Problem
from abm.base.registry import Registry
from abm.engine.columns import Names, updated_columns
from abm.engine.parameter_schedule import weekly_spend
from abm.engine.state import (
    LIVE_SPEND,
    N_AWARE,
    N_SUPER,
    NEEDED,
    SPEND,
    SUPER_SPEND,
    TO_SINGLE,
    TO_SUPER,
    summed_columns,
)
from abm.markets.market import Market
from abm.mechanisms.livestream import livestream_reach
from abm.numerics.fixed_point import U16_MAX

Values = npt.NDArray[Any]


class MarketRecord(NamedTuple):
    """What is recorded of one market in the weeks 0 .. ``weeks``; flows are those of the week before."""

    market: Market
    start: date
    tallies: npt.NDArray[np.int64]  # [weeks + 1, n_tallies], columns as in state.py
    merchants: npt.NDArray[np.float64]  # M, [weeks + 1]
    schedule: npt.NDArray[np.void]  # [weeks], parameters such as schedule["price.discount"]
    costs: npt.NDArray[np.float64]  # of levers, US$ [weeks + 1]
    mechanisms: Names

    @property
    def spend_usd(self) -> npt.NDArray[np.float64]:
        """Online spend in US$; other than what is needed where consumers buy ahead, or live on what they stored."""
        needed = self.tallies[:, NEEDED]
        bought = np.divide(self.tallies[:, SPEND], needed, out=np.ones(len(needed)), where=needed > 0)
        return weekly_spend(self.market, len(needed) - 1, self.start) * bought

    def share_of_spend(self, tally: int) -> npt.NDArray[np.float64]:
        """Return a part of what is spent, share of spend."""
        part, whole = self.tallies[:, tally], self.tallies[:, SPEND]
        return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)

    def mean(self, column: str, scale: int) -> npt.NDArray[np.float64]:
        """Return the mean of a column over all consumers."""
        return self.tallies[:, summed_columns(self.mechanisms)[column]] / (self.market.consumers * scale)


class Outcome(NamedTuple):
    """One column of the result table."""

    of: Callable[[MarketRecord], Values]  # [weeks + 1]
    unit: str
    meaning: str


OUTCOMES: Final[Registry[Outcome]] = Registry("outcome")
_FIXED: Final = ("scenario", "replicate", "seed", "week", "date", "market", "consumers")  # first columns of the table


def outcome(
    name: str, *, unit: str, meaning: str
) -> Callable[[Callable[[MarketRecord], Values]], Callable[[MarketRecord], Values]]:
    """Register a function of a market's record as a column of the result table.

    Parameters
    ----------
    name : str
        Name of the column.
    unit, meaning : str

    Raises
    ------
    InputError
        There is an outcome of this name already.
    """

    def register(function: Callable[[MarketRecord], Values]) -> Callable[[MarketRecord], Values]:
        if name in _FIXED or name.startswith("mean_"):
            raise InputError([Problem("outcome", name, "the result table has a column of this name already")])
        OUTCOMES.add(name, Outcome(function, unit, meaning))
        return function

    return register


def outcomes(names: Names) -> Mapping[str, Outcome]:
    """Return all outcomes by name: those registered, then the mean of every further column that is updated."""
    found = dict(OUTCOMES.items())
    for _, column in updated_columns(names):
        if (name := f"mean_{column.name}") not in found:
            meaning = f"mean over consumers: {column.meaning}"
            found[name] = Outcome(lambda record, c=column: record.mean(c.name, c.scale), column.unit, meaning)  # type: ignore[misc]
    return found


def _tally(name: str, number: int, meaning: str) -> None:
    OUTCOMES.add(name, Outcome(lambda record: record.tallies[:, number], "consumers", meaning))


_tally("aware", N_AWARE, "know that one can shop in the super-app")
_tally("super", N_SUPER, "in mode super")
_tally("switched_to_super", TO_SUPER, "switched to the super-app in the week before")
_tally("switched_to_single", TO_SINGLE, "switched back to single apps in the week before")


@outcome("adoption", unit="share of consumers", meaning="share in mode super")
def _adoption(record: MarketRecord) -> Values:
    return record.tallies[:, N_SUPER] / record.market.consumers


@outcome("gmv_share", unit="share of spend", meaning="share of the week's spend that goes to the super-app")
def _gmv_share(record: MarketRecord) -> Values:
    return record.share_of_spend(SUPER_SPEND)


@outcome("gmv_usd", unit="US$", meaning="sales of the super-app in the week, gross")
def _gmv_usd(record: MarketRecord) -> Values:
    return record.share_of_spend(SUPER_SPEND) * record.spend_usd


@outcome("gmv_net_usd", unit="US$", meaning="sales less returns")
def _gmv_net_usd(record: MarketRecord) -> Values:
    return record.share_of_spend(SUPER_SPEND) * record.spend_usd * (1 - record.market.returns)


@outcome("live_gmv_usd", unit="US$", meaning="sales to consumers who watch live streams")
def _live_gmv_usd(record: MarketRecord) -> Values:
    return record.share_of_spend(LIVE_SPEND) * record.spend_usd


@outcome("spend_usd", unit="US$", meaning="online spend in the week, in all shops")
def _spend_usd(record: MarketRecord) -> Values:
    return record.spend_usd


@outcome("merchants", unit="share of merchants", meaning="M, merchants present in the super-app")
def _merchants(record: MarketRecord) -> Values:
    return record.merchants


@outcome("livestream_reach", unit="share of consumers", meaning="L, share who watch live streams")
def _livestream_reach(record: MarketRecord) -> Values:
    live = record.market.livestream
    pairs = list(zip(record.schedule["livestream.reach"], record.schedule["livestream.growth"], strict=True))
    pairs += pairs[-1:] or [(live.reach, live.growth)]  # the last row repeats the parameters of the week before
    return np.array([livestream_reach(*pair, m) for pair, m in zip(pairs, record.merchants, strict=True)])


OUTCOMES.add(
    "mean_trust", Outcome(lambda record: record.mean("trust", U16_MAX), "level", "mean over consumers: T, 0 .. 1")
)


OUTCOMES.add(
    "mean_habit",
    Outcome(lambda record: record.mean("habit", U16_MAX), "level", "mean over consumers: h, 0 (single) .. 1 (super)"),
)


@outcome("discount", unit="share of price", meaning="everyday price advantage, deal and subsidy together")
def _discount(record: MarketRecord) -> Values:
    return np.concatenate([[0.0], record.schedule["price.discount"]])


@outcome("cost_usd", unit="US$", meaning="what levers cost in the week (negative: saved)")
def _cost_usd(record: MarketRecord) -> Values:
    return record.costs
