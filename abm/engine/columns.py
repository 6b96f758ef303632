"""The arrays that a population has, derived from the columns that mechanisms declare.

Compiled code knows the arrays by the fields of named tuples. The classes of these are made here, one for each set of
mechanisms, and stay attributes of this module: what is compiled is kept on disk under their names.
"""

from collections import namedtuple
from collections.abc import Iterable, Sequence
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from abm.mechanisms import MECHANISMS
from abm.mechanisms.base import Column
from abm.numerics.fixed_point import BASKET
from abm.numerics.jit import keep_nothing_compiled

if TYPE_CHECKING:  # what is compiled needs no market
    from abm.markets.market import Market

_LOCK: Final = Lock()

Names = tuple[str, ...]  # of mechanisms, in the order of the registry

# What a consumer spends on an occasion belongs to the market, not to a mechanism.
BASKET_COLUMN: Final = Column(
    "basket", np.uint32, "baskets", "b, spend on an occasion; 1 on average", initial=1.0, scale=BASKET, fixed=True,
    drawn="normal", kept_if="basket_sigma",
)  # fmt: skip


def mechanisms_in_use() -> Names:
    """Return the names of all registered mechanisms."""
    return tuple(MECHANISMS)


@MECHANISMS.cache
def trait_columns(names: Names) -> tuple[Column, ...]:
    """Return what is drawn once and never changes."""
    return (*(column for column in _columns(names) if column.fixed), BASKET_COLUMN)


@MECHANISMS.cache
def state_columns(names: Names) -> tuple[Column, ...]:
    """Return what changes from week to week."""
    return tuple(column for column in _columns(names) if not column.fixed)


@MECHANISMS.cache
def gathered_columns(names: Names) -> Names:
    """Return the columns that rules look at one consumer at a time, which a batch therefore keeps at hand."""
    found: dict[str, None] = {}
    for name in names:
        kind = MECHANISMS[name]
        if kind.rules.utility or kind.rules.updates:
            found |= dict.fromkeys(column.name for column in kind.columns if not column.bit and not column.kept_if)
            found |= dict.fromkeys(column for column in kind.reads if column != "mode")
    return tuple(found)


@MECHANISMS.cache
def updated_columns(names: Names) -> tuple[tuple[str, Column], ...]:
    """Return the columns that rules update on occasions, each with the name of its mechanism."""
    return tuple(
        (name, column)
        for name in names
        for column in MECHANISMS[name].columns
        if column.name in MECHANISMS[name].rules.updates
    )


def _columns(names: Names) -> tuple[Column, ...]:
    return tuple(column for name in names for column in MECHANISMS[name].columns)


def ever_positive(markets: Iterable["Market"], path: str) -> bool:
    """Say whether a parameter, such as ``trust.bad_news``, is above zero in any of these markets."""
    group, _, name = path.rpartition(".")
    return any(getattr(getattr(market, group) if group else market, name) > 0 for market in markets)


def is_kept(column: Column, markets: Sequence["Market"]) -> bool:
    """Say whether a column needs an array: any that is always kept, or whose parameter is ever above zero."""
    return not column.kept_if or ever_positive(markets, column.kept_if)


def bytes_per_consumer(names: Names, markets: Sequence["Market"]) -> float:
    """Return what the arrays of traits and state take, counts of neighbours apart."""
    kept = [column for column in (*trait_columns(names), *state_columns(names)) if is_kept(column, markets)]
    return sum(1 / 8 if column.bit else np.dtype(column.dtype).itemsize for column in kept if not column.counts)


def row_class(kind: str, fields: Names) -> Any:
    """Return the class of named tuples with these fields; ``kind`` is Traits, State, Rows, Person or StepParams."""
    with _LOCK:  # runs side by side may be the first to ask
        return _row_class(kind, fields, MECHANISMS.n_removed)


@cache
def _row_class(kind: str, fields: Names, n_removed: int) -> Any:
    name = f"{kind}_{crc32(','.join(fields).encode()):08x}" + "_" * n_removed
    if n_removed:
        keep_nothing_compiled()  # no other process would find a class of this name
    made: Any = namedtuple(name, fields)  # type: ignore[misc]
    made.__module__ = __name__
    setattr(made, "__reduce__", _reduced)  # noqa: B010 - a method of a class that has just been made
    globals()[name] = made
    return made


def _reduced(row: Any) -> Any:
    """Let any process unpickle a row: it makes the class by its fields."""
    return _row, (type(row).__name__.partition("_")[0], row._fields, tuple(row))


def _row(kind: str, fields: Names, values: tuple[Any, ...]) -> Any:
    """Return a named tuple that another process has pickled."""
    return row_class(kind, fields)(*values)


def traits_class(names: Names) -> Any:
    """Return the class of the arrays of traits."""
    return row_class("Traits", tuple(column.name for column in trait_columns(names)))


def state_class(names: Names) -> Any:
    """Return the class of the arrays of state."""
    return row_class("State", tuple(column.name for column in state_columns(names)))


def new_column(column: Column, n_rows: int, counts: npt.DTypeLike) -> npt.NDArray[Any]:
    """Return an array of zeros for a column: words of 64 bits for bits, ``counts`` for numbers of neighbours."""
    if column.bit:
        return np.zeros(n_rows // 64, np.uint64)
    return np.zeros(n_rows, counts if column.counts else column.dtype)
