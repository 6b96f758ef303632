"""What consumers, their attributes and sets of them need of the model."""

from random import Random
from typing import Any, Protocol

import numpy.typing as npt

from abm.agents.agent_step import AgentStep
from abm.agents.row_index import RowIndex, Rows
from abm.engine.columns import Names
from abm.engine.state import Population


class ConsumerModel(Protocol):
    """A model whose consumers are rows of arrays: ``ShoppingModel`` is one."""

    consumer: type[Any]
    row_index: RowIndex
    own_columns: dict[str, npt.NDArray[Any]]
    random: Random

    @property
    def mechanisms(self) -> Names:
        """The names of the mechanisms."""

    @property
    def population(self) -> Population:
        """The arrays of everybody."""

    def current_step(self) -> AgentStep:
        """Return the step in which consumers act one by one."""

    def note_change(self, name: str, rows: Rows, values: Any) -> None:
        """Note that state was set from outside."""

    def update_counts(self) -> None:
        """Update counts of neighbours after state was set from outside."""
