"""The compiled simulation and the plain reference of the same run, and their comparison."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from abm import Market, Simulation
from abm.engine import state
from abm.engine.layout import rows_of
from abm.numerics.bits import unpack
from abm.numerics.fixed_point import BASKET
from tests.reference.cases import Levers, with_levers
from tests.reference.population import State
from tests.reference.week import History, Tally, run

COLUMNS = {
    "n_aware": state.N_AWARE, "n_super": state.N_SUPER, "habit": state.HABIT,
    "trust": state.TRUST, "to_super": state.TO_SUPER, "to_single": state.TO_SINGLE,
    "spend": state.SPEND, "super_spend": state.SUPER_SPEND, "live_spend": state.LIVE_SPEND,
    "let_down": state.LET_DOWN, "discounted": state.DISCOUNTED, "needed": state.NEEDED,
}  # fmt: skip


def neighbors_of(simulation: Simulation) -> list[list[int]]:
    """Return everyone's neighbours, numbered without the gaps between markets."""
    adjacency, layouts = simulation.population.adjacency, simulation.layouts
    rows = [row for layout in layouts for row in range(rows_of(layout).start, rows_of(layout).stop)]
    number = {row: i for i, row in enumerate(rows)}
    lists = []
    for layout in layouts:
        own = range(rows_of(layout).start, rows_of(layout).stop)
        for row in own:
            if layout["complete"]:
                lists.append([number[other] for other in own if other != row])
            else:
                end = int(adjacency.n_neighbors[: row + 1].sum())
                neighbors = adjacency.indices[end - int(adjacency.n_neighbors[row]) : end]
                lists.append([number[int(other)] for other in neighbors])
    return lists


def run_both(
    markets: Sequence[Market], levers: Levers, weeks: int, seed: int, **options: Any
) -> tuple[Simulation, History]:
    """Run the compiled simulation and the reference."""
    simulation = Simulation(markets, levers=levers, seed=seed, replicate=3, **options)
    simulation.advance(weeks)
    markets_at = with_levers(simulation.markets, levers)
    return simulation, run(markets_at, neighbors_of(simulation), weeks=weeks, seed=seed, replicate=3)


def assert_same(simulation: Simulation, history: History) -> None:
    """Compare every tally, all merchants, and every consumer's traits and last state."""
    trajectory = simulation.trajectory()
    for name in Tally._fields:
        expected = [[getattr(tally, name) for tally in tallies] for tallies in history.tallies]
        np.testing.assert_array_equal(trajectory.tallies[:, :, COLUMNS[name]], expected, err_msg=name)
    np.testing.assert_array_equal(trajectory.merchants, history.merchants)
    for name, expected in zip(State._fields, zip(*history.states, strict=True), strict=True):
        np.testing.assert_array_equal(consumers_of(simulation, name), expected, err_msg=name)
    for name in ("taste", "live_rank", "reach_rank", "basket"):
        expected = [getattr(consumer, name) for consumer in history.consumers]
        np.testing.assert_array_equal(consumers_of(simulation, name), expected, err_msg=name)


def consumers_of(simulation: Simulation, name: str) -> np.ndarray:
    """Return a column of all consumers, without the gaps between markets, as stored."""
    traits, state = simulation.population.traits, simulation.population.state
    values = getattr(state, name, None) if hasattr(state, name) else getattr(traits, name)
    if name in ("aware", "mode", "let_down"):
        values = unpack(values)
    if name == "stock" and not values.size:
        values = np.zeros_like(state.trust)  # no array is kept where there is no stockpile
    if name == "basket" and not values.size:
        values = np.full(state.trust.size, BASKET)  # no array is kept where all are the average
    return np.concatenate([values[rows_of(layout)] for layout in simulation.layouts])
