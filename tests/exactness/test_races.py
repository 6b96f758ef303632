"""Eight threads tell at once, each in news of its own: nothing is lost; a planted race, which does lose, is noticed."""

import os
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
def scatter_counts(senders_mask, plus, first_block, last_block, ties, news, messages):
    """Tell as the week does, compiled and without Python's global lock."""
    kernel.scatter_counts(senders_mask, plus, first_block, last_block, ties, ties.procedures, news, messages)


def crowd(n: int = 4096, degree: int = 120) -> Simulation:
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


def lost(simulation: Simulation, room_of: Callable[[int], int]) -> int:
    """Return by how much the news are wrong after everyone told all neighbours; ``room_of``: where threads write."""
    state, ties = simulation.population.state, simulation.population.adjacency
    rooms, news = kernel.new_workspaces(state, THREADS)

    def tell(thread: int, block: int) -> None:
        told, messages = rooms[room_of(thread)].delta, rooms[thread].senders
        scatter_counts(state.switched, state.mode, block, block + 1, ties, told.n_super, messages)
        scatter_counts(state.let_down, state.let_down, block, block + 1, ties, told.n_let_down, messages)

    tell(0, 0)  # compiled before the threads start
    for told in news:
        told[:] = 0
    together(tell, state.mode.size)
    return int(sum(np.abs(told.sum(axis=0, dtype=np.int64) - ties.n_neighbors).sum() for told in news))


def own(thread: int) -> int:
    return thread


def shared(thread: int) -> int:
    """Plant a race: all threads change the same numbers."""
    return 0


@pytest.mark.parametrize("degree", [3, 120, 600])  # counts of 8 and of 16 bits
def test_no_message_is_lost(degree: int) -> None:
    simulation = crowd(degree=degree)
    assert [lost(simulation, own) for _ in range(20)] == [0] * 20


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="on one core threads hardly ever interrupt each other")
def test_a_planted_race_is_noticed() -> None:
    """With so many ties, messages get lost in the first rounds or soon after."""
    simulation = crowd(degree=600)
    assert any(lost(simulation, shared) for _ in range(500))


def test_a_planted_race_is_noticed_on_any_machine() -> None:
    """A race made certain: every thread reads the news, waits for the others, and then writes what it worked out."""
    simulation = crowd(n=1024, degree=60)
    state, ties = simulation.population.state, simulation.population.adjacency
    rooms, news = kernel.new_workspaces(state, THREADS)
    everybodys = np.zeros_like(state.n_super)
    meeting = threading.Barrier(THREADS)

    def stale(thread: int, block: int) -> None:
        told = rooms[thread].delta.n_super
        scatter_counts(state.switched, state.mode, block, block + 1, ties, told, rooms[thread].senders)
        before = everybodys.copy()
        meeting.wait()
        everybodys[:] = before + told
        told[:] = 0

    assert state.mode.size % THREADS == 0  # so that all threads meet equally often
    together(stale, state.mode.size)
    assert everybodys.sum() != ties.n_neighbors.sum()
    assert not news.n_super.any()


def test_counts_are_those_of_the_modes_week_after_week() -> None:
    """After every week on eight threads, the counts that were passed on equal a count from scratch."""
    simulation = Simulation(busy.markets(9000), seed=3, levers=busy.LEVERS, threads=THREADS)
    for _ in range(6):
        simulation.advance(1)
        state, ties = simulation.population.state, simulation.population.adjacency
        for bits, counts in ((state.mode, state.n_super), (state.let_down, state.n_let_down)):
            neighbors = unpack(bits)[ties.indices].astype(np.int64)
            sums = np.concatenate([[0], np.cumsum(neighbors)])
            ends = np.cumsum(ties.n_neighbors, dtype=np.int64)
            np.testing.assert_array_equal(counts, sums[ends] - sums[ends - ties.n_neighbors])


def test_many_runs_on_eight_threads_are_one_run() -> None:
    """Twenty times the same weeks on eight threads: one result."""
    results = set()
    for _ in range(20):
        simulation = Simulation(busy.markets(6000), seed=3, levers=busy.LEVERS, threads=THREADS)
        simulation.advance(5)
        results.add(simulation.trajectory().tallies.tobytes() + simulation.population.state.trust.tobytes())
    assert len(results) == 1
