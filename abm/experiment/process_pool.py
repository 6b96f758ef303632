"""A function called in worker processes, with Ctrl-C left to the process that started them."""

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from contextlib import contextmanager
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

from abm.base.errors import AbmError
from abm.base.owned_folder import owned_folder
from abm.numerics.jit import cache_in_use, keep_compiled_in, use_private_cache


class WorkerLost(AbmError):
    """A process ended before its work was done."""


def run_in_processes[Item](
    function: Callable[[Item], object],
    items: Sequence[Item],
    n_processes: int,
    done: Callable[[Item], None],
    plugins: Sequence[Path] = (),
    modules: Sequence[str] = (),
) -> None:
    """Call a function with each item in worker processes, and ``done`` with it here afterwards.

    Parameters
    ----------
    function : callable
        A function of a module, so that the processes find it.
    items : sequence
        Copied to the processes.
    n_processes : int
        Processes at the same time.
    done : callable
        Called in this process, as the items get done.
    plugins : sequence of path
        Loaded in every process before it does anything else.
    modules : sequence of str
        Imported there, too.

    Raises
    ------
    WorkerLost
        A process was ended from outside.
    Exception
        What ``function`` or ``done`` raises. Calls that have begun are finished, the others are not begun.
    KeyboardInterrupt
        Ctrl-C; the processes are ended at once.
    """
    if not items:
        return
    with owned_folder("abm-worker-caches-") as caches:
        with _deferring_ctrl_c():  # some of the modules take any exception for a missing part of themselves
            import loky.backend.resource_tracker  # here: takes longer to import than a small experiment to run

            for tracker in (resource_tracker, loky.backend.resource_tracker):
                tracker.ensure_running()  # started later, they would lift the block on Ctrl-C
        with _deferring_ctrl_c():
            pool = loky.ProcessPoolExecutor(
                min(n_processes, len(items)),
                initializer=_prepare_worker,
                initargs=(os.getpid(), cache_in_use(), caches, tuple(plugins), tuple(modules)),
            )
        futures: dict[Any, Item] = {}
        stopped = False
        try:
            with _deferring_ctrl_c():
                futures.update((pool.submit(function, item), item) for item in items)
            for future in as_completed(futures):
                future.result()
                done(futures[future])
        except loky.process_executor.TerminatedWorkerError:
            raise WorkerLost("a worker process was ended from outside, perhaps for want of memory") from None
        except KeyboardInterrupt:
            stopped = True
            raise
        finally:
            with _deferring_ctrl_c():
                for future in futures if not stopped else ():
                    future.cancel()
                pool.shutdown(kill_workers=stopped)


def _prepare_worker(starter: int, shared: Path, caches: Path, plugins: Sequence[Path], modules: Sequence[str]) -> None:
    """Prepare a process: it ends with the one that started it, ignores Ctrl-C and has a compile cache of its own.

    The plugins are those of the process that started it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cache = caches / str(os.getpid())
    use_private_cache(cache, shared)
    if plugins or modules:
        from abm.experiment.plugins import load_in_worker  # here: imports compiled functions, after the cache is set

        load_in_worker(plugins, modules)
        keep_compiled_in(cache)  # a copy of what was compiled with the same plugins
    threading.Thread(target=_end_with, args=(starter, caches), daemon=True).start()


def _end_with(starter: int, caches: Path) -> None:
    while os.getppid() == starter:
        time.sleep(1.0)
    shutil.rmtree(caches, ignore_errors=True)  # the last of them leaves nothing
    os._exit(1)


@contextmanager
def _deferring_ctrl_c() -> Iterator[None]:
    """Let Ctrl-C wait for a moment; processes that are started meanwhile do not notice it at all."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set a handler
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # which those processes inherit
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        signal.signal(signal.SIGINT, before)
        if came and callable(before):
            before(signal.SIGINT, None)
