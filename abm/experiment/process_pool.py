"""Tasks in processes of their own, with Ctrl-C left to the one that started them."""

import os
import signal
import threading
import time
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
    KeyboardInterrupt
        Ctrl-C; the processes are ended at once.
    """
    from loky import ProcessPoolExecutor  # takes longer to import than a small experiment to run
    from loky.process_executor import TerminatedWorkerError

    if not tasks:
        return
    with _deaf_to_ctrl_c():
        pool = ProcessPoolExecutor(min(n, len(tasks)), initializer=_begin, initargs=(os.getpid(),))
        futures = {pool.submit(work, task): task for task in tasks}
    stopped = False
    try:
        for future in as_completed(futures):
            future.result()
            done(futures[future])
    except TerminatedWorkerError:
        raise WorkerLost("a worker process was ended from outside, perhaps for want of memory") from None
    except KeyboardInterrupt:
        stopped = True
        raise
    finally:
        with _deaf_to_ctrl_c():
            for future in futures if not stopped else ():
                future.cancel()
            pool.shutdown(kill_workers=stopped)


def _begin(starter: int) -> None:
    """Prepare a process for its work: it ends with the one that started it, and leaves Ctrl-C and the cache to it."""
    from numba.core import caching

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(starter,), daemon=True).start()
    # Processes that save compiled code at the same moment may mix up their files.
    caching.Cache.save_overload = lambda *_: None


def _end_with(starter: int) -> None:
    while os.getppid() == starter:
        time.sleep(1.0)
    os._exit(1)


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Ignore Ctrl-C for a moment: processes that are started meanwhile ignore it from their first line on."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say so
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
