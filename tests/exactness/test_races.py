"""Eight threads scatter counts at once and nothing is lost; a planted race, which does lose, is noticed."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from abm import Market, Simulation
from abm.engine import kernel
from abm.numerics.bits import unpack
from abm.numerics.jit import entry_point_without_nrt
from tests.exactness import busy

THREADS = 8
pytestmark = pytest.mark.needs_compiled


@entry_point_without_nrt
def scatter_counts(sends, plus, first_block, last_block, adjacency, delta, senders):
    """Scatter counts as the week does, compiled and without Python's global lock."""
    kernel.scatter_counts(sends, plus, first_block, last_block, adjacency, adjacency.procedures, delta, senders)


def all_switching(n: int = 4096, degree: int = 120) -> Simulation:
    """Return a market with many ties in which everyone has just switched to super and was let down."""
    market = Market(
        consumers=n, network={"family": "random", "degree": degree}, trust={"bad_news": 0.5, "service_quality": 0.5}
    )
    simulation = Simulation([market], seed=1)
    state = simulation.population.state
    for bits in (state.mode, state.switched, state.let_down):
        bits[:] = np.uint64(0xFFFFFFFFFFFFFFFF)
    return simulation


def together(work: Callable[[int, int], None], n_blocks: int) -> None:
    """Let eight threads start at once, each with every eighth block."""
    start = threading.Barrier(THREADS)

    def all_blocks(thread: int) -> None:
        start.wait()
        for block in range(thread, n_blocks, THREADS):
            work(thread, block)

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(all_blocks, thread) for thread in range(THREADS)]:
            done.result()


Scatter = Callable[[np.ndarray, np.ndarray, int, np.ndarray, np.ndarray], None]


def scatter_into(simulation: Simulation) -> Scatter:
    """Return what scatters the changes of one block of senders into counts."""
    adjacency = simulation.population.adjacency

    def scatter(sends: np.ndarray, plus: np.ndarray, block: int, delta: np.ndarray, senders: np.ndarray) -> None:
        scatter_counts(sends, plus, block, block + 1, adjacency, delta, senders)

    return scatter


def racing(scatter: Scatter) -> Scatter:
    """Plant a race made certain: every thread reads the counts, waits for the others, and writes what it made of them.

    Left to chance, threads that take turns on a busy machine may lose nothing for a long time.
    """
    everybody_has_read = threading.Barrier(THREADS)

    def stale(sends: np.ndarray, plus: np.ndarray, block: int, delta: np.ndarray, senders: np.ndarray) -> None:
        own = np.zeros_like(delta)
        scatter(sends, plus, block, own, senders)
        before = delta.copy()
        everybody_has_read.wait()
        delta[:] = before + own

    return stale


def lost(simulation: Simulation, scatter: Scatter, workspace_of: Callable[[int], int]) -> int:
    """Return by how much counts are wrong after all changed those of all; ``workspace_of``: where a thread writes."""
    state, adjacency = simulation.population.state, simulation.population.adjacency
    workspaces, deltas = kernel.new_workspaces(simulation.population, simulation.mechanisms, THREADS)

    def scatter_both(thread: int, block: int) -> None:
        delta, senders = workspaces[workspace_of(thread)].delta, workspaces[thread].senders
        scatter(state.switched, state.mode, block, delta.n_super, senders)
        scatter(state.let_down, state.let_down, block, delta.n_let_down, senders)

    assert state.mode.size % THREADS == 0  # so that threads which wait for each other wait equally often
    together(scatter_both, state.mode.size)
    return int(sum(np.abs(delta.sum(axis=0, dtype=np.int64) - adjacency.n_neighbors).sum() for delta in deltas))


def own(thread: int) -> int:
    return thread


def shared(thread: int) -> int:
    """All threads change the same numbers."""
    return 0


@pytest.mark.parametrize("degree", [3, 120, 600])  # counts of 8 and of 16 bits
def test_no_change_is_lost(degree: int) -> None:
    simulation = all_switching(degree=degree)
    assert [lost(simulation, scatter_into(simulation), own) for _ in range(20)] == [0] * 20


def test_a_planted_race_is_noticed() -> None:
    """Whether the threads run at the same time or take turns, on however many cores."""
    simulation = all_switching(n=1024, degree=60)
    scatter = racing(scatter_into(simulation))
    assert lost(simulation, scatter, shared) > 0
    assert lost(simulation, scatter, own) == 0


def test_counts_are_those_of_the_modes_week_after_week() -> None:
    """After every week on eight threads, the counts that were passed on equal a count from scratch."""
    simulation = Simulation(busy.markets(9000), seed=3, levers=busy.LEVERS, threads=THREADS)
    for _ in range(6):
        simulation.advance(1)
        state, adjacency = simulation.population.state, simulation.population.adjacency
        for bits, counts in ((state.mode, state.n_super), (state.let_down, state.n_let_down)):
            neighbors = unpack(bits)[adjacency.indices].astype(np.int64)
            sums = np.concatenate([[0], np.cumsum(neighbors)])
            ends = np.cumsum(adjacency.n_neighbors, dtype=np.int64)
            np.testing.assert_array_equal(counts, sums[ends] - sums[ends - adjacency.n_neighbors])


def test_many_runs_on_eight_threads_are_one_run() -> None:
    """Twenty times the same weeks on eight threads: one result."""
    results = set()
    for _ in range(20):
        simulation = Simulation(busy.markets(6000), seed=3, levers=busy.LEVERS, threads=THREADS)
        simulation.advance(5)
        results.add(simulation.trajectory().tallies.tobytes() + simulation.population.state.trust.tobytes())
    assert len(results) == 1
