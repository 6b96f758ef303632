"""Why does shopping inside a video app sweep China and stall in the West? An agent-based model.

>>> from abm import Market, simulate
>>> table = simulate([Market(consumers=1000)], weeks=3, seed=1).table
>>> len(table)
4

simulate, run, load, load_plugin
    Some markets, an experiment, its results, and a plugin that adds to what they can use.
Market, Simulation, Trajectory
    A market's parameters, markets being simulated, and what a simulation leaves behind.
ShoppingModel, Consumer
    The same simulation as a Mesa model and its agents.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from abm.agents.consumer import Consumer
    from abm.agents.model import ShoppingModel
    from abm.api import run, simulate
    from abm.engine.simulation import Simulation
    from abm.engine.trajectory import Trajectory
    from abm.experiment.plugins import load_plugin
    from abm.experiment.results import load
    from abm.markets.market import Market

from abm.base.version import MODEL_VERSION

_MODULES = {
    "Consumer": "abm.agents.consumer",
    "Market": "abm.markets.market",
    "ShoppingModel": "abm.agents.model",
    "Simulation": "abm.engine.simulation",
    "Trajectory": "abm.engine.trajectory",
    "load": "abm.experiment.results",
    "load_plugin": "abm.experiment.plugins",
    "run": "abm.api",
    "simulate": "abm.api",
}

__all__ = [
    "MODEL_VERSION",
    "Consumer",
    "Market",
    "ShoppingModel",
    "Simulation",
    "Trajectory",
    "load",
    "load_plugin",
    "run",
    "simulate",
]


def __getattr__(name: str) -> Any:
    """Import heavy modules only when they are asked for, so that ``abm --help`` answers at once."""
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module 'abm' has no attribute {name!r}")
