"""How many consumers a server holds at once, over all of its visitors, and how their memory is released."""

import ctypes
import gc
import sys
import threading
import weakref
from collections.abc import Callable

MAX_CONSUMERS_PER_MARKET = 1_000_000
MAX_CONSUMERS = 12_000_000  # of all visitors: about 60 bytes a consumer and 8 a tie
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # parameter numbers of mallopt(3)


class Capacity:
    """Counts the consumers of live models against a maximum; a model that is deleted gives its share back.

    Parameters
    ----------
    max_consumers : int
    """

    def __init__(self, max_consumers: int = MAX_CONSUMERS) -> None:
        self._max_consumers = max_consumers
        self._reserved = 0
        self._lock = threading.Lock()

    @property
    def reserved(self) -> int:
        """Consumers in live models."""
        return self._reserved

    def reserve(self, owner: object, n_consumers: int) -> Callable[[], object] | None:
        """Reserve capacity for a model.

        Parameters
        ----------
        owner : object
            The model; when it is deleted the capacity is released.
        n_consumers : int

        Returns
        -------
        callable or None
            Releases the capacity; None if there is not enough of it.
        """
        with self._lock:
            if self._reserved + n_consumers > self._max_consumers:
                return None
            self._reserved += n_consumers
        return weakref.finalize(owner, self._release, n_consumers)

    def _release(self, n_consumers: int) -> None:
        with self._lock:
            self._reserved -= n_consumers


def return_freed_arrays_at_once() -> None:
    """Let the allocator return arrays to the system as soon as they are freed.

    By default the GNU allocator keeps an arena for each of many threads, and maps an array separately only above a
    size that it raises (up to 32 MB) with each one freed: the arenas stay fragmented after every visit. Settings made
    here turn that adjustment off.
    """
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_M_MMAP_THRESHOLD, 1 << 18)
        libc.mallopt(_M_ARENA_MAX, 2)


def release_memory_soon() -> None:
    """Return freed memory to the system in a second, when the references of a closing page are gone."""
    timer = threading.Timer(1.0, _release_memory)
    timer.daemon = True
    timer.start()


def _release_memory() -> None:
    """Collect garbage and trim: the GNU allocator keeps what threads freed until it is asked to."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
