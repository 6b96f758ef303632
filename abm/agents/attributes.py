"""Attributes of consumers that live in arrays: read and written for one consumer or for many at once.

An attribute is a descriptor of the class ``Consumer``. ``consumer.trust`` reads one number,
``model.agents.get("trust")`` reads them all without making a single consumer. There is one for every column that a
mechanism declares.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from abm.agents.protocol import ConsumerModel
from abm.agents.row_index import Rows
from abm.base.errors import InputError, Problem
from abm.mechanisms import Column


class AgentAttribute:
    """One attribute of all consumers; this base is read-only."""

    def __init__(self, meaning: str) -> None:
        self.__doc__ = meaning
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, consumer: Any, owner: type | None = None) -> Any:
        return self if consumer is None else self.one(consumer.model, consumer.row)

    def __set__(self, consumer: Any, value: Any) -> None:
        self.write(consumer.model, np.array([consumer.row]), value)

    def one(self, model: ConsumerModel, row: int) -> Any:
        """Return the value of one consumer as a Python number."""
        return self.read(model, np.array([row]))[0].item()

    def read(self, model: ConsumerModel, rows: Rows) -> npt.NDArray[Any]:
        """Return the values of the consumers in these rows."""
        raise NotImplementedError

    def write(self, model: ConsumerModel, rows: Rows, value: Any) -> None:
        """Give the consumers in these rows a value, or one value each.

        Raises
        ------
        InputError
            The attribute cannot be set, or the value is out of range.
        """
        raise InputError([Problem(self.name, value, "never changes for a consumer")])

    def _spread(self, value: Any, rows: Rows) -> npt.NDArray[Any]:
        """Return one value for each of these rows.

        Raises
        ------
        InputError
            There are more or fewer values.
        """
        try:
            return np.broadcast_to(np.asarray(value), rows.shape)
        except ValueError:
            raise InputError([Problem(self.name, value, f"allowed: one value, or {len(rows):,} of them")]) from None


class ColumnAttribute(AgentAttribute):
    """A column of traits or state; where no array is kept, everybody has its initial value."""

    def __init__(self, column: Column) -> None:
        super().__init__(column.meaning)
        self.column = column

    def one(self, model: ConsumerModel, row: int) -> float:
        """See ``AgentAttribute``."""
        values = self._values(model)
        return values.item(row) / self.column.scale if values.size else self._missing()

    def read(self, model: ConsumerModel, rows: Rows) -> npt.NDArray[Any]:
        """See ``AgentAttribute``."""
        values = self._values(model)
        return values[rows] / self.column.scale if values.size else np.full(len(rows), self._missing())

    def write(self, model: ConsumerModel, rows: Rows, value: Any) -> None:
        """See ``AgentAttribute``."""
        if self.column.fixed:
            super().write(model, rows, value)
        if not self.column.settable:
            raise InputError([Problem(self.name, value, "follows from what consumers do and cannot be set")])
        values = self._spread(value, rows)
        if values.dtype.kind not in "biuf":
            raise InputError([Problem(self.name, value, "must be a number")])
        most = np.iinfo(self.column.dtype).max / self.column.scale  # type: ignore[type-var]  # whole numbers only
        if not ((values >= 0) & (values <= most)).all():
            raise InputError([Problem(self.name, value, f"allowed: 0 to {most:g}")])
        stored = np.rint(values * self.column.scale).astype(self.column.dtype)
        self._values(model)[rows] = stored
        model.note_change(self.name, rows, stored)

    def _values(self, model: ConsumerModel) -> npt.NDArray[Any]:
        owner = model.population.traits if self.column.fixed else model.population.state
        return getattr(owner, self.name)  # type: ignore[no-any-return]

    def _missing(self) -> float:
        return self.column.initial if isinstance(self.column.initial, float) else 0.0


class BitAttribute(AgentAttribute):
    """A column of one bit, 64 consumers to a word: int if its unit is ``0 or 1``, else bool."""

    def __init__(self, column: Column) -> None:
        super().__init__(column.meaning)
        self.column = column
        self._kind: type = int if column.unit == "0 or 1" else bool

    def one(self, model: ConsumerModel, row: int) -> Any:
        """See ``AgentAttribute``."""
        return self._kind(getattr(model.population.state, self.name).item(row >> 6) >> (row & 63) & 1)

    def read(self, model: ConsumerModel, rows: Rows) -> npt.NDArray[Any]:
        """See ``AgentAttribute``."""
        words = getattr(model.population.state, self.name)
        bits = words[rows >> 6] >> (rows & 63).astype(np.uint64) & np.uint64(1)
        return bits.astype(np.int64 if self._kind is int else np.bool_)  # type: ignore[no-any-return]

    def write(self, model: ConsumerModel, rows: Rows, value: Any) -> None:
        """See ``AgentAttribute``."""
        if not self.column.settable:
            raise InputError([Problem(self.name, value, "follows from what consumers do and cannot be set")])
        values = self._spread(value, rows)
        if values.dtype.kind not in "biuf" or not np.isin(values, (0, 1)).all():
            raise InputError([Problem(self.name, value, "allowed: 0 or 1")])
        words = getattr(model.population.state, self.name)
        chosen = values.astype(np.bool_)
        bits = np.uint64(1) << (rows & 63).astype(np.uint64)
        np.bitwise_or.at(words, rows[chosen] >> 6, bits[chosen])
        np.bitwise_and.at(words, rows[~chosen] >> 6, ~bits[~chosen])
        if self.name == "mode" and chosen.any():  # nobody shops in a shop unknown to them
            np.bitwise_or.at(model.population.state.aware, rows[chosen] >> 6, bits[chosen])
            model.note_change("aware", rows[chosen], True)
        model.note_change(self.name, rows, chosen)


class ComputedAttribute(AgentAttribute):
    """Something that follows from who a consumer is, or from the neighbours."""

    def read(self, model: ConsumerModel, rows: Rows) -> npt.NDArray[Any]:
        """See ``AgentAttribute``."""
        model.update_counts()
        return getattr(model.row_index, self.name)(rows)  # type: ignore[no-any-return]


class IdAttribute(ComputedAttribute):
    """Who somebody is in the user's data: a whole number, a text, or any node of a graph."""

    def one(self, model: ConsumerModel, row: int) -> Any:
        """See ``AgentAttribute``."""
        return model.row_index.id_of(row)


def attribute_of(column: Column) -> AgentAttribute:
    """Return the attribute through which consumers show a column."""
    return BitAttribute(column) if column.bit else ColumnAttribute(column)
