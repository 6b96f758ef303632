"""Rows of any length are sorted, whatever lies in them."""

import numpy as np
import pytest

from abm.networks.csr_builder import sort_rows
from abm.networks.graph_types import CSR

# Around the length from which neighbours far apart are sorted first, and around some of the distances.
LENGTHS = [0, 1, 2, 3, 47, 48, 49, 50, 57, 58, 132, 133, 700, 701, 702, 5_000]


@pytest.mark.parametrize("order", ["chance", "down", "up", "few values", "halves"])
def test_every_row_is_sorted_and_keeps_what_it_holds(order: str) -> None:
    chance = np.random.default_rng(1)
    rows = []
    for length in LENGTHS:
        row = chance.integers(0, 2**32, length, np.uint32)
        if order == "few values":
            row %= np.uint32(3)
        if order in {"down", "up", "halves"}:
            row.sort()
        if order == "down":
            row = row[::-1]
        if order == "halves":
            row = np.concatenate([row[1::2], row[::2]])
        rows.append(row)
    csr = CSR(np.concatenate([[0], np.cumsum(LENGTHS)]), np.concatenate(rows))
    sort_rows(csr, threads=1)
    for i, row in enumerate(rows):
        assert np.array_equal(csr.indices[csr.indptr[i] : csr.indptr[i + 1]], np.sort(row)), len(row)
