"""How much memory a run takes, and how much there is: what cannot fit is refused before it is allocated."""

from collections.abc import Sequence
from pathlib import Path

from abm.errors import InputError, Problem
from abm.market import Market

_BYTES_PER_CONSUMER = 36  # traits, state and counts, one row each
_BYTES_PER_TIE = 8  # both directions, 4 bytes each
_BUILD_FACTOR = 3  # sorting a network's ties takes about this much of its own size, for a while
_INTERPRETER = 350e6  # Python and its libraries


def bytes_needed(markets: Sequence[Market]) -> float:
    """Return an upper estimate of the memory of one run, in bytes."""
    total = 0.0
    for market in markets:
        n_ties = 0.0 if market.network.family == "complete" else market.consumers * market.network.degree / 2
        total += market.consumers * _BYTES_PER_CONSUMER + n_ties * _BYTES_PER_TIE * (1 + _BUILD_FACTOR)
    return total


def bytes_available() -> float:
    """Return the memory that can still be used: what the machine has free, or a container's limit if lower."""
    free = float("inf")
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemAvailable:"):
            free = float(line.split()[1]) * 1024
    for limit, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        most, now = _lines(limit), _lines(used)
        if most and now and most[0].isdigit():
            free = min(free, max(0.0, float(most[0]) - float(now[0])))
    return free


def refuse_if_too_large(markets: Sequence[Market], n_side_by_side: int, file: str = "") -> None:
    """Refuse runs that would not fit into memory.

    Raises
    ------
    InputError
    """
    needed = _INTERPRETER + n_side_by_side * bytes_needed(markets)
    available = bytes_available()
    if needed > available:
        n_consumers = sum(market.consumers for market in markets)
        reason = (
            f"needs about {needed / 1e9:,.1f} GB of memory, {available / 1e9:,.1f} GB are free; "
            f"use fewer consumers, a lower network.degree or fewer workers"
        )
        raise InputError([Problem("consumers", n_consumers, reason, file)])


def _lines(path: str) -> list[str]:
    file = Path(path)
    try:
        return file.read_text().splitlines()
    except OSError:
        return []
