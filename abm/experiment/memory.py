"""How much memory an experiment takes at its peak, and how much there is: what cannot fit is refused, not tried.

The figures per consumer are the arrays that exist at the same time, added up; the base is what Python, its libraries
and the compiling take, measured on Linux with Python 3.12. Slow tests compare the sum with measured peaks.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from abm.base.errors import InputError, Problem
from abm.engine.columns import bytes_per_consumer, is_kept, mechanisms_in_use, state_columns
from abm.engine.parameter_schedule import with_each_lever
from abm.engine.simulation import week_form
from abm.experiment.allocation import Allocation
from abm.experiment.run_spec import RunSpec
from abm.levers import Lever
from abm.markets.market import Market
from abm.networks import FAMILIES, NetworkFamily, build
from abm.numerics.jit import is_compiled

BASE: Final = 345e6  # bytes: Python, libraries, compiled code
COMPILING: Final = 200e6  # more, where nothing has been compiled before
PROCESS: Final = 275e6  # each worker process; half of it are libraries that they share
PER_ROW: Final = 1_600  # of the results, one per run, week and market
_INDPTR: Final = 8  # bytes per consumer: where a row of the network begins, while it is built
_INSERTION: Final = 9  # while a network is built: index of the next tie, flags of duplicate neighbours
_DRAWING: Final = 3.5  # what drawing the columns takes beside them, such as truth values before they are packed
_GROUPED: Final = 48  # adoption by group: copies of the traits, terciles, modes
_NAME_CHARACTER: Final = 8  # of a market's name, once per consumer there and once sorted


class Size(NamedTuple):
    """Bytes that a run needs while its network is built, and once it is running."""

    building: float
    running: float


class TooLarge(InputError):
    """An experiment that does not fit into memory."""


def size_of(
    markets: Sequence[Market], *, levers: Sequence[Lever] = (), threads: int = 1, by_group: bool = False
) -> Size:
    """Return the memory of one run.

    Parameters
    ----------
    markets : sequence of Market
    levers : sequence of Lever
        Those of the run's scenario: columns that they make necessary are kept from the start.
    threads : int
        Threads that share one week; each keeps changes of neighbour counts of its own.
    by_group : bool
        With adoption by group.
    """
    stored = any(_family(market).is_stored for market in markets)
    building = running = 0.0
    names, ever = mechanisms_in_use(), with_each_lever(markets, levers)
    columns = bytes_per_consumer(names, ever) + _DRAWING
    n_counts = sum(column.counts and is_kept(column, ever) for column in state_columns(names))
    width = 0 if all(_family(market).all_pairs for market in markets) else max(_width(market) for market in markets)
    for market in markets:
        n, degree = market.consumers, _degree(market)
        in_rows = (_INDPTR if stored else 0) + 4 * degree
        building += n * (in_rows + (_INSERTION + _family(market).build_bytes_per_tie * degree / 2 if degree else 0))
        deltas = 0 if _family(market).all_pairs else threads * n_counts
        per_consumer = columns + width * (1 + n_counts + deltas)  # the number of neighbours, and counts of some of them
        running += n * (4 * degree + per_consumer + (_GROUPED + _NAME_CHARACTER * len(market.name) if by_group else 0))
    joined = building + (sum(4 * market.consumers * _degree(market) for market in markets[1:]) if stored else 0)
    if any(market.network.ties_abroad for market in markets):
        joined += sum(market.consumers * (12 * _degree(market) + 8) for market in markets)
    return Size(max(building, joined), running)


def bytes_needed(specs: Sequence[RunSpec], allocation: Allocation) -> float:
    """Return the memory an experiment takes at its peak, in bytes; any of its runs may coincide.

    Parameters
    ----------
    specs : sequence of RunSpec
    allocation : Allocation
    """
    return fixed_bytes(specs, allocation) + allocation.n_side_by_side * largest_run(specs, allocation.threads)


def fitting(specs: Sequence[RunSpec], allocation: Allocation) -> Allocation:
    """Return the allocation, without processes where there is no memory for these.

    Parameters
    ----------
    specs : sequence of RunSpec
    allocation : Allocation
    """
    fits = bytes_needed(specs, allocation) <= bytes_available()
    return allocation if fits else allocation._replace(in_processes=False)


def fixed_bytes(specs: Sequence[RunSpec], allocation: Allocation) -> float:
    """Return what does not depend on the number of consumers: the program and the table of results.

    Parameters
    ----------
    specs : sequence of RunSpec
    allocation : Allocation
    """
    forms = {week_form(spec.markets) for spec in specs}
    base = BASE if all(is_compiled(form) for form in forms) else BASE + COMPILING
    processes = allocation.n_side_by_side * PROCESS if allocation.in_processes else 0.0
    return base + processes + PER_ROW * sum((spec.weeks + 1) * len(spec.markets) for spec in specs)


def largest_run(specs: Sequence[RunSpec], threads: int) -> float:
    """Return the memory of the largest run, without what is fixed.

    Parameters
    ----------
    specs : sequence of RunSpec
    threads : int
        Threads that share one week.
    """
    different = {(id(spec.markets), id(spec.levers)): spec for spec in specs}.values()  # replicates share both
    return max(
        max(size_of(spec.markets, levers=spec.levers, threads=threads, by_group=spec.group_weeks is not None))
        for spec in different
    )


def _degree(market: Market) -> float:
    """Return how many ties a consumer has in memory."""
    if not _family(market).is_stored:
        return 0.0
    if _family(market).brings_own_size:
        return build(market.network).indices.size / market.consumers
    return market.network.degree


def _width(market: Market) -> int:
    """Return how many bytes a number of neighbours takes: two where somebody may have more than 255."""
    family = _family(market)
    return 2 if family.may_have_hubs or (not family.all_pairs and market.network.degree > 200) else 1


def _family(market: Market) -> NetworkFamily:
    return FAMILIES[market.network.family]


def bytes_available() -> float:
    """Return the memory that can still be used: what the machine has free, or a container's limit if lower."""
    free = float("inf")
    for line in _lines(Path("/proc/meminfo")):
        if line.startswith("MemAvailable:"):
            free = float(line.split()[1]) * 1024
    return min([free, *_left_in_control_groups()])


