import numpy as np
import pytest
from numba import config

from abm.networks import CSR


@pytest.fixture(scope="session")
def n_many() -> int:
    """Return how many consumers a statistical test takes: fewer where nothing is compiled."""
    return 4_000 if config.DISABLE_JIT else 40_000


@pytest.fixture(scope="session")
def assert_simple():
    def check(csr: CSR, n: int) -> None:
        assert csr.indptr.dtype == np.int64
        assert csr.indices.dtype == np.uint32
        assert csr.indptr.shape == (n + 1,)
        assert csr.indptr[0] == 0
        assert csr.indptr[-1] == csr.indices.size
        rows = np.repeat(np.arange(n), np.diff(csr.indptr))
        others = csr.indices.astype(np.int64)
        assert np.all(others < n)
        assert np.all(rows != others), "a loop"
        keys = rows * n + others
        assert np.all(np.diff(keys) > 0), "a row out of order or a double tie"
        assert np.array_equal(np.sort(others * n + rows), keys), "a tie in one direction only"

    return check
