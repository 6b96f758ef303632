import math
from itertools import permutations as all_orders

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from abm.analysis.explain.shapley import first_in, interactions, last_in, permutations, prefixes, sampled, shapley

pytestmark = pytest.mark.needs_compiled


def table(value, d: int) -> np.ndarray:
    """One entry per subset, given a function of the set of members."""
    return np.array([value({i for i in range(d) if s >> i & 1}) for s in range(1 << d)], np.float64)


def by_all_orders(values: np.ndarray) -> np.ndarray:
    """The definition, word for word: the mean gain over all orders."""
    d = len(values).bit_length() - 1
    gains = np.zeros(d)
    for order in all_orders(range(d)):
        members = 0
        for player in order:
            gains[player] += values[members | 1 << player] - values[members]
            members |= 1 << player
    return gains / math.factorial(d)


tables = st.integers(0, 6).flatmap(lambda d: arrays(np.float64, 1 << d, elements=st.floats(-100, 100, width=32)))


@given(tables)
def test_is_the_mean_over_all_orders(values):
    np.testing.assert_allclose(shapley(values), by_all_orders(values), atol=1e-9)


@given(tables)
def test_adds_up_to_the_gap(values):
    assert shapley(values).sum() == pytest.approx(values[-1] - values[0], abs=1e-9)


def test_an_additive_outcome_gives_each_its_own_part():
    parts = [0.3, -0.1, 0.0, 2.0]
    values = table(lambda members: 5 + sum(parts[i] for i in members), 4)
    for measure in (shapley, first_in, last_in):
        np.testing.assert_allclose(measure(values), parts, atol=1e-12)
    np.testing.assert_allclose(interactions(values), 0, atol=1e-12)


def test_a_multiplicative_outcome_has_the_known_values():
    """v = product of factors: by hand, phi_1 = (a-1)(1 + b)/2 of two, and what one adds depends on who is there."""
    a, b, c = 2.0, 3.0, 5.0
    two = table(lambda m: (a if 0 in m else 1) * (b if 1 in m else 1), 2)
    np.testing.assert_allclose(shapley(two), [(a - 1) * (1 + b) / 2, (b - 1) * (1 + a) / 2])
    three = table(lambda m: math.prod([a, b, c][i] for i in m), 3)
    expected = (a - 1) * (1 / 3 + (b + c) / 6 + b * c / 3)
    assert shapley(three)[0] == pytest.approx(expected)
    np.testing.assert_allclose(first_in(three), [a - 1, b - 1, c - 1])
    np.testing.assert_allclose(last_in(three), [(a - 1) * b * c, (b - 1) * a * c, (c - 1) * a * b])
    assert interactions(two)[0, 1] == pytest.approx((a - 1) * (b - 1))


def test_a_player_that_does_nothing_gets_nothing_and_equals_are_equal():
    values = table(lambda m: math.exp(len(m & {0, 2})), 4)  # 1 and 3 do nothing, 0 and 2 do the same
    value = shapley(values)
    assert value[1] == value[3] == 0
    assert value[0] == pytest.approx(value[2], rel=1e-12)


def test_seeds_are_kept_apart():
    values = np.stack([table(lambda m: len(m) ** 2, 3), table(lambda m: 7 * len(m), 3)])
    np.testing.assert_allclose(shapley(values), [shapley(values[0]), shapley(values[1])])
    assert interactions(values).shape == (2, 3, 3)


def test_no_players_at_all():
    assert shapley(np.array([3.0])).shape == (0,)


def test_a_table_that_is_no_table_is_refused():
    with pytest.raises(ValueError, match="power of two"):
        shapley(np.zeros(6))


def test_orders_are_permutations_in_reversed_pairs_and_repeatable():
    orders = permutations(9, 5, seed=3)
    assert len(orders) == 5
    assert all(sorted(order) == list(range(9)) for order in orders)
    assert orders[1] == orders[0][::-1]
    assert len(set(orders)) == 5
    assert orders == permutations(9, 5, seed=3) != permutations(9, 5, seed=4)


def test_all_orders_are_equally_likely():
    counts = {}
    for order in permutations(3, 6000, seed=1):
        counts[order] = counts.get(order, 0) + 1
    assert len(counts) == 6
    assert sum((n - 1000) ** 2 / 1000 for n in counts.values()) < 2 * 20.5  # chi2(5), p = .001; pairs double it


def test_every_sampled_order_adds_up_and_all_of_them_give_the_exact_value():
    rng = np.random.default_rng(5)
    values = rng.normal(size=(2, 16))
    orders = list(all_orders(range(4)))
    gains = sampled(lambda subset: values[:, subset], orders)
    assert gains.shape == (24, 2, 4)
    np.testing.assert_allclose(gains.sum(axis=2), np.tile(values[:, -1] - values[:, 0], (24, 1)), atol=1e-12)
    np.testing.assert_allclose(gains.mean(axis=0), shapley(values), atol=1e-12)


def test_a_sample_comes_close():
    d = 14
    weights = np.linspace(-1, 1, d)

    def value(subset: int) -> np.ndarray:
        members = np.array([subset >> i & 1 for i in range(d)])
        return np.array([np.tanh(weights @ members)])

    gains = sampled(value, permutations(d, 2000, seed=2))[:, 0]
    error = gains.mean(axis=0).std() / np.sqrt(2000)
    assert gains.sum(axis=1) == pytest.approx(np.tanh(weights.sum()), abs=1e-9)
    other = sampled(value, permutations(d, 2000, seed=9))[:, 0]
    assert np.abs(gains.mean(axis=0) - other.mean(axis=0)).max() < 0.02
    assert error < 0.02


def test_prefixes_walk_from_nobody_to_everybody():
    assert prefixes([(2, 0, 1)]) == [[0, 4, 5, 7]]
