"""Many consumers at once: what Mesa's agent sets can do, on the arrays."""

from __future__ import annotations

import math
import operator
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt
from mesa.agentset import GroupBy

from abm.agents.attributes import AgentAttribute
from abm.agents.row_index import Rows
from abm.agents.row_set import RowSet, row_array


class ConsumerSet(RowSet):
    """Consumers in an order, as a Mesa agent set.

    What Mesa's own sets can do works here as well. Attributes that live in arrays (``mode``, ``trust`` ...) are read
    and set for everybody at once, and ``get`` then returns an array. It is made as a ``RowSet`` is.
    """

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
        *,
        mask: npt.NDArray[np.bool_] | None = None,
    ) -> Self:
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
        rows = self.rows if mask is None else self.rows[np.asarray(mask, np.bool_)]
        if at_most <= 1 and isinstance(at_most, float):
            at_most = int(len(self) * at_most)
        most = max(0, math.ceil(at_most)) if at_most < len(rows) else len(rows)
        if filter_func:
            chosen = self._first_that(filter_func, agent_type, rows, most)
        elif agent_type and len(rows) and most and not issubclass(self.model.consumer, agent_type):
            chosen = rows[:0]
        else:
            chosen = rows[:most]
        return self._become(chosen) if inplace else self._like(chosen)

    def agg(self, attribute: str, func: Callable[..., Any] | Iterable[Callable[..., Any]]) -> Any:
        """Return what a function, or each of several, makes of an attribute of everybody.

        Functions of NumPy get the array, all others a list of Python's own numbers, as in Mesa: ``statistics.mean``
        of an array of whole numbers would be cut down to a whole number.
        """
        values = self.get(attribute)
        return _applied(func, values) if callable(func) else [_applied(each, values) for each in func]

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
            names = attr_names if len(self) else ()
            columns = [_listed(self.get(name, handle_missing, default_value)) for name in names]
            return [list(of_one) for of_one in zip(*columns, strict=True)] if columns else [[] for _ in self.rows]
        column = getattr(self.model.consumer, attr_names, None)
        if isinstance(column, AgentAttribute):
            return column.read(self.model, self.rows)
        if handle_missing == "default":
            return [getattr(consumer, attr_names, default_value) for consumer in self]
        return [getattr(consumer, attr_names) for consumer in self]

    def set(self, attr_name: str, value: Any) -> Self:
        """Give everybody a value (or, with an array, one each) and return this set."""
        column = getattr(self.model.consumer, attr_name, None) if len(self) else None
        if isinstance(column, AgentAttribute):
            column.write(self.model, self.rows, value)
        else:
            for consumer in self:
                setattr(consumer, attr_name, value)
        return self

    def groupby(self, by: Callable[[Any], Any] | str, result_type: str = "agentset") -> GroupBy:
        """Group by an attribute or by what a function returns, into sets or (``result_type="list"``) lists."""
        keys = map(by, self) if callable(by) else _listed(self.get(by))
        rows: dict[Any, list[int]] = defaultdict(list)
        for key, row in zip(keys, self.rows.tolist(), strict=True):
            rows[key].append(row)
        groups = {key: self._like(members) for key, members in rows.items()}
        return GroupBy(groups if result_type == "agentset" else {key: list(group) for key, group in groups.items()})

    def shuffle(self, inplace: bool = False) -> Self:
        """Return the same consumers in random order, in that of Mesa's own sets."""
        rows = self.rows.tolist()
        self.random.shuffle(rows)
        return self._become(rows) if inplace else self._like(rows)

    def sort(self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False) -> Self:
        """Return the same consumers by an attribute or by what a function returns, largest first."""
        if isinstance(key, str) and isinstance(getattr(self.model.consumer, key, None), AgentAttribute):
            values = self.get(key)
            order = np.argsort(values, kind="stable")
            if not ascending:  # equal values keep their order, as in Mesa
                order = len(values) - 1 - np.argsort(values[::-1], kind="stable")[::-1]
            rows = self.rows[order]
        else:
            by = operator.attrgetter(key) if isinstance(key, str) else key
            rows = row_array([consumer.row for consumer in sorted(self, key=by, reverse=not ascending)])
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

    def _first_that(self, holds: Callable[[Any], bool], kind: type | None, rows: Rows, most: int) -> Rows:
        found: list[int] = []
        for consumer in self._like(rows):
            if len(found) >= most:
                break
            if holds(consumer) and (not kind or isinstance(consumer, kind)):
                found.append(consumer.row)
        return row_array(found)


def _listed(values: Any) -> list[Any]:
    """Return Python's own numbers and texts."""
    listed: list[Any] = values.tolist() if isinstance(values, np.ndarray) else values
    return listed


def _applied(func: Callable[..., Any], values: Any) -> Any:
    of_numpy = isinstance(func, np.ufunc) or (getattr(func, "__module__", None) or "").startswith("numpy")
    return func(values if of_numpy and len(values) else _listed(values))
