"""The barrier at which threads wait for each other inside compiled code: a spin barrier.

Waking a sleeping thread takes longer than many a week. So a thread that waits keeps looking at the count of arrivals
for some fifty microseconds; then it returns to Python, which lets another thread run (there may be more of them than
cores).
"""

import numpy as np
import numpy.typing as npt

from abm.numerics.bits import atomic_next, atomic_read
from abm.numerics.jit import inline, int64

ABORTED = 1 << 60  # so many never arrive
_LOOKS = 100_000

Arrivals = npt.NDArray[np.int64]  # [1]


@inline
def arrive(arrivals: Arrivals, threads: int) -> int:
    """Count one arrival; return how many there are once all threads have come this time."""
    return (int64(atomic_next(arrivals, 0)) // threads + 1) * threads


@inline
def wait(arrivals: Arrivals, due: int) -> bool:
    """Look for a while whether so many have arrived."""
    looks = 0
    while looks < _LOOKS and atomic_read(arrivals, 0) < due:
        looks += 1
    return looks < _LOOKS


@inline
def is_aborted(arrivals: Arrivals) -> bool:
    """Say whether nobody need wait any more: a thread will not come."""
    return int64(atomic_read(arrivals, 0)) >= ABORTED
