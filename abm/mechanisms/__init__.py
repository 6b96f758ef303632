"""The behavioural ideas: one file each, holding its parameters (with units, ranges and sources) and its rule."""

from abm.mechanisms.awareness import Awareness
from abm.mechanisms.base import Mechanism
from abm.mechanisms.choice import Choice
from abm.mechanisms.habit import Habit
from abm.mechanisms.integration import Integration
from abm.mechanisms.livestream import Livestream
from abm.mechanisms.norm import Norm
from abm.mechanisms.preference import Preference
from abm.mechanisms.price import Price
from abm.mechanisms.stockpile import Stockpile
from abm.mechanisms.supply import Supply
from abm.mechanisms.trust import Trust

__all__ = [
    "Awareness", "Choice", "Habit", "Integration", "Livestream", "Mechanism",
    "Norm", "Preference", "Price", "Stockpile", "Supply", "Trust",
]  # fmt: skip
