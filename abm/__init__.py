"""Why does shopping inside a video app sweep China and stall in the West? An agent-based model.

>>> from abm import Market, simulate
>>> table = simulate([Market(consumers=1000)], weeks=3, seed=1).table
>>> len(table)
4
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from abm.agents import Consumer
    from abm.market import Market
    from abm.model import ShoppingModel
    from abm.runner import run
    from abm.simulation import Simulation, simulate
    from abm.store import load
    from abm.trajectory import Trajectory

MODEL_VERSION = 1  # raised by every change that alters numbers; see CHANGELOG.md

_HOMES = {
    "Consumer": "abm.agents",
    "Market": "abm.market",
    "ShoppingModel": "abm.model",
    "Simulation": "abm.simulation",
    "Trajectory": "abm.trajectory",
    "load": "abm.store",
    "run": "abm.runner",
    "simulate": "abm.simulation",
}

__all__ = [
    "MODEL_VERSION",
    "Consumer",
    "Market",
    "ShoppingModel",
    "Simulation",
    "Trajectory",
    "load",
    "run",
    "simulate",
]


def __getattr__(name: str) -> Any:
    """Import heavy modules only when they are asked for, so that ``abm --help`` answers at once."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'abm' has no attribute {name!r}")
