"""An ordered set of consumers that holds rows of arrays instead of agents: who is in it."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Any, Self, overload

import numpy as np
from mesa.agentset import AbstractAgentSet

from abm.agents.protocol import ConsumerModel
from abm.agents.row_index import Rows


class RowSet(AbstractAgentSet, Sequence[Any]):  # type: ignore[misc]  # Mesa is not typed
    """Consumers in an order; each is made when it is asked for.

    Parameters
    ----------
    model : ShoppingModel
    rows : array of int, optional
        Rows in the model's arrays; everybody without it.
    random : Random, optional
        For shuffling; the model's own without it.
    """

    def __init__(self, model: ConsumerModel, rows: Rows | None = None, random: Random | None = None) -> None:
        self.model = model
        self._rows = rows
        self._looked_up: frozenset[int] | None = None
        self.random: Random = random or model.random

    @property
    def rows(self) -> Rows:
        """Rows in the model's arrays, int64."""
        return self.model.row_index.rows if self._rows is None else self._rows

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Any]:
        model, make = self.model, self.model.consumer
        return (make(model, row) for row in self.rows.tolist())

    def __contains__(self, agent: object) -> bool:
        if not isinstance(agent, self.model.consumer) or agent.model is not self.model:
            return False
        return self._rows is None or agent.row in self._members

    def __eq__(self, other: object) -> bool:
        if isinstance(other, RowSet):  # as for all sets, order does not count
            return other.model is self.model and np.array_equal(np.sort(other.rows), np.sort(self.rows))
        same: bool = super().__eq__(other)
        return same

    __hash__ = None  # type: ignore[assignment]  # its members change

    def __repr__(self) -> str:
        return f"<{len(self):,} consumers>"

    @overload
    def __getitem__(self, item: int) -> Any: ...
    @overload
    def __getitem__(self, item: slice) -> list[Any]: ...
    def __getitem__(self, item: int | slice) -> Any | list[Any]:
        if isinstance(item, slice):
            return list(self._like(self.rows[item]))
        return self.model.consumer(self.model, int(self.rows[operator.index(item)]))

    def to_list(self) -> list[Any]:
        """Return the consumers as a list."""
        return list(self)

    def add(self, agent: Any) -> None:
        """Put a consumer of the same model into this set.

        Raises
        ------
        TypeError, ValueError
            It is no consumer, or one of another model.
        """
        row = self._row_of(agent)
        if agent not in self:
            self._become([*self.rows.tolist(), row])

    def discard(self, agent: Any) -> None:
        """Take a consumer out of this set, if it is there.

        Raises
        ------
        TypeError
            It is no consumer.
        """
        self._check_class(agent)
        if agent in self:
            self._become(self.rows[self.rows != agent.row])

    def remove(self, agent: Any) -> None:
        """Take a consumer out of this set.

        Raises
        ------
        TypeError, KeyError
            It is no consumer, or not there.
        """
        self._check_class(agent)
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def clear(self) -> None:
        """Take all consumers out of this set."""
        self._become([])

    @property
    def _members(self) -> frozenset[int]:
        """The same rows, to look one up."""
        if self._looked_up is None:
            self._looked_up = frozenset(self.rows.tolist())
        return self._looked_up

    def _check_class(self, agent: Any) -> None:
        if not isinstance(agent, self.model.consumer):
            raise TypeError(f"{agent!r}: a set holds consumers of the class {self.model.consumer.__name__}")

    def _row_of(self, agent: Any) -> int:
        self._check_class(agent)
        if agent.model is not self.model:
            raise ValueError(f"{agent!r}: a set holds consumers of one model")
        row: int = agent.row
        return row

    def _from_iterable(self, agents: Iterable[Any]) -> Self:
        """Return a set of these: what ``&``, ``|``, ``-`` and ``^`` make theirs with."""
        return self._like(list(dict.fromkeys(self._row_of(agent) for agent in agents)))

    def _like(self, rows: Rows | list[int]) -> Self:
        return type(self)(self.model, row_array(rows), self.random)

    def _become(self, rows: Rows | list[int]) -> Self:
        self._rows, self._looked_up = row_array(rows), None
        return self

    def _update(self, agents: Iterable[Any]) -> Self:
        return self._become(self._from_iterable(agents).rows)


def row_array(rows: Rows | list[int]) -> Rows:
    """Return rows as an array, int64."""
    return np.asarray(rows, np.int64)
