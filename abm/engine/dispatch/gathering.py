"""Gathers the columns that rules look at, for every mechanism that needs them this week."""

from collections.abc import Callable
from typing import Any

from abm.engine.columns import Names, gathered_columns, state_columns, trait_columns
from abm.engine.dispatch.person import MODE
from abm.engine.gather import Active, BatchBuffers, gather, gather_bits
from abm.engine.state import Adjacency, Population
from abm.mechanisms import MECHANISMS, MarketWeek
from abm.mechanisms.base import Rule, Rules, always
from abm.numerics.jit import inline, int64, specialized

Gathering = Callable[[Any, MarketWeek, Active, BatchBuffers, Population], None]


def gather_columns(
    params: Any, market: MarketWeek, active: Active, buffers: BatchBuffers, population: Population
) -> None:
    """Gather the columns of every mechanism that needs them this week into ``buffers.rows``.

    The mode is gathered only where a rule reads it; neighbours in a complete network are known without counting.
    """
    _gather_all(params._fields)(params, market, active, buffers, population)


@specialized(gather_columns)
def _gather_columns(params: Any, market: Any, active: Any, buffers: Any, population: Any) -> Gathering:
    return _gather_all(params.instance_class._fields)


@MECHANISMS.cache
def _gather_all(names: Names) -> Gathering:
    """Return a function that gathers every column that the rules of some mechanism look at."""
    gather_all: Gathering = _gather_nothing
    for name in names:
        for column in _looked_at(name, names):
            needed = _needed(MECHANISMS[name].rules)
            gather_all = inline(_and(gather_all, names, column, names.index(name), needed))
    return gather_all


def _needed(rules: Rules) -> Rule:
    """Return a function that says whether the columns are needed this week: for the term, or to be updated."""
    gathered, changing = rules.gathered, rules.changing
    if not rules.updates or gathered is always:
        return gathered

    @inline
    def needed(params: Any) -> bool:
        return gathered(params) or changing(params)  # type: ignore[no-any-return]

    return needed


@inline
def _gather_nothing(
    params: Any, market: MarketWeek, active: Active, buffers: BatchBuffers, population: Population
) -> None:
    pass


def _looked_at(name: str, names: Names) -> list[str]:
    kind, known = MECHANISMS[name], gathered_columns(names)
    own = [column.name for column in kind.columns if column.name in known]
    return [*own, *kind.reads] if kind.rules.utility or kind.rules.updates else []


def _and(before: Gathering, names: Names, column: str, number: int, needed: Rule) -> Gathering:
    """Return a function that gathers what ``before`` does, and one more column if its mechanism needs it."""
    if column == MODE:
        return _and_mode(before, number, needed)
    row, (part, array) = gathered_columns(names).index(column), _source(column, names)
    if column in ("n_neighbors", "n_super"):
        return _and_count(before, number, needed, row, part, array, in_super=column == "n_super")
    return _and_array(before, number, needed, row, part, array)


def _source(column: str, names: Names) -> tuple[int, int]:
    """Return where a column is: the field of the population, and in there the array."""
    traits, state = ([one.name for one in kind(names)] for kind in (trait_columns, state_columns))
    for part, arrays in (("traits", traits), ("state", state), ("adjacency", list(Adjacency._fields))):
        if column in arrays:
            return Population._fields.index(part), arrays.index(column)
    raise KeyError(column)


def _and_mode(before: Gathering, number: int, needed: Rule) -> Gathering:
    def gather_all(
        params: Any, market: MarketWeek, active: Active, buffers: BatchBuffers, population: Population
    ) -> None:
        before(params, market, active, buffers, population)
        if needed(params[number]):
            gather_bits(population.state.mode, active, buffers.mode)

    return gather_all


def _and_array(before: Gathering, number: int, needed: Rule, row: int, part: int, array: int) -> Gathering:
    def gather_all(params: Any, market: MarketWeek, active: Active, buffers: BatchBuffers, population: Any) -> None:
        before(params, market, active, buffers, population)
        if needed(params[number]):
            gather(population[part][array], active, buffers.rows[row])

    return gather_all


def _and_count(
    before: Gathering, number: int, needed: Rule, row: int, part: int, array: int, *, in_super: bool
) -> Gathering:
    def gather_all(params: Any, market: MarketWeek, active: Active, buffers: BatchBuffers, population: Any) -> None:
        before(params, market, active, buffers, population)
        if needed(params[number]) and market.complete:
            for k in range(active.n):
                buffers.rows[row][k] = market.n_super - int64(buffers.mode[k]) if in_super else market.n_others
        elif needed(params[number]):
            gather(population[part][array], active, buffers.rows[row])

    return gather_all
