"""Threads that share a week: what happens when one of them fails, and what is compiled for them."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from abm import Market, Simulation
from abm.engine import kernel


@pytest.mark.needs_compiled
@pytest.mark.parametrize("failing", [0, 1, 2])
def test_no_thread_waits_for_one_that_failed(failing: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its error reaches the caller, and the others come to an end."""
    simulation = Simulation([Market(consumers=40_000)], seed=1, threads=3)
    simulation.advance(1)
    run_weeks = kernel.run_weeks

    def fails(run: Any, first_week: int, partition: kernel.ThreadPartition, *others: Any) -> Any:
        if partition.number == failing:
            raise MemoryError("out of memory")
        return run_weeks(run, first_week, partition, *others)

    monkeypatch.setattr(kernel, "run_weeks", fails)
    with pytest.raises(MemoryError, match="out of memory"):
        simulation.advance(1_000)


@pytest.mark.needs_compiled
def test_no_thread_waits_for_one_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    simulation = Simulation([Market(consumers=40_000)], seed=1, threads=3)
    simulation.advance(1)
    submit, started = ThreadPoolExecutor.submit, []

    def one_only(pool: ThreadPoolExecutor, *work: Any) -> Future[Any]:
        if started:
            raise RuntimeError("can't start new thread")
        started.append(work)
        return submit(pool, *work)

    monkeypatch.setattr(ThreadPoolExecutor, "submit", one_only)
    with pytest.raises(RuntimeError, match="new thread"):
        simulation.advance(1_000)


@pytest.mark.needs_compiled
def test_one_thread_and_several_run_the_same_compiled_code() -> None:
    """A week is compiled once for each width of counts, however many threads share it."""
    markets = [Market(consumers=40_000)]
    Simulation(markets, seed=1, threads=1).advance(1)
    compiled = len(kernel.run_weeks.overloads)
    for threads in (2, 3, 8):
        Simulation(markets, seed=1, threads=threads).advance(1)
    assert len(kernel.run_weeks.overloads) == compiled
