"""Bass (1969): the model follows the weekly map, not the continuous closed form."""

import numpy as np
import pytest

from abm.verify import bass

pytestmark = pytest.mark.needs_compiled


def test_the_map_is_not_the_continuous_curve() -> None:
    p, q = 0.03, 0.38
    decay = np.exp(-(p + q) * 5)
    continuous = (1 - decay) / (1 + q / p * decay)
    assert abs(continuous - 0.33120) < 5e-6
    assert abs(bass.simulated(p, q, 5, 100_000, seed=6)[5] - continuous) > 0.05
