"""Jobs in threads: all done, progress is reported, and errors and Ctrl-C stop what has not begun."""

import threading
import time

import pytest

from abm.experiment.allocation import Allocation
from abm.experiment.executor import Executor, Job
from abm.experiment.progress import Progress

TWO = Allocation(2, 1, in_processes=False)


def test_all_jobs_are_done_and_count_once_they_are() -> None:
    done: list[int] = []
    steps: list[tuple[int, int]] = []
    progress = Progress(lambda done, total: steps.append((done, total)), total=60)
    jobs = [Job(str(i), 10, lambda i=i: done.append(i)) for i in range(6)]
    Executor(TWO, progress).run(jobs)
    assert sorted(done) == list(range(6))
    assert steps == [(10 * i, 60) for i in range(1, 7)]


def test_what_reports_its_progress_itself_is_not_counted_twice() -> None:
    progress = Progress()
    job = Job("a", 10, lambda: progress.add(10), reports_progress=True)
    Executor(TWO, progress).run([job])
    assert progress.done == 10


def test_without_jobs_nothing_happens() -> None:
    Executor(TWO, Progress()).run([])
    Executor(TWO._replace(in_processes=True), Progress()).run([])


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_stops_the_others(error: type[BaseException]) -> None:
    """Those that have begun see that they should stop, the rest is never begun."""
    began: list[int] = []
    stopped = threading.Event()
    executor = Executor(TWO, Progress())

    def fail() -> None:
        raise error

    def work(i: int) -> None:
        began.append(i)
        if executor.stopping.wait(timeout=300):
            stopped.set()

    with pytest.raises(error):
        executor.run(
            [Job("0", 1, lambda: work(0)), Job("x", 1, fail), *(Job(str(i), 1, lambda: work(9)) for i in range(9))]
        )
    assert stopped.is_set()
    assert len(began) <= 2


def test_no_more_at_the_same_time_than_allocated() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1

    Executor(TWO, Progress()).run([Job(str(i), 1, work) for i in range(8)])
    assert most <= 2
