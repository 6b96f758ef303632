"""Capacity is shared by all models, and released with each."""

from __future__ import annotations

import gc

import pytest

from abm.view.capacity import Capacity
from tests.view.models import make_live_model

pytestmark = pytest.mark.needs_compiled


def test_capacity_is_released_with_its_model() -> None:
    capacity = Capacity(20_000)
    first = make_live_model(capacity=capacity)
    assert capacity.reserved == 8000
    assert make_live_model(capacity=capacity).markets["west"].consumers == 2000
    gc.collect()
    assert capacity.reserved == 8000
    first.close()
    assert capacity.reserved == 0
    first.step()  # by a task that has not noticed yet
    del first
    gc.collect()
    assert capacity.reserved == 0
