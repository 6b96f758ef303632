"""Runs and markets of chosen size, for tests of memory, allocation and plans."""

from datetime import date
from typing import Any

from abm import Market
from abm.experiment.allocation import Allocation
from abm.experiment.run_spec import RunSpec

ALONE = Allocation(1, 1, in_processes=False)


def spec(*markets: Market, weeks: int = 5) -> RunSpec:
    return RunSpec("baseline", 0, 0, date(2024, 1, 1), weeks, markets, ())


def market(family: str = "ring", consumers: int = 1_000_000, name: str = "west", **network: Any) -> Market:
    return Market(name=name, consumers=consumers, network={"family": family, "degree": 10} | network)
