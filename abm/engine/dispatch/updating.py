"""Lets occasions change the columns of mechanisms (equations 4 and 5)."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from abm.engine.columns import Names, gathered_columns, state_columns, updated_columns
from abm.engine.dispatch.person import person_at
from abm.engine.gather import Active, BatchBuffers, scatter
from abm.engine.state import summed_columns
from abm.mechanisms import MECHANISMS, Occasion
from abm.mechanisms.base import Column
from abm.numerics.jit import inline, int64, specialized

Update = Callable[[Any, Active, BatchBuffers, int, Any, npt.NDArray[np.int64]], None]


def update_columns(
    params: Any, active: Active, buffers: BatchBuffers, n_padded: int, state: Any, tally: npt.NDArray[np.int64]
) -> None:
    """Let occasions change the columns of mechanisms, in the order of the registry.

    Parameters
    ----------
    params : StepParams
    active : Active
    buffers : BatchBuffers
        ``mode`` holds what was chosen on the occasion; the rows change.
    n_padded : int
        Entries of the buffers to go through.
    state : State
        Receives the rows that have changed.
    tally : int64[n_tallies]
        Receives the sums of the changes.
    """
    _update_all(params._fields)(params, active, buffers, n_padded, state, tally)


@specialized(update_columns)
def _update_columns(params: Any, active: Any, buffers: Any, n_padded: Any, state: Any, tally: Any) -> Update:
    return _update_all(params.instance_class._fields)


@MECHANISMS.cache
def _update_all(names: Names) -> Update:
    """Return a function that updates every column that a rule updates."""
    update_all: Update = _update_nothing
    for name, column in updated_columns(names):
        update_all = inline(_and(update_all, names, name, column))
    return update_all


@inline
def _update_nothing(
    params: Any, active: Active, buffers: BatchBuffers, n_padded: int, state: Any, tally: npt.NDArray[np.int64]
) -> None:
    pass


def _and(before: Update, names: Names, name: str, column: Column) -> Update:
    """Return a function that updates what ``before`` does, and one more column."""
    rules, number, row = MECHANISMS[name].rules, names.index(name), gathered_columns(names).index(column.name)
    rule, changing, on_purchase = rules.updates[column.name], rules.changing, column.updated == "purchase"
    array, total = [one.name for one in state_columns(names)].index(column.name), summed_columns(names)[column.name]

    def update_all(
        params: Any, active: Active, buffers: BatchBuffers, n_padded: int, state: Any, tally: npt.NDArray[np.int64]
    ) -> None:
        before(params, active, buffers, n_padded, state, tally)
        own, values, mode, word = params[number], buffers.rows[row], buffers.mode, buffers.second_word
        applies = mode if on_purchase else buffers.occasion
        if not changing(own):
            return
        p_good, gain = params.trust.p_good, 0
        for k in range(n_padded):
            occasion = Occasion(int64(mode[k]), int64(int64(word[k]) < p_good))
            level = int64(values[k])
            change = int64(applies[k]) * (rule(own, person_at(buffers.rows, mode, k), occasion) - level)
            values[k] = level + change
            gain += change
        scatter(values, active, state[array])
        tally[total] += gain

    return update_all
