"""Bass (1969): awareness by advertising p and word of mouth q, everyone who knows the shop stays with it."""

import numpy as np
import pytest

from abm import Market, simulate
from tests.theory.expected import bass

pytestmark = pytest.mark.needs_compiled

TOLERANCE = {100_000: 0.018, 1_000_000: 0.0055}
PRODUCTS = {  # Bass (1969), table 1
    "refrigerator": (0.0026, 0.216),
    "black-and-white television": (0.0279, 0.251),
    "air conditioner": (0.0104, 0.419),
    "clothes dryer": (0.0172, 0.357),
    "electric blanket": (0.0059, 0.244),
    "record player": (0.0248, 0.654),
}


def adoption(p: float, q: float, n: int, weeks: int, seed: int) -> np.ndarray:
    market = Market(
        consumers=n, awareness={"advertising": p, "word_of_mouth": q, "initial": 0.0},
        choice={"noise": "none", "reversible": False}, preference={"mean": 100.0},
    )  # fmt: skip
    return simulate(market, weeks=weeks, seed=seed).table["adoption"].to_numpy()


def test_the_map_has_the_published_values() -> None:
    curve = bass(0.03, 0.38, 20)
    np.testing.assert_allclose([curve[5], curve[10], curve[20]], [0.27291, 0.78264, 0.99839], atol=5e-6)
    assert np.argmax(np.diff(curve)) + 1 == 8


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_curve(seed: int) -> None:
    shares = adoption(0.03, 0.38, 100_000, 20, seed)
    np.testing.assert_allclose(shares, bass(0.03, 0.38, 20), atol=TOLERANCE[100_000])
    assert np.argmax(np.diff(shares)) + 1 == 8


@pytest.mark.slow
def test_curve_of_a_million() -> None:
    np.testing.assert_allclose(adoption(0.03, 0.38, 1_000_000, 20, 4), bass(0.03, 0.38, 20), atol=TOLERANCE[1_000_000])


@pytest.mark.parametrize("product", PRODUCTS)
def test_products(product: str) -> None:
    p, q = PRODUCTS[product]
    np.testing.assert_allclose(adoption(p, q, 100_000, 30, 5), bass(p, q, 30), atol=TOLERANCE[100_000])


def test_the_map_is_not_the_continuous_curve() -> None:
    p, q = 0.03, 0.38
    decay = np.exp(-(p + q) * 5)
    continuous = (1 - decay) / (1 + q / p * decay)
    assert abs(continuous - 0.33120) < 5e-6
    assert abs(adoption(p, q, 100_000, 5, 6)[5] - continuous) > 0.05
