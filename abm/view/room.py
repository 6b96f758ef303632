"""How many consumers a server holds at once, over all of its visitors."""

import threading
import weakref

MOST_CONSUMERS = 1_000_000  # in one market
MOST_IN_ALL = 12_000_000  # on one server: about 60 bytes a consumer and 8 a tie


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

    def take(self, owner: object, n_consumers: int) -> bool:
        """Say whether there is room for so many more, and keep it until ``owner`` is garbage."""
        with self._lock:
            if self._taken + n_consumers > self._most:
                return False
            self._taken += n_consumers
        weakref.finalize(owner, self._leave, n_consumers)
        return True

    def _leave(self, n_consumers: int) -> None:
        with self._lock:
            self._taken -= n_consumers
