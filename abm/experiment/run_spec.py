"""What one run depends on, and the key under which its results are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any

from abm.experiment.inputs import hash_of, versions
from abm.levers import Lever
from abm.markets.market import Market


@dataclass(frozen=True)
class RunSpec:
    """Everything one run depends on: a scenario, a point of the sweep and a replicate."""

    scenario: str
    replicate: int
    seed: int
    start: date
    weeks: int
    markets: tuple[Market, ...]
    levers: tuple[Lever, ...]
    point: Mapping[str, Any] = field(default_factory=dict)
    group_weeks: tuple[int, int] | None = None  # before and after any lever acts, for adoption by group

    @cached_property
    def key(self) -> str:
        """A name that changes whenever the result could: a hash of all inputs and of the model's version."""
        facts = {each.name: getattr(self, each.name) for each in fields(self)}
        return f"{self.scenario}-r{self.replicate:04d}-{hash_of([facts, versions()])[:12]}"

    @property
    def n_consumers(self) -> int:
        """Consumers in all markets."""
        return sum(market.consumers for market in self.markets)

    @property
    def consumer_weeks(self) -> int:
        """Consumers times weeks."""
        return self.weeks * self.n_consumers
