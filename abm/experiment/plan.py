"""What an experiment will take: runs, consumer-weeks, memory and time, before anything large is allocated.

The time comes from a probe of a second or two with fewer consumers. Larger populations are slower per consumer, because
less of them is in the processor's caches, and other programs may want the machine, so it is a range.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from abm.engine.simulation import Simulation
from abm.experiment.allocation import PYTHON, Allocation, allocate
from abm.experiment.config import load_experiment
from abm.experiment.memory import (
    TooLarge,
    bytes_available,
    bytes_needed,
    fitting,
    fixed_bytes,
    largest_run,
    refuse_if_too_large,
)
from abm.experiment.run_spec import RunSpec
from abm.markets.market import Market
from abm.networks import FAMILIES

_SAMPLE: Final = 100_000  # consumers of the probe
_SECONDS: Final = 1.0  # of its weeks
_FASTER, _SLOWER = 0.8, 1.5  # how far off the probe may be


class TimingProbe(NamedTuple):
    """How long a small simulation took."""

    n_consumers: int
    weeks: int
    building: float  # seconds per consumer: network, traits
    week: float  # seconds per consumer and week


@dataclass(frozen=True)
class Plan:
    """What an experiment will take.

    Attributes
    ----------
    n_runs, n_consumers, consumer_weeks : int
        Runs, consumers of the largest run, consumers times weeks of all runs.
    allocation : Allocation
        Runs at the same time, threads of each, whether in processes.
    bytes_needed, bytes_available : float
        Memory at the peak, memory that is free.
    n_fitting : int
        Consumers, in the same mix of markets, up to which a run would fit.
    probe : TimingProbe or None
        None if the experiment does not fit.
    seconds : tuple of float
        From, to; without the report. Zero without a probe.
    """

    n_runs: int
    n_consumers: int
    consumer_weeks: int
    allocation: Allocation
    bytes_needed: float
    bytes_available: float
    n_fitting: int
    probe: TimingProbe | None
    seconds: tuple[float, float]
    refusal: TooLarge | None


def plan(config: str | Path, n_workers: int, overrides: tuple[str, ...] = ()) -> Plan:
    """Compute what an experiment will take; runs a short probe if it fits into memory.

    Parameters
    ----------
    config : path
    n_workers : int
        Runs side by side, at most.
    overrides : tuple of str
        Such as ``"markets.us.norm.strength=2"``.

    Raises
    ------
    InputError, NetworkError
        The config cannot be run, whatever the machine. One that does not fit has a ``refusal`` in its plan.
    """
    experiment = load_experiment(config, overrides)
    specs = list(experiment.runs())
    allocation = fitting(specs, allocate(specs, n_workers))
    needed, available = bytes_needed(specs, allocation), bytes_available()
    n_consumers = max(spec.n_consumers for spec in specs)
    refusal = None
    try:
        refuse_if_too_large(specs, allocation, str(config))
    except TooLarge as error:
        refusal = error
    probe = None if refusal else run_probe(specs[0], allocation.threads)
    left = available - fixed_bytes(specs, allocation)
    return Plan(
        n_runs=len(specs),
        n_consumers=n_consumers,
        consumer_weeks=sum(spec.consumer_weeks for spec in specs),
        allocation=allocation,
        bytes_needed=needed,
        bytes_available=available,
        n_fitting=max(
            0, int(n_consumers * left / (allocation.n_side_by_side * largest_run(specs, allocation.threads)))
        ),
        probe=probe,
        seconds=seconds_of(specs, allocation, probe) if probe else (0.0, 0.0),
        refusal=refusal,
    )


def run_probe(spec: RunSpec, threads: int) -> TimingProbe:
    """Run a smaller version of a run for about a second, after everything has been compiled.

    Parameters
    ----------
    spec : RunSpec
    threads : int
        Threads that share one week.
    """
    markets = [_shrunk(market, _SAMPLE / spec.n_consumers) for market in spec.markets]
    small = [_shrunk(market, 0.01) for market in markets]
    given: dict[str, Any] = {"seed": spec.seed, "levers": spec.levers, "start": spec.start, "threads": threads}
    Simulation(small, **given).advance(min(2, spec.weeks))
    began = time.perf_counter()
    simulation = Simulation(markets, **given)
    built = time.perf_counter()
    n_weeks = max(1, spec.weeks // 20)
    while simulation.week < spec.weeks and time.perf_counter() - built < _SECONDS:
        simulation.advance(min(n_weeks, spec.weeks - simulation.week))
    done = time.perf_counter()
    n = sum(market.consumers for market in markets)
    return TimingProbe(n, simulation.week, (built - began) / n, (done - built) / (n * simulation.week))


def seconds_of(specs: Sequence[RunSpec], allocation: Allocation, probe: TimingProbe) -> tuple[float, float]:
    """Return the least and the most time that the runs should take, going by the probe.

    Parameters
    ----------
    specs : sequence of RunSpec
    allocation : Allocation
    probe : TimingProbe
    """
    compiled = sum(spec.n_consumers * probe.building + spec.consumer_weeks * probe.week for spec in specs)
    python = (
        PYTHON * len(specs) * (1 if allocation.in_processes else allocation.n_side_by_side)
    )  # threads take turns in it
    seconds = (compiled + python) / allocation.n_side_by_side
    tens = math.log10(max(1.0, max(spec.n_consumers for spec in specs) / probe.n_consumers))
    return seconds * _FASTER, seconds * _SLOWER * (1 + tens)


def _shrunk(market: Market, factor: float) -> Market:
    """Return the market with fewer consumers, as few as its network allows."""
    if factor >= 1 or FAMILIES[market.network.family].brings_own_size:
        return market
    least = max(200, 4 * math.ceil(market.network.degree), 2 * market.network.communities)
    n = min(market.consumers, max(least, round(market.consumers * factor)) // 2 * 2 or 1)
    kept = tuple(i for i in market.seed_consumers if i < n)
    n_seeds = min(n, math.ceil(market.seed_adopters * n / market.consumers))
    return market.replace({"consumers": n, "seed_adopters": n_seeds, "seed_consumers": kept})
