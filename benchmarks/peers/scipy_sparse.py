"""NumPy and a sparse matrix: what a scientist writes first."""

from collections.abc import Callable

import numpy as np

from benchmarks import work

TITLE, PACKAGES, WEEKS = "NumPy + scipy.sparse", (), 20


def prepare(given: work.Work) -> Callable[[int], None]:
    """Set up the matrix of ties."""
    import scipy.sparse as sp

    ones = np.ones(given.indices.size, np.float32)
    indices, indptr = given.indices.astype(np.int32), given.indptr.astype(np.int32)
    matrix = sp.csr_matrix((ones, indices, indptr), shape=(given.n, given.n))
    weight, rng = work.STRENGTH / given.degrees.astype(np.float32), np.random.default_rng(1)
    state = [given.starters.astype(np.float32)]

    def run(weeks: int) -> None:
        for _ in range(weeks):
            utility = given.taste + weight * (matrix @ state[0])
            occasion = rng.random(given.n, dtype=np.float32) < work.RATE
            wants = rng.random(given.n, dtype=np.float32) < 1 / (1 + np.exp(-utility))
            state[0] = np.where(occasion, wants, state[0]).astype(np.float32)

    return run
