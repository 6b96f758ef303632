"""Eight threads write the same counts: nothing is lost; and a planted race, which does lose, is noticed."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from abm import Market, Simulation, kernel
from abm.arrays import Population
from abm.population import unpack

from . import busy

THREADS = 8
own = threading.local()  # each thread's room
pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="plain Python runs on one thread")


def crowd(n: int = 4096, degree: int = 120, **values: object) -> Population:
    """Return a population with many ties in which everyone has just switched to super and was let down."""
    market = Market(
        consumers=n, network={"family": "random", "degree": degree}, trust={"bad_news": 0.5, "service_quality": 0.5},
        **values,
    )  # fmt: skip
    population = Simulation([market], seed=1).population
    everyone = np.uint64(0xFFFFFFFFFFFFFFFF)
    for bits in (population.state.mode, population.state.switched, population.state.let_down):
        bits[:] = everyone
    return population


def together(population: Population, tell: Callable[[Population, int, int], None]) -> None:
    """Let eight threads start at once, each with every eighth block."""
    n_blocks = population.state.mode.size
    start = threading.Barrier(THREADS)

    def work(thread: int) -> None:
        start.wait()
        for block in range(thread, n_blocks, THREADS):
            tell(population, block, block + 1)

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work, thread) for thread in range(THREADS)]:
            done.result()


def lost(population: Population, tell: Callable[[Population, int, int], None]) -> int:
    """Return by how much the counts are wrong after everyone has told all neighbours, starting from zero."""
    state = population.state
    degree = np.diff(population.ties.indptr)
    state.n_super[:] = 0
    state.n_let_down[:] = 0
    together(population, tell)
    return int(sum(np.abs(counts.astype(np.int64) - degree).sum() for counts in (state.n_super, state.n_let_down)))


def tell_neighbors(population: Population, first: int, last: int, *, atomic: bool) -> None:
    """Call the kernel as a week on several threads does (or, without atomic adds, as one thread alone would)."""
    if not hasattr(own, "room"):
        own.room = kernel.new_room()
    kernel.pass_on(population, first, last, atomic, own.room)


def shared(population: Population, first: int, last: int) -> None:
    tell_neighbors(population, first, last, atomic=True)


def racy(population: Population, first: int, last: int) -> None:
    tell_neighbors(population, first, last, atomic=False)


@pytest.mark.parametrize("degree", [3, 120, 600])  # counts of 8 and of 16 bits
def test_no_message_is_lost(degree: int) -> None:
    population = crowd(degree=degree)
    shared(population, 0, 1)  # compiled before the threads start
    assert [lost(population, shared) for _ in range(20)] == [0] * 20


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="on one core threads hardly ever interrupt each other")
def test_a_planted_race_is_noticed() -> None:
    """Plain adds in place of atomic ones: with so many ties, messages get lost in the first rounds or soon after."""
    population = crowd(degree=600)
    racy(population, 0, 1)
    assert any(lost(population, racy) for _ in range(500))


def test_a_planted_race_is_noticed_on_any_machine() -> None:
    """A race made certain: every thread reads the counts, waits for the others, and then writes what it worked out."""
    population = crowd(n=1024, degree=60)
    n_blocks = population.state.mode.size
    meeting = threading.Barrier(THREADS)
    per_thread = n_blocks // THREADS

    def stale(population: Population, first: int, last: int) -> None:
        own = np.zeros_like(population.state.n_super)
        private = population._replace(state=population.state._replace(n_super=own))
        racy(private, first, last)
        before: NDArray[np.int64] = population.state.n_super.astype(np.int64)
        meeting.wait()
        population.state.n_super[:] = before + own

    assert per_thread * THREADS == n_blocks  # so that all threads meet equally often
    assert lost(population, stale) > 0


def test_counts_are_those_of_the_modes_week_after_week() -> None:
    """After every week on eight threads, the counts that were passed on equal a count from scratch."""
    simulation = Simulation(busy.markets(9000), seed=3, levers=busy.LEVERS, threads=THREADS)
    for _ in range(6):
        simulation.advance(1)
        state, ties = simulation.population.state, simulation.population.ties
        for bits, counts in ((state.mode, state.n_super), (state.let_down, state.n_let_down)):
            neighbors = unpack(bits)[ties.indices].astype(np.int64)
            sums = np.concatenate([[0], np.cumsum(neighbors)])
            np.testing.assert_array_equal(counts, np.diff(sums[ties.indptr]))


def test_many_runs_on_eight_threads_are_one_run() -> None:
    """Twenty times the same weeks on eight threads: one result."""
    results = set()
    for _ in range(20):
        simulation = Simulation(busy.markets(6000), seed=3, levers=busy.LEVERS, threads=THREADS)
        simulation.advance(5)
        results.add(simulation.trajectory().tallies.tobytes() + simulation.population.state.trust.tobytes())
    assert len(results) == 1
