"""A live model that waits for its figures to be drawn before it simulates the next week."""

from __future__ import annotations

import threading
from typing import Any, Self

from mesa.visualization.utils import update_counter

from abm.view.live_model import LiveModel

_DRAWING_TIMEOUT = 5.0  # seconds that a playing model waits for its figures


class PacedLiveModel(LiveModel):
    """A live model that does not run ahead of its figures.

    Mesa plays in a thread of its own. While another thread is drawing, a call to redraw only raises a counter and
    returns; a model that did not wait would run to its last week, and could not be paused.
    """

    def __new__(cls, **values: Any) -> Self:  # not in __init__: its signature tells Mesa which parameters there are
        """Create the condition on which ``step`` waits."""
        model = super().__new__(cls)
        model._event_thread = threading.get_ident()  # it handles clicks and draws: there a wait would not end
        model._n_drawn, model._drawing_done = 0, threading.Condition()
        return model

    def step(self) -> None:
        """Simulate a week, once the last one has been drawn (or after a timeout, if the page is closed)."""
        if threading.get_ident() != self._event_thread:
            with self._drawing_done:
                self._drawing_done.wait_for(lambda: self._n_drawn >= update_counter.peek(), timeout=_DRAWING_TIMEOUT)
        super().step()

    def set_drawn(self, number: int) -> None:
        """Record that the redraw of this number is done, and let ``step`` continue."""
        with self._drawing_done:
            self._n_drawn = number
            self._drawing_done.notify_all()
