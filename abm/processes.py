"""Tasks in processes of their own, with Ctrl-C left to the one that started them."""

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from contextlib import contextmanager

from abm.errors import AbmError


class WorkerLost(AbmError):
    """A process ended before its work was done."""


def in_processes[Task](
    work: Callable[[Task], object], tasks: Sequence[Task], n: int, done: Callable[[Task], None]
) -> None:
    """Do all tasks, ``n`` at the same time, and call ``done`` after each.

    Parameters
    ----------
    work : callable
        A function of a module, so that the processes find it.
    tasks : sequence
        What it is called with; copied to the processes.
    n : int
        Processes.
    done : callable
        Called here, as the tasks get done.

    Raises
    ------
    WorkerLost
        A process was ended from outside.
    Exception
        What ``work`` or ``done`` raises. Tasks that have begun are done to their end, the others are not begun.
    """
    from loky import BrokenProcessPool, ProcessPoolExecutor  # takes longer to import than a small experiment to run

    with _deaf_to_ctrl_c():
        pool = ProcessPoolExecutor(n)
        futures = {pool.submit(work, task): task for task in tasks}
    try:
        for future in as_completed(futures):
            future.result()
            done(futures[future])
    except BrokenProcessPool:
        raise WorkerLost("a worker process was ended from outside, perhaps for want of memory") from None
    finally:
        for future in futures:
            future.cancel()
        pool.shutdown()


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Ignore Ctrl-C for a moment: processes that are started meanwhile ignore it for good."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say so
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
