"""The Mesa engine: the weeks of a simulation, consumer by consumer in plain Python."""

from abm.agents.model import ShoppingModel
from abm.base.engines import MESA
from abm.engine.simulation import Simulation


def advance_by_consumers(simulation: Simulation, weeks: int) -> None:
    """Run the next ``weeks`` weeks of a simulation consumer by consumer, in plain Python."""
    model = ShoppingModel.of(simulation, engine=MESA)
    for _ in range(weeks):
        model.advance_week()
