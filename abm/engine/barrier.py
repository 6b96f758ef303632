"""How threads wait for each other inside compiled code.

Waking a sleeping thread takes longer than many a week. So whoever waits looks out for the others instead, for some
fifty microseconds; then it goes back to Python, which lets another thread run (there may be more of them than cores).
"""

from abm.numerics.bits import atomic_next, atomic_read
from abm.numerics.jit import inline

ABORTED = 1 << 60  # so many never arrive
_LOOKS = 100_000


@inline
def arrive(arrivals, threads):  # type: ignore[no-untyped-def]
    """Count one arrival in ``arrivals``, int64[1]; return how many there are once all threads have come this time."""
    return (atomic_next(arrivals, 0) // threads + 1) * threads


@inline
def wait(arrivals, due):  # type: ignore[no-untyped-def]
    """Look for a while whether so many have arrivals."""
    looks = 0
    while looks < _LOOKS and atomic_read(arrivals, 0) < due:
        looks += 1
    return looks < _LOOKS


@inline
def is_aborted(arrivals):  # type: ignore[no-untyped-def]
    """Say whether nobody need wait any more: a thread will not come."""
    return atomic_read(arrivals, 0) >= ABORTED
