"""How many consumers a server holds at once, over all of its visitors."""

import ctypes
import gc
import sys
import threading
import weakref
from collections.abc import Callable

MOST_CONSUMERS = 1_000_000  # in one market
MOST_IN_ALL = 12_000_000  # on one server: about 60 bytes a consumer and 8 a tie
_MAP_FROM, _MOST_HEAPS = -3, -8  # M_MMAP_THRESHOLD and M_ARENA_MAX of malloc.h


class Room:
    """Counts the consumers of live models; a model that is gone leaves its room."""

    def __init__(self, most: int = MOST_IN_ALL) -> None:
        self._most = most
        self._taken = 0
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        """Consumers in live models."""
        return self._taken

    def take(self, owner: object, n_consumers: int) -> Callable[[], object] | None:
        """Return what gives the room back (as does the end of ``owner``), or None if there is not enough."""
        with self._lock:
            if self._taken + n_consumers > self._most:
                return None
            self._taken += n_consumers
        return weakref.finalize(owner, self._leave, n_consumers)

    def _leave(self, n_consumers: int) -> None:
        with self._lock:
            self._taken -= n_consumers


def free_arrays_at_once() -> None:
    """Have arrays go back to the system when they are freed, not only once whole heaps are empty.

    By default GNU's allocator keeps a heap for each of many threads, and maps an array on its own only from a size that
    it raises (up to 32 MB) with each that is freed: the heaps stay torn after every visit. What is set once stays set.
    """
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_MAP_FROM, 1 << 18)
        libc.mallopt(_MOST_HEAPS, 2)


def tidy_up_soon() -> None:
    """Hand freed memory back to the system in a moment, once whoever is leaving has left."""
    timer = threading.Timer(1.0, _tidy_up)
    timer.daemon = True
    timer.start()


def _tidy_up() -> None:
    """Collect garbage; GNU's allocator keeps what threads freed until it is asked to trim."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
