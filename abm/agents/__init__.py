"""The same simulation as a Mesa model: consumers as agents, for reading, plotting and rules of one's own.

ShoppingModel
    A ``mesa.Model``.
Consumer
    A ``mesa.Agent``; a subclass may replace any of its rules.
OwnAttribute
    State of one's own, declared in a subclass of ``Consumer``.
"""

from abm.agents.consumer import Consumer
from abm.agents.model import ShoppingModel
from abm.agents.own_attribute import OwnAttribute

__all__ = ["Consumer", "OwnAttribute", "ShoppingModel"]
