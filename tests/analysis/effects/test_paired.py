import numpy as np
import pytest

from abm.analysis.effects.paired import paired_difference, ratio_of_means

pytestmark = pytest.mark.needs_compiled


def test_a_difference_is_paired() -> None:
    usual = np.array([1.0, 5.0, 9.0, 2.0])
    found = paired_difference(usual + np.array([0.9, 1.1, 1.0, 1.0]), usual)
    assert found.value == pytest.approx(1.0)
    assert found.se == pytest.approx(np.std([0.9, 1.1, 1.0, 1.0], ddof=1) / 2)
    assert found.se_independent == pytest.approx(np.sqrt(2 * usual.var(ddof=1) / 4), rel=0.05)
    assert found.low < 1 < found.high
    assert found.certain


def test_nothing_is_exactly_nothing() -> None:
    same = np.array([3.0, 4.0])
    found = paired_difference(same, same)
    assert (found.value, found.low, found.high, found.se) == (0, 0, 0, 0)
    assert not found.certain


def test_one_replicate_has_no_interval() -> None:
    found = paired_difference(np.array([2.0]), np.array([1.0]))
    assert found.value == 1
    assert np.isnan([found.low, found.high, found.se, found.se_independent]).all()


def test_a_ratio_covers_the_truth_as_often_as_it_says() -> None:
    """95 % intervals of a known ratio, 2000 samples of 12: between 93 and 97 %."""
    rng = np.random.default_rng(0)
    whole = rng.normal(10, 2, (2000, 12))
    part = 0.3 * whole + rng.normal(0, 1, (2000, 12))
    found = [ratio_of_means(*sample) for sample in zip(part, whole, strict=True)]
    inside = np.mean([estimate.low < 0.3 < estimate.high for estimate in found])
    assert 0.93 < inside < 0.97


def test_a_ratio_to_nothing_is_none() -> None:
    assert np.isnan(ratio_of_means(np.array([1.0, 2.0, 1.0]), np.array([0.1, -0.1, 0.0])).value)
    assert np.isnan(ratio_of_means(np.array([1.0]), np.array([1.0])).value)
