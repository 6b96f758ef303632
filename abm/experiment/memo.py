"""Values that several jobs need, such as networks: computed once, by the first thread that asks."""

import threading
from collections.abc import Callable
from typing import Any


class Memo:
    """Computed values by key; safe to call from several threads."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: str, compute: Callable[[], Any]) -> Any:
        """Return the value of a key, computing it if nobody has yet.

        Parameters
        ----------
        key : str
        compute : function without arguments
        """
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._values:
                self._values[key] = compute()
            return self._values[key]

    def forget(self, key: str) -> None:
        """Drop the value of a key, if there is one."""
        with self._lock:
            self._values.pop(key, None)
