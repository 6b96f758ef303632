"""How far some jobs have got, in consumer-weeks."""

import threading
from collections.abc import Callable

ProgressCallback = Callable[[int, int], None]  # consumer-weeks done and in total


class Progress:
    """Adds up what is done; safe to call from several threads.

    Parameters
    ----------
    callback : callable, optional
        Called with the consumer-weeks done and in total after each change.
    total : int
        Consumer-weeks expected; may grow while jobs are running.
    """

    def __init__(self, callback: ProgressCallback | None = None, total: int = 0) -> None:
        self._callback, self.total, self.done = callback, total, 0
        self._lock = threading.Lock()

    def expect(self, consumer_weeks: int) -> None:
        """Announce more (or, negative, less) to do."""
        with self._lock:
            self.total += consumer_weeks
        self.add(0)

    def add(self, consumer_weeks: int) -> None:
        """Report so much as done."""
        with self._lock:
            self.done += consumer_weeks
            if self._callback is not None:
                self._callback(self.done, max(self.total, self.done))
