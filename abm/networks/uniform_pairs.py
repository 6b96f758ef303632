"""EdgeList drawn uniformly, without repeats, from all pairs inside blocks and from all pairs between blocks."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abm.networks.csr_builder import Listing
from abm.networks.duplicate_edges import without_repeats
from abm.networks.graph_types import CSR, EdgeList, Index, Nodes, countable
from abm.networks.random_index import NETWORK, below
from abm.numerics.jit import entry_point, inline
from abm.numerics.random import Stream, draw

# Parts of the random counter: redraws take the multiples of four, selection inside and between the others.
_SELECT_INSIDE: Final = 1
_SELECT_BETWEEN: Final = 2
_HALF = np.uint64(32)


class Blocks(NamedTuple):
    """Consumers in contiguous blocks whose sizes differ by one at most, and the ties wanted."""

    n: int
    n_blocks: int
    n_inside: int
    n_between: int


def pair_counts(blocks: Blocks) -> tuple[int, int]:
    """Return how many pairs lie inside a block and how many between two."""
    size, larger = divmod(blocks.n, blocks.n_blocks)
    inside = larger * size + blocks.n_blocks * (size * (size - 1) // 2)
    return inside, blocks.n * (blocks.n - 1) // 2 - inside


def draw_pairs(stream: Stream, blocks: Blocks, threads: int | None = None) -> CSR:
    """Return a network with exactly the ties wanted, of which there must be enough pairs.

    Few ties among many pairs are drawn one by one, and repeats again, in rounds. If more than half of
    the pairs are wanted, all pairs are gone through once and the right number selected.

    Source: Fan, Muller & Rezucha (1962), JASA 57:387; Knuth, TAOCP 2, 3.4.2, algorithm S.
    """
    countable(blocks.n_inside + blocks.n_between)
    return without_repeats(blocks.n, _Pairs(stream, blocks), threads)


class _Pairs:
    """The ties inside, then those between; either drawn one by one or selected."""

    def __init__(self, stream: Stream, blocks: Blocks) -> None:
        self._stream, self._blocks = stream, blocks
        n_inside, n_between = blocks[2:]
        pairs_inside, pairs_between = pair_counts(blocks)
        self._selected: list[tuple[int, EdgeList]] = []  # with the number of the first
        if 2 * n_inside > pairs_inside:
            self._select(_SELECT_INSIDE, 0, n_inside, pairs_inside)
        if 2 * n_between > pairs_between:
            self._select(_SELECT_BETWEEN, n_inside, n_between, pairs_between)
        self.listing = Listing(n_inside + n_between, self._fill)

    def redraw(self, ties: Index, attempt: int) -> EdgeList:
        drawn = EdgeList(np.empty(ties.size, np.uint32), np.empty(ties.size, np.uint32))
        _draw(self._stream, self._blocks, ties, attempt, *drawn)
        return drawn

    def yields(self, ties: Index) -> NDArray[np.bool_]:
        """Return that none makes way for a later one: what is selected never repeats."""
        return np.zeros(ties.size, np.bool_)

    def _select(self, part: int, first: int, n_wanted: int, n_pairs: int) -> None:
        ties = EdgeList(np.empty(n_wanted, np.uint32), np.empty(n_wanted, np.uint32))
        _select(self._stream, self._blocks, part, n_pairs, *ties)
        self._selected.append((first, ties))

    def _fill(self, first: int, last: int, tails: Nodes, heads: Nodes) -> None:
        drawn = np.ones(last - first, np.bool_)
        for start, ties in self._selected:
            low, high = max(first, start), min(last, start + ties.tails.size)
            if low < high:
                drawn[low - first : high - first] = False
                tails[low - first : high - first] = ties.tails[low - start : high - start]
                heads[low - first : high - first] = ties.heads[low - start : high - start]
        if drawn.all():
            _draw(self._stream, self._blocks, np.arange(first, last), 0, tails, heads)
        else:
            places = np.flatnonzero(drawn)
            tails[places], heads[places] = self.redraw(first + places, 0)


@entry_point
def _draw(stream, blocks, ties, attempt, tails, heads):  # type: ignore[no-untyped-def]
    """Draw one consumer and then another; draw both again in proportion to the pairs a block lacks."""
    n = blocks.n
    inside = (n + blocks.n_blocks - 1) // blocks.n_blocks - 1  # most others that any consumer has inside and outside
    outside = n - n // blocks.n_blocks
    for place in range(ties.size):  # on its own, so that it becomes vector instructions
        words = draw(stream, ties[place], attempt, NETWORK, 0)
        tails[place] = below(words[0], words[1], n)
        heads[place] = below(words[2], words[3], inside if ties[place] < blocks.n_inside else outside)
    for place in range(ties.size):
        is_inside = ties[place] < blocks.n_inside
        tail, head = np.int64(tails[place]), _other(blocks, is_inside, np.int64(tails[place]), np.int64(heads[place]))
        part = 0
        while head < 0:
            part += 4
            words = draw(stream, ties[place], attempt, NETWORK, part)
            tail = below(words[0], words[1], n)
            head = _other(blocks, is_inside, tail, below(words[2], words[3], inside if is_inside else outside))
        tails[place], heads[place] = tail, head


@inline
def _other(blocks, is_inside, tail, rank):  # type: ignore[no-untyped-def]
    """Return the consumer of some rank among those inside, or outside, the block of ``tail``; -1: there is none."""
    n, n_blocks = blocks.n, blocks.n_blocks
    block = np.int64(np.uint64((tail + 1) * n_blocks - 1) // np.uint64(n)) if n_blocks > 1 else 0
    start = np.int64(np.uint64(block * n) // np.uint64(n_blocks)) if n_blocks > 1 else 0
    size = np.int64(np.uint64((block + 1) * n) // np.uint64(n_blocks)) - start if n_blocks > 1 else n
    if is_inside:
        other = start + rank
        return (other + (other >= tail)) if rank < size - 1 else -1
    return (rank + size * (rank >= start)) if rank < n - size else -1


@entry_point
def _select(stream, blocks, part, n_pairs, tails, heads):  # type: ignore[no-untyped-def]
    """Take each pair in turn with chance (still wanted) / (pairs left)."""
    n = blocks.n
    rank = 0
    taken = 0
    words = draw(stream, 0, 0, NETWORK, part)
    for tail in range(n):
        block = ((tail + 1) * blocks.n_blocks - 1) // n
        stop = (block + 1) * n // blocks.n_blocks
        first, last = (tail + 1, stop) if part == _SELECT_INSIDE else (stop, n)
        for head in range(first, last):
            if rank & 3 == 0:
                words = draw(stream, rank >> 2, 0, NETWORK, part)
            if np.int64((words[rank & 3] * np.uint64(n_pairs - rank)) >> _HALF) < tails.size - taken:
                tails[taken] = np.uint32(tail)
                heads[taken] = np.uint32(head)
                taken += 1
            rank += 1