def _left_in_control_groups() -> list[float]:
    """Return what is left of the limits of this process's control groups and of those above them (versions 1 and 2)."""
    left = []
    for line in _lines(Path("/proc/self/cgroup")):
        _, kinds, path = line.split(":", 2)
        if kinds == "":
            root, limit, used = Path("/sys/fs/cgroup"), "memory.max", "memory.current"
        elif "memory" in kinds.split(","):
            root, limit, used = Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes", "memory.usage_in_bytes"
        else:
            continue
        group = root / path.lstrip("/")
        for folder in (group, *group.parents):
            limits, usage = _lines(folder / limit), _lines(folder / used)
            if limits and usage and limits[0].isdigit():
                left.append(max(0.0, float(limits[0]) - float(usage[0]) + _reclaimable(folder)))
            if folder == root:
                break
    return left


def _reclaimable(folder: Path) -> float:
    """Return what a group only keeps of files: it counts as used, and is given up when memory is short."""
    for line in _lines(folder / "memory.stat"):
        if line.startswith(("inactive_file ", "total_inactive_file ")):
            return float(line.split()[1])
    return 0.0


def refuse_if_too_large(specs: Sequence[RunSpec], allocation: Allocation, file: str = "") -> None:
    """Refuse an experiment that would not fit into memory, before any of it is allocated.

    Parameters
    ----------
    specs : sequence of RunSpec
    allocation : Allocation
    file : str
        Config file, for the message.

    Raises
    ------
    TooLarge
    """
    needed, available = bytes_needed(specs, allocation), bytes_available()
    if needed > available:
        n_consumers = max(spec.n_consumers for spec in specs)
        reason = (
            f"needs about {needed / 1e9:,.1f} GB of memory, {available / 1e9:,.1f} GB are free; "
            f'use fewer consumers, a lower network.degree, network.family = "procedural" or fewer workers'
        )
        raise TooLarge([Problem("consumers", n_consumers, reason, file)])


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except OSError:
        return []
