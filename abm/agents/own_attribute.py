"""State of a user's own: one value a consumer, of the type that was assigned."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from abm.agents.attributes import AgentAttribute
from abm.agents.protocol import ConsumerModel
from abm.agents.row_index import Rows
from abm.base.errors import InputError, Problem

_FAMILIES: Final = {**dict.fromkeys("biufc", "numbers"), "U": "text"}  # kinds of dtypes, by what they can be widened to


class OwnAttribute(AgentAttribute):
    """Further state that a subclass of Consumer brings along: ``patience = OwnAttribute(0.5)``.

    Parameters
    ----------
    default : number, bool or str
        Value of every consumer at week 0. With it the type: whole numbers become floats when a float is assigned, and
        truth values numbers; what cannot be kept exactly beside the others is refused.
    meaning : str

    Raises
    ------
    InputError
        The default is not one value.
    """

    def __init__(self, default: Any, meaning: str = "") -> None:
        super().__init__(meaning)
        if np.ndim(default):
            raise InputError([Problem("OwnAttribute", default, "must be one value, such as 0, 0.5, False or 'a'")])
        self.default = default.item() if isinstance(default, np.generic) else default

    def one(self, model: ConsumerModel, row: int) -> Any:
        """See ``AgentAttribute``."""
        return self._values(model).item(row)

    def read(self, model: ConsumerModel, rows: Rows) -> npt.NDArray[Any]:
        """See ``AgentAttribute``."""
        return self._values(model)[rows]

    def write(self, model: ConsumerModel, rows: Rows, value: Any) -> None:
        """See ``AgentAttribute``."""
        column = self._values(model)
        values = self._spread(value, rows)
        if values.dtype != column.dtype and column.dtype.kind != "O":
            column = model.own_columns[self.name] = self._widened(column, values, value)
        column[rows] = values

    def _values(self, model: ConsumerModel) -> npt.NDArray[Any]:
        if self.name not in model.own_columns:
            model.own_columns[self.name] = np.full(len(model.population.state.trust), self.default)
        return model.own_columns[self.name]

    def _widened(self, column: npt.NDArray[Any], values: npt.NDArray[Any], value: Any) -> npt.NDArray[Any]:
        """Return the column in a type that holds both its values and the new ones."""
        old, new = (_FAMILIES.get(array.dtype.kind, array.dtype.kind) for array in (column, values))
        if old != new:
            raise InputError([Problem(self.name, value, f"cannot be kept: OwnAttribute({self.default!r}) holds {old}")])
        wide = np.result_type(column, values)
        if not (_fits(column, wide) and _fits(values, wide)):
            raise InputError([Problem(self.name, value, f"cannot be kept exactly in a column of {wide}")])
        return column.astype(wide)


def _fits(values: npt.NDArray[Any], wide: np.dtype[Any]) -> bool:
    """Say whether values stay what they are in another type: whole numbers beyond 2**53 are no floats."""
    return values.dtype.kind not in "iu" or bool((values.astype(wide).astype(values.dtype) == values).all())
