"""Who shops in the super-app at week 0: an exact number of consumers, drawn without replacement."""

import numpy as np
import numpy.typing as npt

from abm.markets.market import Market
from abm.markets.own_network import seed_rows
from abm.numerics.jit import entry_point, inline, int64
from abm.numerics.random import Purpose, Stream, draw

_INITIAL = int(Purpose.INITIAL_ADOPTION)


def initial_modes(market: Market, own: Stream) -> npt.NDArray[np.bool_]:
    """Return who is in mode super at week 0, bool[consumers]; an exact count, drawn without replacement."""
    mode = np.zeros(market.consumers, np.bool_)
    mode[seed_rows(market)] = True
    n_seeds = market.seed_adopters or int(market.initial_adoption * market.consumers + 0.5)
    if n_seeds:
        set_first(own, _last_key(own, market.consumers, n_seeds), mode)
    return mode


def _last_key(own: Stream, n: int, n_first: int) -> np.uint64:
    """Return the key of number ``n_first`` in the random order of n consumers, without storing all keys."""
    counts = np.zeros(2**16, np.int64)
    count_keys(own, n, counts)
    up_to = np.cumsum(counts)
    prefix = int(np.searchsorted(up_to, n_first))  # of keys that begin with the same 16 bits
    keys = np.zeros(counts[prefix], np.uint64)
    select_keys(own, n, prefix, keys)
    rank = n_first - 1 - int(up_to[prefix] - counts[prefix])
    last: np.uint64 = np.partition(keys, rank)[rank]
    return last


@inline
def key_of(stream: Stream, i: int) -> np.uint64:
    """Return consumer i's key in the random order: a random word, ties broken by id."""
    return np.uint64((draw(stream, i, 0, _INITIAL, 0)[0] << np.uint64(32)) | np.uint64(i))


@entry_point
def draw_keys(stream: Stream, keys: npt.NDArray[np.uint64]) -> None:
    """Fill in a random order of consumers, uint64[consumers], in place."""
    for i in range(keys.size):
        keys[i] = key_of(stream, i)


@entry_point
def count_keys(stream: Stream, n: int, counts: npt.NDArray[np.int64]) -> None:
    """Count keys by their first 16 bits, int64[2**16], in place."""
    for i in range(n):
        counts[key_of(stream, i) >> np.uint64(48)] += 1


@entry_point
def select_keys(stream: Stream, n: int, prefix: int, keys: npt.NDArray[np.uint64]) -> None:
    """Write down the keys whose first 16 bits are ``prefix``, in place."""
    found = 0
    for i in range(n):
        key = key_of(stream, i)
        if int64(key >> np.uint64(48)) == prefix:
            keys[found] = key
            found += 1


@entry_point
def set_first(stream: Stream, last_key: np.uint64, chosen: npt.NDArray[np.bool_]) -> None:
    """Set the bit of the consumers up to ``last_key`` in the random order, bool[consumers], in place."""
    for i in range(chosen.size):
        chosen[i] |= key_of(stream, i) <= last_key
