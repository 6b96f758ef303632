"""A visitor's session: what stays the same when a page is reset."""

from typing import Any, NamedTuple

from abm.view.capacity import Capacity
from abm.view.settings import Settings


class ParameterChanges:
    """Parameter values that a visitor has set, by market and dotted path; they survive a reset."""

    def __init__(self) -> None:
        self.values: dict[str, dict[str, Any]] = {}

    def set(self, market: str, path: str, value: Any) -> None:
        """Store a value.

        Parameters
        ----------
        market : str
            Name of the market.
        path : str
            Such as ``norm.strength``.
        value : value
        """
        self.values.setdefault(market, {})[path] = value


class Session(NamedTuple):
    """What stays the same from one reset of a page to the next."""

    settings: Settings
    parameter_changes: ParameterChanges
    capacity: Capacity  # shared by all visitors


class LeverPull(NamedTuple):
    """A lever that a visitor has pulled."""

    week: int
    market: str
    label: str
    active_until: int | None  # the week in which it no longer acts
