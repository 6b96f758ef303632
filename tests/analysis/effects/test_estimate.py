import numpy as np
import pytest

from abm.analysis.effects.estimate import UNKNOWN, Estimate, estimate

pytestmark = pytest.mark.needs_compiled


def test_an_estimate_is_the_t_interval() -> None:
    found = estimate(np.array([1.0, 2.0, 3.0]))
    assert found.value == 2
    assert found.high - 2 == pytest.approx(4.302653 / np.sqrt(3), rel=1e-6)
    assert found.value - found.low == pytest.approx(found.high - found.value)
    assert found.se == pytest.approx(1 / np.sqrt(3))
    assert found.n == 3


def test_a_single_replicate_has_no_interval() -> None:
    found = estimate([1.0])
    assert found.value == 1
    assert np.isnan([found.low, found.high, found.se]).all()
    assert not found.certain


def test_exactly_zero_in_every_replicate_is_not_zero_on_average() -> None:
    assert estimate(np.zeros(3)).always_zero
    assert estimate(np.zeros(1)).always_zero
    assert not estimate([-1.0, 1.0]).always_zero


def test_an_unknown_estimate_says_nothing() -> None:
    assert not UNKNOWN.known
    assert not UNKNOWN.certain
    assert not UNKNOWN.always_zero


def test_another_unit_scales_all_but_the_number_of_replicates() -> None:
    assert Estimate(1.0, 0.5, 1.5, 0.2, 0.4, 7).scaled(10.0) == pytest.approx(Estimate(10.0, 5.0, 15.0, 2.0, 4.0, 7))
