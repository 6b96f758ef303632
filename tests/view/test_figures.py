"""The figures of a live model, without a browser."""

from __future__ import annotations

import io
import time
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image

from abm.view.figures import Figures
from abm.view.lever_buttons import LEVER_BUTTONS
from abm.view.network_sample import MAX_NODES_DRAWN
from tests.view.models import make_live_model

pytestmark = pytest.mark.needs_compiled


def decoded(data_uri: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(b64decode(data_uri.split(",")[1]))))


def test_all_figures_change_with_the_weeks() -> None:
    model = make_live_model()
    figures = Figures(model)
    first = figures.images()
    assert figures.images() is first  # not drawn twice
    model.run_for(30)
    later = figures.images()
    assert set(first) == {"network 0", "network 1", "shoppers", "sales", "states", "taste", "friends"}
    for name, data_uri in later.items():
        assert not np.array_equal(decoded(data_uri), decoded(first[name])), name
        assert decoded(data_uri).shape[1] > 500
    model.press("west", LEVER_BUTTONS[0])
    assert figures.images()["shoppers"] != later["shoppers"]


def test_at_most_five_hundred_nodes_are_drawn() -> None:
    for names in ({"market_2": "none"}, {}, {"market_3": "uk", "market_4": "japan"}):
        assert Figures(make_live_model(consumers=1000, **names)).n_nodes_drawn <= MAX_NODES_DRAWN


@pytest.mark.slow
def test_a_week_of_100_000_consumers_in_half_a_second() -> None:
    """Two markets of 100,000: a step and all seven figures; all threads' work is counted, not the wait for others'."""
    model = make_live_model(consumers=100_000)
    figures = Figures(model)
    model.step()
    figures.images()
    seconds = []
    for _ in range(8):
        start = time.process_time()
        model.step()
        figures.images()
        seconds.append(time.process_time() - start)
    assert min(seconds) < 0.5
