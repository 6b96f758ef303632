"""The state of a simulation at one week, to be kept, altered and gone on from."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from abm.base.errors import InputError, Problem
from abm.engine.adjacency import count_neighbors
from abm.engine.columns import Names, state_columns
from abm.engine.layout import rows_of
from abm.engine.state import Population
from abm.mechanisms import MECHANISMS
from abm.numerics.bits import pack, unpack


class Snapshot(NamedTuple):
    """What changes in the course of a run: every consumer's state, merchants, and the last week's sums.

    The arrays are copies that cannot be written to; rows are those of the simulation it was taken from, and
    ``node_ids`` says for each market who they are in its file or graph (None where there is none).
    """

    week: int
    state: Any  # an array for each column of state
    tallies: npt.NDArray[np.int64]  # [markets, n_tallies]
    merchants: npt.NDArray[np.float64]  # M, [markets]
    node_ids: tuple[Sequence[Any] | None, ...] = ()

    def altered(self, merchants: float | None = None, **changes: npt.NDArray[Any] | int) -> Self:
        """Return a copy in which some arrays of the state, such as ``habit`` or ``mode``, have other values.

        Arrays are as in the state (whatever another snapshot of the same consumers holds fits); a single number
        goes to everybody: 0 or 1 for columns of bits such as ``aware`` and ``mode``, what is stored for others, such as
        0 .. 65535 for ``habit`` and ``trust``. Whoever is in mode super is aware.
        """
        values = {name: _full_column(getattr(self.state, name), value, name) for name, value in changes.items()}
        state = self.state._replace(**values)
        state = state._replace(aware=state.aware | state.mode)
        stock = self.merchants if merchants is None else np.full_like(self.merchants, merchants)
        return self._replace(state=state, merchants=stock)


def _full_column(old: npt.NDArray[Any], value: npt.NDArray[Any] | int, name: str) -> npt.NDArray[Any]:
    if isinstance(value, np.ndarray):
        return value.astype(old.dtype).reshape(old.shape)
    if next(column for kind in MECHANISMS.values() for column in kind.columns if column.name == name).bit:
        return np.full_like(old, np.uint64(0xFFFFFFFFFFFFFFFF) if value else np.uint64(0))
    return np.full_like(old, value)


def take_snapshot(
    week: int, state: Any, tallies: npt.NDArray[np.int64], merchants: npt.NDArray[np.float64]
) -> Snapshot:
    """Copy the state of a week."""
    tallies, merchants = read_only((tallies.copy(), merchants.copy()))
    return Snapshot(week, read_only(copy_of(state)), tallies, merchants)


def copy_of(state: Any) -> Any:
    """Return a copy of everybody's state."""
    return state._replace(**{name: array.copy() for name, array in state._asdict().items()})


def read_only(arrays: Any) -> Any:
    """Return the arrays after making them refuse to be written to."""
    for array in arrays:
        array.flags.writeable = False
    return arrays


def require_same_people(snapshot: Snapshot, node_ids: Sequence[Sequence[Any] | None]) -> None:
    """Check that a snapshot is of the people of a simulation, as far as both know their ids.

    Parameters
    ----------
    snapshot : Snapshot
    node_ids : sequence of sequence or None
        Of the simulation's markets.

    Raises
    ------
    InputError
        It is of others; the message names one.
    """
    for theirs, ours in zip(snapshot.node_ids, node_ids, strict=False):
        if theirs is not None and ours is not None and list(theirs) != list(ours):
            one = next(iter(set(theirs) ^ set(ours)), "their order")
            raise InputError(
                [Problem("snapshot", None, f"it is of other people: {one!r} is only in one of the networks")]
            )


def restore_state(snapshot: Snapshot, population: Population, layouts: npt.NDArray[np.void], names: Names) -> None:
    """Overwrite a population's state by the snapshot's; what neighbours do is counted in the population's network.

    Raises
    ------
    ValueError
        The snapshot is of another number of consumers.
    """
    state = population.state
    present = _present(layouts, state.aware.size)
    for column in state_columns(names):
        if column.counts:
            continue  # follow from the others and the network
        source, target = getattr(snapshot.state, column.name, None), getattr(state, column.name)
        if source is None:
            continue  # the snapshot is older than the mechanism: everybody keeps the value of week 0
        if column.kept_if and source.size * target.size == 0:
            target[:] = 0  # one of the two keeps none at all
            continue
        if source.shape != target.shape:
            raise ValueError(f"snapshot: {column.name} has {source.size} entries, the simulation {target.size}")
        target[:] = source & present if column.bit else source
    if state.n_super.size:
        count_neighbors(population.adjacency, unpack(state.mode), state.n_super)
    if state.n_let_down.size:
        count_neighbors(population.adjacency, unpack(state.let_down), state.n_let_down)


def _present(layouts: npt.NDArray[np.void], n_words: int) -> npt.NDArray[np.uint64]:
    """Return the bits that belong to somebody: a market's last block may be half empty."""
    bits = np.zeros(64 * n_words, np.bool_)
    for layout in layouts:
        bits[rows_of(layout)] = True
    return pack(bits)
