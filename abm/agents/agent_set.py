"""Many consumers at once: a Mesa agent set that holds rows of arrays instead of agents."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any, Literal, Self, overload

import numpy as np
import numpy.typing as npt
from mesa.agentset import AbstractAgentSet, GroupBy

from abm.agents.attributes import AgentAttribute
from abm.agents.protocol import ConsumerModel
from abm.agents.row_index import Rows


class ConsumerSet(AbstractAgentSet):  # type: ignore[misc]  # Mesa is not typed
    """Consumers in an order; each is made when it is asked for.

    What Mesa's own sets can do works here as well. Attributes that live in arrays (``mode``, ``trust`` ...) are read
    and set for everybody at once, and ``get`` then returns an array.

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
        return self._rows is None or bool((self._rows == agent.row).any())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ConsumerSet) and other.model is self.model and np.array_equal(other.rows, self.rows)

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
        return self.model.consumer(self.model, int(self.rows[item]))

    def __and__(self, other: Iterable[Any]) -> ConsumerSet:
        theirs = set(other)
        return self._like([consumer.row for consumer in self if consumer in theirs])

    def __or__(self, other: Iterable[Any]) -> ConsumerSet:
        return self._like(list(dict.fromkeys([*self.rows.tolist(), *(consumer.row for consumer in other)])))

    def __sub__(self, other: Iterable[Any]) -> ConsumerSet:
        theirs = set(other)
        return self._like([consumer.row for consumer in self if consumer not in theirs])

    def to_list(self) -> list[Any]:
        """Return the consumers as a list."""
        return list(self)

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
        *,
        mask: npt.NDArray[np.bool_] | None = None,
    ) -> ConsumerSet:
        """Return those for whom a function holds, or a mask is true, in the same order.

        Parameters
        ----------
        filter_func : callable, optional
            Called with every consumer.
        at_most : int or float
            The first so many; a float up to 1 is a share of this set.
        inplace : bool
            Change this set instead of returning another.
        agent_type : type, optional
        mask : bool array, optional
            One per consumer of this set; takes milliseconds for a million.
        """
        most = int(len(self) * at_most) if isinstance(at_most, float) and at_most <= 1 else at_most
        rows = self.rows if mask is None else self.rows[np.asarray(mask, np.bool_)]
        if agent_type is not None and not issubclass(self.model.consumer, agent_type):
            rows = rows[:0]
        if filter_func is not None:
            rows = self._first_that(filter_func, rows, most)
        chosen = rows if most >= len(rows) else rows[: int(most)]
        return self._become(chosen) if inplace else self._like(chosen)

    def get(
        self,
        attr_names: str | list[str],
        handle_missing: Literal["error", "default"] = "error",
        default_value: Any = None,
    ) -> Any:
        """Return an attribute of everybody: an array for attributes kept in arrays, else a list.

        With a list of names, returns one list of values per consumer.
        """
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing = {handle_missing!r}: allowed: error, default")
        if not isinstance(attr_names, str):
            values = [self.get(name, handle_missing, default_value) for name in attr_names]
            lists = [value.tolist() if isinstance(value, np.ndarray) else value for value in values]
            return [list(of_one) for of_one in zip(*lists, strict=True)]
        column = getattr(self.model.consumer, attr_names, None)
        if isinstance(column, AgentAttribute):
            return column.read(self.model, self.rows)
        if handle_missing == "default":
            return [getattr(consumer, attr_names, default_value) for consumer in self]
        return [getattr(consumer, attr_names) for consumer in self]

    def set(self, attr_name: str, value: Any) -> Self:
        """Give everybody a value (or, with an array, one each) and return this set."""
        column = getattr(self.model.consumer, attr_name, None)
        if isinstance(column, AgentAttribute):
            column.write(self.model, self.rows, value)
        else:
            for consumer in self:
                setattr(consumer, attr_name, value)
        return self

    def groupby(self, by: Callable[[Any], Any] | str, result_type: str = "agentset") -> GroupBy:
        """Group by an attribute or by what a function returns, into sets or (``result_type="list"``) lists."""
        if isinstance(by, str):
            values, indices = np.unique(np.asarray(self.get(by)), return_inverse=True)
            order = np.argsort(indices, kind="stable")
            parts = np.split(self.rows[order], np.flatnonzero(np.diff(indices[order])) + 1) if len(self) else []
            groups = {value.item(): self._like(part) for value, part in zip(values, parts, strict=True)}
        else:
            rows: dict[Any, list[int]] = defaultdict(list)
            for consumer in self:
                rows[by(consumer)].append(consumer.row)
            groups = {key: self._like(members) for key, members in rows.items()}
        return GroupBy({key: list(group) for key, group in groups.items()} if result_type == "list" else groups)

    def shuffle(self, inplace: bool = False) -> ConsumerSet:
        """Return the same consumers in random order."""
        rows = np.random.default_rng(self.random.getrandbits(64)).permutation(self.rows)
        return self._become(rows) if inplace else self._like(rows)

    def sort(self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False) -> ConsumerSet:
        """Return the same consumers by an attribute or by what a function returns, largest first."""
        if isinstance(key, str) and isinstance(getattr(self.model.consumer, key, None), AgentAttribute):
            values = self.get(key)
            order = np.argsort(values, kind="stable")
            if not ascending:  # equal values keep their order, as in Mesa
                order = len(values) - 1 - np.argsort(values[::-1], kind="stable")[::-1]
            rows = self.rows[order]
        else:
            by = operator.attrgetter(key) if isinstance(key, str) else key
            rows = _array([consumer.row for consumer in sorted(self, key=by, reverse=not ascending)])
        return self._become(rows) if inplace else self._like(rows)

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Self:
        """Call a method, or a function, of every consumer and return this set."""
        for consumer in self:
            if isinstance(method, str):
                getattr(consumer, method)(*args, **kwargs)
            else:
                method(consumer, *args, **kwargs)
        return self

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Self:
        """Do it in random order."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Call a method, or a function, of every consumer and return what they return."""
        if isinstance(method, str):
            return [getattr(consumer, method)(*args, **kwargs) for consumer in self]
        return [method(consumer, *args, **kwargs) for consumer in self]

    def add(self, agent: Any) -> None:
        """Put a consumer of the same model into this set."""
        if agent.model is not self.model:
            raise ValueError("a set holds consumers of one model")
        if agent not in self:
            self._rows = np.append(self.rows, agent.row)

    def discard(self, agent: Any) -> None:
        """Take a consumer out of this set, if it is there."""
        if agent in self:
            self._rows = self.rows[self.rows != agent.row]

    def remove(self, agent: Any) -> None:
        """Take a consumer out of this set.

        Raises
        ------
        KeyError
            It is not there.
        """
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def _first_that(self, holds: Callable[[Any], bool], rows: Rows, most: float) -> Rows:
        found: list[int] = []
        for consumer in self._like(rows):
            if len(found) >= most:
                break
            if holds(consumer):
                found.append(consumer.row)
        return _array(found)

    def _like(self, rows: Rows | list[int]) -> ConsumerSet:
        return type(self)(self.model, _array(rows), self.random)

    def _become(self, rows: Rows) -> ConsumerSet:
        self._rows = rows
        return self

    def _update(self, agents: Iterable[Any]) -> ConsumerSet:
        return self._become(_array([agent.row for agent in agents]))


def _array(rows: Rows | list[int]) -> Rows:
    return np.asarray(rows, np.int64)
