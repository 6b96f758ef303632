"""The same simulation as a Mesa model: consumers as agents, for reading, plotting and rules of one's own."""

from abm.agents.attributes import OwnAttribute
from abm.agents.consumer import Consumer
from abm.agents.model import ShoppingModel

__all__ = ["Consumer", "OwnAttribute", "ShoppingModel"]
