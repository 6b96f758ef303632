"""What one run depends on, and the key under which its results are kept."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from abm.base.version import MODEL_VERSION
from abm.experiment.plugins import plugin_hashes
from abm.levers import Lever
from abm.markets.market import Market
from abm.networks import FAMILIES
from abm.numerics.random import RNG_VERSION


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
        facts: dict[str, Any] = {
            "markets": [market.model_dump(mode="json") for market in self.markets],
            "network_files": [_file_hash(market) for market in self.markets],
            "levers": [lever.model_dump(mode="json") for lever in self.levers],
            "start": str(self.start),
            "weeks": self.weeks,
            "seed": self.seed,
            "point": {path: str(value) for path, value in self.point.items()},
            "watch": self.group_weeks,
            "versions": [MODEL_VERSION, RNG_VERSION],
        }
        if hashes := plugin_hashes():
            facts["plugins"] = hashes
        digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
        return f"{self.scenario}-r{self.replicate:04d}-{digest[:12]}"

    @property
    def n_consumers(self) -> int:
        """Consumers in all markets."""
        return sum(market.consumers for market in self.markets)

    @property
    def consumer_weeks(self) -> int:
        """Consumers times weeks."""
        return self.weeks * self.n_consumers


def _file_hash(market: Market) -> str:
    if FAMILIES[market.network.family].requires != "file" or not market.network.file:
        return ""
    return hashlib.sha256(Path(market.network.file).read_bytes()).hexdigest()
