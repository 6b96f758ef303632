"""A plain parallel Numba loop over neighbours, in one process on all cores."""

from collections.abc import Callable

import numpy as np
from numba import njit, prange

from benchmarks import work

TITLE, PACKAGES, WEEKS = "plain Numba gather", (), 20


@njit(parallel=True)
def _gather(indptr, indices, state, after, taste):
    for i in prange(state.size):
        after[i] = state[i]
        if np.random.random() < work.RATE:  # noqa: NPY002 - what Numba compiles
            count = 0
            for tie in range(indptr[i], indptr[i + 1]):
                count += state[indices[tie]]
            utility = taste[i] + work.STRENGTH * count / (indptr[i + 1] - indptr[i])
            after[i] = np.random.random() < 1 / (1 + np.exp(-utility))  # noqa: NPY002


def prepare(given: work.Work) -> Callable[[int], None]:
    """Set up two copies of the state, one to read and one to write."""
    states = [given.starters.copy(), np.empty(given.n, np.uint8)]

    def run(weeks: int) -> None:
        for _ in range(weeks):
            _gather(given.indptr, given.indices, states[0], states[1], given.taste)
            states.reverse()

    return run
