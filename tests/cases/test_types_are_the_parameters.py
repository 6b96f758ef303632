"""Types are the parameter's: small integers never reach a user's sum, and what is assigned is what is kept."""

import statistics

import numpy as np
from mesa.agentset import AgentSet

from abm import Consumer, Market, ShoppingModel, simulate
from abm.agents import OwnAttribute

TOWN = Market(name="town", consumers=5000, initial_adoption=0.3, network={"family": "random", "degree": 5})


def test_agg_mode() -> None:
    """Sums and means over everybody are those of Mesa's own set, beyond 255 too."""
    model = ShoppingModel(markets=TOWN, rng=1)
    model.run_for(3)
    people = list(model.agents)
    for size in (200, 5000):
        ours, mesas = model.agents.select(at_most=size), AgentSet(people[:size], model.random)
        for attribute in ("mode", "n_super", "aware"):
            for function in (sum, statistics.mean, np.mean, np.sum, max):
                assert ours.agg(attribute, function) == mesas.agg(attribute, function), (attribute, function)
    assert model.agents.agg("mode", sum) == sum(model.agents.get("mode")) == 2478
    trajectory = simulate(TOWN, weeks=3, seed=1)
    assert sum(trajectory.consumers.mode) == trajectory.table["super"].iloc[-1] == 2478
    assert {trajectory.consumers[name].dtype.name for name in ("mode", "degree")} == {"int64"}


class Counting(Consumer):
    score = OwnAttribute(0)

    def form_habit(self, mode: int) -> float:
        self.score = self.score + 0.25
        return super().form_habit(mode)


def test_own_truncates() -> None:
    """An attribute that begins with 0 holds the quarters that are added to it."""
    model = ShoppingModel(markets=Market(name="t", consumers=50), rng=1, engine="mesa", consumer=Counting)
    model.run_for(8)
    assert model.agents.get("score").tolist() == [2.0] * 50
