"""Moving averages of the curves."""

from __future__ import annotations

import numpy as np
import pytest

from abm.view.curves import moving_average

pytestmark = pytest.mark.needs_compiled


def test_moving_average() -> None:
    np.testing.assert_allclose(moving_average(np.array([0.0, 4, 2, 6]), 2), [0, 4, 3, 4])
    np.testing.assert_allclose(moving_average(np.array([0.5, 0.7]), 1), [0.5, 0.7])
