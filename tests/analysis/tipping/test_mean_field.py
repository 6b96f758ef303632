import pytest

from abm import Market
from abm.analysis.tipping.mean_field import bifurcation_points, mean_field

pytestmark = pytest.mark.needs_compiled


def test_published_bifurcation_points():
    assert bifurcation_points(6) == pytest.approx((-3.41509, -2.58491), abs=5e-6)


@pytest.mark.parametrize("j", [0.0, 3.9, 4.0])
def test_one_state_up_to_four(j):
    assert bifurcation_points(j) is None


def test_bifurcation_points_meet_at_four():
    low, high = bifurcation_points(4.0001)
    assert low == pytest.approx(-2, abs=0.001)
    assert high == pytest.approx(-2, abs=0.001)


def test_depth_says_which_side():
    inside = Market(norm={"strength": 6.0}, preference={"mean": -3.0})
    assert mean_field(inside).depth == pytest.approx(0.41509, abs=1e-5)
    assert mean_field(inside.replace({"preference.mean": -2.0})).depth < 0
    assert mean_field(inside.replace({"norm.strength": 3.0})).depth < 0


def test_constant_terms_are_part_of_b():
    market = Market(
        price={"sensitivity": 2.0, "discount": 0.25, "reach": 1.0}, integration={"functions": 3, "clutter": 0.5}
    )
    assert mean_field(market).b == pytest.approx(0.5 - 1.0)


@pytest.mark.parametrize(
    "changes",
    [{"network.family": "ring"}, {"choice.noise": "normal"}, {"habit.strength": 1.0}, {"preference.spread": 1.0},
     {"trust.weight": 1.0}, {"supply.weight": 1.0}, {"livestream.weight": 1.0, "livestream.reach": 0.5},
     {"price.sensitivity": 2.0, "price.discount": 0.1, "price.reach": 0.5}, {"choice.reversible": False}],
)  # fmt: skip
def test_where_the_theory_does_not_apply(changes):
    assert mean_field(Market().replace(changes)) is None
    assert mean_field(Market()) == (0.0, 0.0)
