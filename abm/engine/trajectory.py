"""What a simulation leaves behind: a table by week and market, and the consumers as they ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from abm.base.calendar import date_text
from abm.base.display import few, html
from abm.engine.columns import Names
from abm.engine.layout import concatenated_ids, rows_of
from abm.engine.outcomes import MarketRecord, outcomes
from abm.engine.snapshot import read_only
from abm.engine.state import Population
from abm.levers.ledger import Entry
from abm.markets.market import Market
from abm.mechanisms import MECHANISMS
from abm.mechanisms.base import Column, column_named
from abm.numerics.array_types import Floats
from abm.numerics.bits import unpack


class Consumers:
    """All consumers at the last week, market after market; read as ``consumers.mode`` or ``consumers["mode"]``."""

    def __init__(
        self,
        markets: Sequence[Market],
        layouts: npt.NDArray[np.void],
        population: Population,
        node_ids: Sequence[Sequence[Any] | None] = (),
    ) -> None:
        self._names = [market.name for market in markets]
        self._sizes = [int(layout["n_consumers"]) for layout in layouts]
        self._layouts = layouts
        self._population = population
        self._node_ids = node_ids or [None] * len(self._names)

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        if name in {"mode", "degree", "market", "node_id"}:
            values: npt.NDArray[Any] = getattr(self, name)
            return values
        try:
            column = column_named(name)
        except StopIteration:
            raise KeyError(name) from None
        if column.counts:
            raise KeyError(name)  # kept only where ties are; ``degree`` is there for everybody
        return self._values(column)

    def __getattr__(self, name: str) -> npt.NDArray[Any]:
        """Return the values of any column that a mechanism declares."""
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __len__(self) -> int:
        return sum(self._sizes)

    def __repr__(self) -> str:
        sizes = few(f"{name} {size:,}" for name, size in zip(self._names, self._sizes, strict=True))
        states = f"in mode super {int(self.mode.sum()):,}, aware {int(self.aware.sum()):,}"
        return f"Consumers: {len(self):,} ({sizes})\n{states}"

    def _repr_html_(self) -> str:
        people = pd.DataFrame({name: self[name] for name in ("market", "mode", "aware")})
        counts = people.groupby("market", sort=False).agg(
            consumers=("mode", "size"), super=("mode", "sum"), aware=("aware", "sum")
        )
        return html(f"Consumers: {len(self):,}", counts.reset_index())

    def to_frame(self) -> pd.DataFrame:
        """Return everybody as a table: node_id, market, degree, and every column that a mechanism declares."""
        declared = [column for kind in MECHANISMS.values() for column in kind.columns if not column.counts]
        names = ["node_id", "market", "degree", *dict.fromkeys(column.name for column in declared)]
        return pd.DataFrame({name: self[name] for name in names})

    @property
    def node_id(self) -> npt.NDArray[Any]:
        """Ids in the file or graph of each one's market, else number in the market; int64 if all are whole numbers."""
        return concatenated_ids(self._node_ids, self._sizes)

    @property
    def aware(self) -> npt.NDArray[np.bool_]:
        """Whether each knows the super-app's shop, bool."""
        return self["aware"]

    @property
    def mode(self) -> npt.NDArray[np.int64]:
        """How each shopped last, int64: 1 super, 0 single."""
        return self._rows(unpack(self._population.state.mode).astype(np.int64))

    @property
    def taste(self) -> Floats:
        """Taste z, standard normal."""
        return self["taste"]

    @property
    def habit(self) -> Floats:
        """Habit h, 0 (single) .. 1 (super)."""
        return self["habit"]

    @property
    def trust(self) -> Floats:
        """Trust T, 0 .. 1."""
        return self["trust"]

    @property
    def degree(self) -> npt.NDArray[np.int64]:
        """Number of neighbours (all others in a complete network), int64."""
        n_neighbors = self._population.adjacency.n_neighbors
        parts = [
            np.full(layout["n_consumers"], layout["n_consumers"] - 1, np.int64)
            if layout["complete"]
            else n_neighbors[rows_of(layout)].astype(np.int64)
            for layout in self._layouts
        ]
        return np.concatenate(parts)

    @property
    def market(self) -> npt.NDArray[np.str_]:
        """Name of the market each lives in."""
        return np.repeat(np.array(self._names), self._sizes)

    def _values(self, column: Column) -> npt.NDArray[Any]:
        owner = self._population.traits if column.fixed else self._population.state
        stored = getattr(owner, column.name)
        if column.bit:
            return self._rows(unpack(stored))
        if not stored.size:  # no array is kept where nobody needs it
            return np.full(len(self), column.initial if isinstance(column.initial, float) else 0.0)
        return self._rows(stored) / column.scale

    def _rows(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.concatenate([values[rows_of(layout)] for layout in self._layouts])


@dataclass(frozen=True, repr=False, eq=False)
class Trajectory:
    """The record of one run: ``table`` (a row per week and market) and ``consumers`` (arrays at the last week).

    Tables and arrays of consumers are new copies each time they are read; other arrays cannot be written to.
    """

    markets: tuple[Market, ...]
    seed: int
    replicate: int
    start: date
    tallies: npt.NDArray[np.int64]  # [weeks + 1, markets, n_tallies]
    merchants: Floats  # [weeks + 1, markets]
    mechanisms: Names
    schedule: npt.NDArray[np.void]  # [weeks, markets], see parameter_schedule.py
    layouts: npt.NDArray[np.void]
    population: Population
    entries: tuple[Entry, ...] = ()  # what levers cost, in the order booked
    node_ids: tuple[Sequence[Any] | None, ...] = ()  # of each market, in the order of the rows

    def __post_init__(self) -> None:
        read_only((self.tallies, self.merchants, self.schedule, self.layouts))

    def __repr__(self) -> str:
        weeks = len(self.tallies) - 1
        end = date_text(weeks, self.start)
        return f"Trajectory: {weeks:,} weeks, {self.start} to {end}; seed {self.seed}, replicate {self.replicate}\n" + (
            few(f"{row['market']} {row['consumers']:,} consumers, {row['adoption']:.1%} in mode super"
                for row in self._last_week().to_dict("records"))
        )  # fmt: skip

    def _repr_html_(self) -> str:
        return html(str(self).partition("\n")[0], self._last_week())

    def _last_week(self) -> pd.DataFrame:
        columns = ["market", "consumers", "aware", "super", "adoption", "gmv_share", "gmv_usd"]
        return self._table.tail(len(self.markets))[columns]

    @property
    def ledger(self) -> pd.DataFrame:
        """What levers cost: one row per week, market and lever, in US$ (negative: saved); adds up to ``cost_usd``."""
        ledger = pd.DataFrame(self.entries, columns=pd.Index(Entry._fields))
        return ledger.astype({"week": "int64", "lever": "int64", "cost_usd": "float64"})

    @property
    def consumers(self) -> Consumers:
        """The consumers at the last week."""
        return Consumers(self.markets, self.layouts, self.population, self.node_ids)

    @property
    def table(self) -> pd.DataFrame:
        """One row per week and market, columns as in docs/results.md; flows are those of the week before its date."""
        return self._table.copy()

    @cached_property
    def _table(self) -> pd.DataFrame:
        parts = [self._market_table(market_index) for market_index in range(len(self.markets))]
        if len(parts) == 1:
            return parts[0]
        table = pd.concat(parts, ignore_index=True)
        return table.sort_values("week", kind="stable", ignore_index=True)

    def _market_table(self, market_index: int) -> pd.DataFrame:
        market = self.markets[market_index]
        n_weeks = len(self.tallies)
        columns = {
            "replicate": self.replicate,
            "seed": self.seed,
            "week": np.arange(n_weeks),
            "date": _dates(n_weeks, self.start),
            "market": market.name,
            "consumers": market.consumers,
        }
        record = self.record(market_index)
        return pd.DataFrame(columns | {name: outcome.of(record) for name, outcome in outcomes(self.mechanisms).items()})

    def record(self, market_index: int) -> MarketRecord:
        """Return what is recorded of one market, as outcomes are computed from it."""
        market = self.markets[market_index]
        return MarketRecord(
            market,
            self.start,
            self.tallies[:, market_index],
            self.merchants[:, market_index],
            self.schedule[:, market_index],
            self._costs(market.name, len(self.tallies)),
            self.mechanisms,
        )

    def _costs(self, market: str, n_weeks: int) -> Floats:
        """Return what levers cost in each week, float64[weeks], added up in the order booked."""
        costs = np.zeros(n_weeks)
        for entry in self.entries:
            if entry.market == market:
                costs[entry.week] += entry.cost_usd
        return costs


def _dates(n_weeks: int, start: date) -> npt.NDArray[np.datetime64]:
    """Return the date of every week in milliseconds: in nanoseconds they would end in the year 2262."""
    return (np.datetime64(start, "D") + 7 * np.arange(n_weeks)).astype("datetime64[ms]")
