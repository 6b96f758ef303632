"""Live models for tests."""

from __future__ import annotations

from typing import Any

from abm.view.capacity import Capacity
from abm.view.live_model import LiveModel
from abm.view.session import ParameterChanges, Session
from abm.view.settings import SINCE_LAUNCH, load_settings


def make_live_model(
    capacity: Capacity | None = None, parameter_changes: ParameterChanges | None = None, **changes: Any
) -> LiveModel:
    """Return a live model of the West and Asia, 2,000 consumers each, or with other values."""
    values = {"seed": 3, "consumers": 2000, "clock": SINCE_LAUNCH, "market_1": "west", "market_2": "asia"}
    session = Session(load_settings(), parameter_changes or ParameterChanges(), capacity or Capacity())
    return LiveModel(session=session, **(values | changes))
