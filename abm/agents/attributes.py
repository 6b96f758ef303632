"""Attributes of consumers that live in arrays: read and written for one consumer or for many at once.

A column is a descriptor of the class ``Consumer``. ``consumer.trust`` reads one number, ``model.agents.get("trust")``
reads them all without making a single consumer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from abm.agents.row_index import Rows
from abm.errors import InputError, Problem
from abm.mechanisms.stockpile import STOCK_BITS
from abm.numerics.fixed_point import U16_MAX

if TYPE_CHECKING:
    from abm.agents.model import ShoppingModel

_SIXTEEN_BITS = 1 << 16


class Column:
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

    def one(self, model: ShoppingModel, row: int) -> Any:
        """Return the value of one consumer as a Python number."""
        return self.read(model, np.array([row]))[0].item()

    def read(self, model: ShoppingModel, rows: Rows) -> npt.NDArray[Any]:
        """Return the values of the consumers in these rows."""
        raise NotImplementedError

    def write(self, model: ShoppingModel, rows: Rows, value: Any) -> None:
        """Give the consumers in these rows a value, or one value each.

        Raises
        ------
        InputError
            The attribute never changes, or the value is out of range.
        """
        raise InputError([Problem(self.name, value, "never changes for a consumer")])


class Fixed(Column):
    """A trait, kept as a whole number of units of 2**-16."""

    def one(self, model: ShoppingModel, row: int) -> float:
        """See ``Column``."""
        return getattr(model.population.traits, self.name).item(row) / _SIXTEEN_BITS  # type: ignore[no-any-return]

    def read(self, model: ShoppingModel, rows: Rows) -> npt.NDArray[Any]:
        """See ``Column``."""
        return getattr(model.population.traits, self.name)[rows] / _SIXTEEN_BITS  # type: ignore[no-any-return]


class Bit(Column):
    """A state of one bit, 64 consumers to a word."""

    def __init__(self, meaning: str, kind: type) -> None:
        super().__init__(meaning)
        self._kind = kind

    def one(self, model: ShoppingModel, row: int) -> Any:
        """See ``Column``."""
        return self._kind(getattr(model.population.state, self.name).item(row >> 6) >> (row & 63) & 1)

    def read(self, model: ShoppingModel, rows: Rows) -> npt.NDArray[Any]:
        """See ``Column``."""
        words = getattr(model.population.state, self.name)
        bits = words[rows >> 6] >> (rows & 63).astype(np.uint64) & np.uint64(1)
        return bits.astype(np.uint8 if self._kind is int else np.bool_)  # type: ignore[no-any-return]

    def write(self, model: ShoppingModel, rows: Rows, value: Any) -> None:
        """See ``Column``."""
        values = np.broadcast_to(np.asarray(value), rows.shape)
        if not np.isin(values, (0, 1)).all():
            raise InputError([Problem(self.name, value, "allowed: 0 or 1")])
        words = getattr(model.population.state, self.name)
        chosen = values.astype(np.bool_)
        bits = np.uint64(1) << (rows & 63).astype(np.uint64)
        np.bitwise_or.at(words, rows[chosen] >> 6, bits[chosen])
        np.bitwise_and.at(words, rows[~chosen] >> 6, ~bits[~chosen])
        if self.name == "mode" and chosen.any():  # nobody shops in a shop unknown to them
            np.bitwise_or.at(model.population.state.aware, rows[chosen] >> 6, bits[chosen])
            model.changed_by_hand("aware", rows[chosen], True)
        model.changed_by_hand(self.name, rows, chosen)


class Level(Column):
    """A state between 0 and 1 in 65,535 steps."""

    def one(self, model: ShoppingModel, row: int) -> float:
        """See ``Column``."""
        return getattr(model.population.state, self.name).item(row) / U16_MAX  # type: ignore[no-any-return]

    def read(self, model: ShoppingModel, rows: Rows) -> npt.NDArray[Any]:
        """See ``Column``."""
        return getattr(model.population.state, self.name)[rows] / U16_MAX  # type: ignore[no-any-return]

    def write(self, model: ShoppingModel, rows: Rows, value: Any) -> None:
        """See ``Column``."""
        values = np.asarray(value, np.float64)
        if not ((values >= 0) & (values <= 1)).all():
            raise InputError([Problem(self.name, value, "allowed: 0 to 1")])
        levels = np.rint(values * U16_MAX).astype(np.uint16)
        getattr(model.population.state, self.name)[rows] = levels
        model.changed_by_hand(self.name, rows, levels)


class Basket(Fixed):
    """What an occasion costs, 1 on average; no array is kept where nobody differs from it."""

    def one(self, model: ShoppingModel, row: int) -> float:
        """See ``Column``."""
        return super().one(model, row) if model.population.traits.basket.size else 1.0

    def read(self, model: ShoppingModel, rows: Rows) -> npt.NDArray[Any]:
        """See ``Column``."""
        return super().read(model, rows) if model.population.traits.basket.size else np.ones(len(rows))


class Stock(Column):
    """What was bought ahead, in baskets; no array is kept where nobody ever stocks up."""

    def read(self, model: ShoppingModel, rows: Rows) -> npt.NDArray[Any]:
        """See ``Column``."""
        stock = model.population.state.stock
        return (stock[rows] if stock.size else np.zeros(len(rows))) / (1 << STOCK_BITS)


class Own(Column):
    """Further state that a subclass of Consumer brings along: ``patience = Own(0.5)``.

    Parameters
    ----------
    default : number
        Value of every consumer at week 0; its type is that of the column.
    meaning : str
    """

    def __init__(self, default: float, meaning: str = "") -> None:
        super().__init__(meaning)
        self.default = default

    def one(self, model: ShoppingModel, row: int) -> Any:
        """See ``Column``."""
        return self._values(model).item(row)

    def read(self, model: ShoppingModel, rows: Rows) -> npt.NDArray[Any]:
        """See ``Column``."""
        return self._values(model)[rows]

    def write(self, model: ShoppingModel, rows: Rows, value: Any) -> None:
        """See ``Column``."""
        self._values(model)[rows] = value

    def _values(self, model: ShoppingModel) -> npt.NDArray[Any]:
        if self.name not in model.own_columns:
            model.own_columns[self.name] = np.full(len(model.population.state.trust), self.default)
        return model.own_columns[self.name]


class Computed(Column):
    """Something that follows from who a consumer is."""

    def read(self, model: ShoppingModel, rows: Rows) -> npt.NDArray[Any]:
        """See ``Column``."""
        model.settle()
        return getattr(model.row_index, self.name)(rows)  # type: ignore[no-any-return]
