"""The same bytes on any number of threads."""

import pytest

from abm.networks import Network, build, csr_builder

FAMILIES = ("small_world", "scale_free", "random", "regular", "communities", "ring", "procedural")


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut the work so small that many chunks are in progress at the same time."""
    monkeypatch.setattr(csr_builder, "CHUNK", 512)
    monkeypatch.setattr(csr_builder, "_ROW_CHUNK", 256)


@pytest.mark.needs_compiled
@pytest.mark.parametrize("family", FAMILIES)
def test_threads_do_not_show(family: str, small_chunks: None) -> None:
    network = Network(family=family, degree=10, rewiring=0.5)
    expected = build(network, n=30_000, seed=4, threads=1)
    for threads in (2, 3, 8):
        for _ in range(3):
            found = build(network, n=30_000, seed=4, threads=threads)
            assert found.indptr.tobytes() == expected.indptr.tobytes()
            assert found.indices.tobytes() == expected.indices.tobytes()
