"""The behavioural ideas: one file each, holding its parameters (with units, ranges and sources) and its rules.

Your own mechanism is a file like these: a class registered with ``@mechanism``, loaded by ``plugins = ["my_idea.py"]``
in a config. CONTRIBUTING.md has an example.

Mechanism, mechanism, MECHANISMS
    What a mechanism is, how one is registered, and all of them by name.
Column, Occasion, MarketWeek
    What a mechanism keeps for every consumer, and what its rules are told.
parameter
    How a parameter is declared.
"""

# Imported in the order in which configs, tables and figures list them.
# isort: off
from abm.mechanisms.base import MECHANISMS, Column, MarketWeek, Mechanism, Occasion, mechanism
from abm.mechanisms.awareness import Awareness
from abm.mechanisms.preference import Preference
from abm.mechanisms.integration import Integration
from abm.mechanisms.habit import Habit
from abm.mechanisms.norm import Norm
from abm.mechanisms.trust import Trust
from abm.mechanisms.livestream import Livestream
from abm.mechanisms.price import Price
from abm.mechanisms.stockpile import Stockpile
from abm.mechanisms.supply import Supply
from abm.mechanisms.choice import Choice
from abm.base.parameters import parameter
# isort: on

__all__ = [
    "MECHANISMS", "Awareness", "Choice", "Column", "Habit", "Integration", "Livestream", "MarketWeek", "Mechanism",
    "Norm", "Occasion", "Preference", "Price", "Stockpile", "Supply", "Trust", "mechanism", "parameter",
]  # fmt: skip
