"""What must not change, or only one way, when something else does, beyond the cases of ``abm verify``."""

import math
from typing import Any

import networkx as nx
import numpy as np
import pytest

from abm import Market, simulate
from abm.verify.metamorphic import differing_bytes

pytestmark = pytest.mark.needs_compiled

BUSY: dict[str, Any] = {
    "consumers": 3000, "occasion_rate": 0.7, "basket_sigma": 1.0, "initial_adoption": 0.1,
    "network": {"family": "small_world", "degree": 8},
    "awareness": {"initial": 0.6, "advertising": 0.02, "word_of_mouth": 0.2},
    "preference": {"mean": -1.0, "spread": 1.0}, "habit": {"strength": 1.0, "rate": 0.2}, "norm": {"strength": 2.0},
    "trust": {"weight": 1.0, "learning": 0.2, "service_quality": 0.8, "bad_news": 0.3},
    "livestream": {"weight": 0.5, "reach": 0.2, "growth": 0.4},
    "supply": {"weight": 0.3, "initial": 0.2, "rate": 0.1, "half_saturation": 0.2},
}  # fmt: skip
WEEKS = 20


def _set(values: dict[str, Any], start: int = 5, weeks: int | None = None) -> dict[str, Any]:
    return {"kind": "set", "market": "market", "start": start, "values": values} | ({"weeks": weeks} if weeks else {})


@pytest.mark.parametrize("alpha", [-3.0, -0.5, 0.0, 1.7])
def test_everything_off_every_week_is_the_logistic_function(alpha: float) -> None:
    n, weeks = 100_000, 4
    table = simulate(Market(consumers=n, preference={"mean": alpha}), weeks=weeks, seed=1).table
    p = 1 / (1 + math.exp(-alpha))
    assert np.abs(table["adoption"].to_numpy()[1:] - p).max() < 4.5 * math.sqrt(p * (1 - p) / n)


@pytest.mark.parametrize(
    ("noise", "mean", "p"), [("normal", -1.0, 0.158655), ("uniform", 0.3, 0.3), ("none", 0.0, 1.0)]
)
def test_everything_off_under_other_noises(noise: str, mean: float, p: float) -> None:
    market = Market(consumers=100_000, preference={"mean": mean}, choice={"noise": noise})
    assert abs(simulate(market, weeks=1, seed=1).table["adoption"].iloc[-1] - p) <= 4.5 * math.sqrt(p * (1 - p) / 1e5)


@pytest.mark.parametrize(
    "values",
    [
        {"price.discount": 0.5},  # price sensitivity is 0
        {"trust.bad_news": 0.3, "supply.rate": 0.1},  # the values that they have
        {"integration.functions": 5.0},  # benefit and clutter are 0
    ],
)
def test_a_lever_without_effect_changes_nothing(values: dict[str, Any]) -> None:
    market = Market(**BUSY)
    pulled = simulate(market, weeks=WEEKS, levers=[_set(values)])
    assert differing_bytes(simulate(market, weeks=WEEKS), pulled) == 0


def test_more_discount_never_lowers_adoption() -> None:
    """Under the same random numbers, for every single consumer; trust and supply held fixed."""
    fixed = {"trust": {"weight": 1.0}, "supply": {"weight": 0.3, "initial": 0.2}, "price": {"sensitivity": 3.0}}
    market = Market(**(BUSY | fixed))
    before = None
    for discount in (0.0, 0.05, 0.3, 1.0):
        trajectory = simulate(market, weeks=WEEKS, levers=[_set({"price.discount": discount}, weeks=8)])
        if before is not None:
            assert (trajectory.table["super"] >= before.table["super"]).all()
            assert (trajectory.consumers.mode >= before.consumers.mode).all()
            assert trajectory.table["super"].sum() > before.table["super"].sum()
        before = trajectory


def test_the_order_of_markets_with_ties_abroad_does_not_matter() -> None:
    network = BUSY["network"] | {"ties_abroad": 0.2}
    one, two = (Market(**(BUSY | {"name": name, "network": network})) for name in ("one", "two"))
    there, back = (simulate(markets, weeks=WEEKS, seed=4) for markets in ([one, two], [two, one]))
    np.testing.assert_array_equal(there.tallies, back.tallies[:, ::-1])


@pytest.mark.parametrize("far", [nx.path_graph(5), nx.complete_graph(90), nx.star_graph(300)])
def test_consumers_far_away_change_nobody_else(far: nx.Graph) -> None:
    """Supply, the market's common memory, is held fixed; the newcomers are not tied to the 500 who are watched."""
    near = nx.gnm_random_graph(500, 1500, seed=6)
    more = nx.disjoint_union(near, far)
    nodes = list(range(500, len(more)))
    relabelled = nx.relabel_nodes(more, dict(zip(nodes, reversed(nodes), strict=True)))
    fixed = BUSY | {"supply": {"weight": 0.3, "initial": 0.2}, "seed_consumers": tuple(range(0, 500, 9))}
    del fixed["consumers"], fixed["initial_adoption"]
    runs = [
        simulate(Market(**(fixed | {"network": {"family": "graph", "graph": graph}})), weeks=WEEKS, seed=7)
        for graph in (near, more, relabelled)
    ]
    for name in ("aware", "mode", "habit", "trust", "degree"):
        for run in runs[1:]:
            np.testing.assert_array_equal(run.consumers[name][:500], runs[0].consumers[name])
