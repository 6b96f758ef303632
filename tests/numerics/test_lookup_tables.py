"""The tables against other implementations; their bytes are frozen."""

import hashlib
import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.special import expit, ndtr, ndtri

from abm.mechanisms.choice import NOISES, p_super
from abm.numerics.fixed_point import ONE
from abm.numerics.lookup_tables import basket_of, baskets, choice_curves, normal_quantiles, taste_of
from tests.reference import arithmetic as exact

FROZEN = {
    "choice_curves": "931a07d9b17617c2671c05f22dcf25518efb9609ddacf9cb6f253b7cb6e2ef10",
    "normal_quantiles": "541bbe6c4e66a06cec5bb99c345e9dfdb1f5d31ca683c74cec856d8cb69f5397",
    "baskets(0.0)": "a0626dbd5025df08e19cbca8ff62fe3484e27b71383ddda42a028ba72b2bbd8f",
    "baskets(1.0)": "79a811ea9c6a5a39f72f22edddfc156d873ed70fd480cc1b08e504513f392ab9",
    "baskets(2.0)": "8c9f82a20b887c245850e5c452f92ff793b4812295e9e817cf28054162bec641",
}


def _tables() -> dict[str, np.ndarray]:
    tables = {"choice_curves": choice_curves(), "normal_quantiles": normal_quantiles()}
    return tables | {f"baskets({sigma})": baskets(sigma) for sigma in (0.0, 1.0, 2.0)}


@pytest.mark.parametrize("name", FROZEN)
def test_bytes_are_the_same_on_every_platform(name: str) -> None:
    table = _tables()[name]
    assert hashlib.sha256(table.astype("<i8").tobytes()).hexdigest() == FROZEN[name]


@pytest.mark.parametrize("name", FROZEN)
def test_nobody_can_write_into_them(name: str) -> None:
    with pytest.raises(ValueError, match="read-only"):
        _tables()[name].flat[0] = 1


def test_curves() -> None:
    grid = np.arange(-24 * 256, 24 * 256 + 1) / 256
    for curve, expected in zip(choice_curves(), (expit(grid), ndtr(grid)), strict=True):
        assert np.abs(curve / ONE - expected).max() < 2**-32
        assert (np.diff(curve) >= 0).all()
        assert (curve[0], curve[grid.size // 2], curve[-1]) == (0, ONE // 2, ONE)


@pytest.mark.parametrize(("noise", "function", "error"), [("logistic", expit, 2e-7), ("normal", ndtr, 5e-7)])
def test_chances_between_the_points(noise: str, function: np.ufunc, error: float) -> None:
    rng = np.random.default_rng(1)
    utilities = np.concatenate([rng.normal(0, 3, 20_000), rng.uniform(-30, 30, 2_000)])
    chances = np.array([p_super(int(v * ONE), NOISES[noise], choice_curves()) for v in utilities]) / ONE
    assert np.abs(chances - function(utilities)).max() < error


@given(st.integers(-40 * ONE, 40 * ONE), st.sampled_from(sorted(NOISES)))
@example(-24 * ONE, "logistic")
@example(24 * ONE - 1, "normal")
@example(24 * ONE, "normal")
def test_chances_equal_the_reference(utility: int, noise: str) -> None:
    assert p_super(utility, NOISES[noise], choice_curves()) == exact.p_super(utility, noise)


@given(st.integers(0, 2**32 - 1))
@example(0)
@example(63)
@example(64)
@example(2**31 - 1)
@example(2**31)
@example(2**32 - 1)
def test_tastes(word: int) -> None:
    z = taste_of(word, normal_quantiles())
    assert z == exact.normal(word)
    expected = -ndtri((word % 2**31 + 0.5) / 2**32) * (-1 if word >= 2**31 else 1)
    assert abs(z / 2**16 - expected) < 3e-5


def test_tastes_are_symmetric_and_bounded() -> None:
    words = [0, 1, 63, 64, 1000, 2**20 + 12345, 2**31 - 1]
    tastes = [taste_of(word, normal_quantiles()) for word in words]
    assert [-z for z in tastes] == [taste_of(word + 2**31, normal_quantiles()) for word in words]
    assert 6.2 < max(tastes) / 2**16 < 6.4
    assert min(tastes) == 0


def test_tastes_are_standard_normal() -> None:
    words = np.random.default_rng(2).integers(0, 2**32, 200_000)
    z = np.array([taste_of(int(word), normal_quantiles()) for word in words]) / 2**16
    assert abs(z.mean()) < 5 / math.sqrt(z.size)
    assert abs(z.std() - 1) < 5 / math.sqrt(2 * z.size)
    for q in (0.001, 0.1, 0.9, 0.999):
        assert abs((z < ndtri(q)).mean() - q) < 5 * math.sqrt(q * (1 - q) / z.size)


@given(st.integers(-419_430, 419_430), st.floats(0, 2))
@example(419_430, 2.0)
def test_baskets(taste: int, sigma: float) -> None:
    basket = basket_of(taste, baskets(sigma))
    assert basket == exact.basket(sigma, taste)
    expected = math.exp(sigma * taste / 2**16 - sigma * sigma / 2)
    assert abs(basket / 2**16 - expected) < 2**-16 + 2e-4 * expected


def test_baskets_without_spread_are_all_one() -> None:
    assert {basket_of(taste, baskets(0.0)) for taste in range(-400_000, 400_001, 999)} == {2**16}


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.0])
def test_largest_basket_fits_into_32_bits(sigma: float) -> None:
    assert baskets(sigma).min() >= 0
    assert baskets(sigma).max() < 2**32


@pytest.mark.parametrize("sigma", [0.5, 1.0])
def test_mean_basket_is_one(sigma: float) -> None:
    words = np.random.default_rng(3).integers(0, 2**32, 100_000)
    spends = np.array([basket_of(taste_of(int(word), normal_quantiles()), baskets(sigma)) for word in words]) / 2**16
    assert abs(spends.mean() - 1) < 5 * math.sqrt((math.exp(sigma**2) - 1) / words.size)
