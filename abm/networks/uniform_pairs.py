"""Edges drawn uniformly, without duplicates, from all pairs inside blocks and from all pairs between blocks."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abm.networks.csr_builder import LazyEdges
from abm.networks.duplicate_edges import csr_without_duplicates
from abm.networks.graph_types import CSR, EdgeList, Index, Nodes, require_countable
from abm.networks.random_index import NETWORK, index_from_words
from abm.numerics.jit import entry_point, inline, int64
from abm.numerics.random import Stream, draw

# Parts of the random counter: redraws take the multiples of four, selection inside and between the others.
_SELECT_INSIDE: Final = 1
_SELECT_BETWEEN: Final = 2
_HALF = np.uint64(32)


class Blocks(NamedTuple):
    """Consumers in contiguous blocks whose sizes differ by one at most, and the edges wanted."""

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
    """Return a network with exactly the edges wanted, of which there must be enough pairs.

    Few edges among many pairs are drawn one by one, and duplicates again, in rounds. If more than half of
    the pairs are wanted, the right number is selected in one pass over all pairs.

    Parameters
    ----------
    stream : Stream
        Random numbers of the market.
    blocks : Blocks
        Consumers and edges, inside and between.
    threads : int, optional
        Threads that share the work; does not change the result.

    Returns
    -------
    CSR

    Source: Fan, Muller & Rezucha (1962), JASA 57:387; Knuth, TAOCP 2, 3.4.2, algorithm S.
    """
    require_countable(blocks.n_inside + blocks.n_between)
    return csr_without_duplicates(blocks.n, _PairSampler(stream, blocks), threads)


class _PairSampler:
    """The edges inside, then those between; either drawn one by one or selected."""

    def __init__(self, stream: Stream, blocks: Blocks) -> None:
        self._stream, self._blocks = stream, blocks
        n_inside, n_between = blocks[2:]
        pairs_inside, pairs_between = pair_counts(blocks)
        self._selected: list[tuple[int, EdgeList]] = []  # with the number of the first
        if 2 * n_inside > pairs_inside:
            self._select_edges(_SELECT_INSIDE, 0, n_inside, pairs_inside)
        if 2 * n_between > pairs_between:
            self._select_edges(_SELECT_BETWEEN, n_inside, n_between, pairs_between)
        self.edges = LazyEdges(n_inside + n_between, self._fill)

    def redraw(self, edges: Index, attempt: int) -> EdgeList:
        drawn = EdgeList(np.empty(edges.size, np.uint32), np.empty(edges.size, np.uint32))
        _draw_edges(self._stream, self._blocks, edges, attempt, *drawn)
        return drawn

    def redraw_first(self, edges: Index) -> NDArray[np.bool_]:
        """Return none: of two equal edges the later is drawn again."""
        return np.zeros(edges.size, np.bool_)

    def _select_edges(self, part: int, first: int, n_wanted: int, n_pairs: int) -> None:
        edges = EdgeList(np.empty(n_wanted, np.uint32), np.empty(n_wanted, np.uint32))
        _select_edges(self._stream, self._blocks, part, n_pairs, *edges)
        self._selected.append((first, edges))

    def _fill(self, first: int, last: int, tails: Nodes, heads: Nodes) -> None:
        drawn = np.ones(last - first, np.bool_)
        for start, edges in self._selected:
            low, high = max(first, start), min(last, start + edges.tails.size)
            if low < high:
                drawn[low - first : high - first] = False
                tails[low - first : high - first] = edges.tails[low - start : high - start]
                heads[low - first : high - first] = edges.heads[low - start : high - start]
        if drawn.all():
            _draw_edges(self._stream, self._blocks, np.arange(first, last), 0, tails, heads)
        else:
            drawn_at = np.flatnonzero(drawn)
            tails[drawn_at], heads[drawn_at] = self.redraw(first + drawn_at, 0)


@entry_point
def _draw_edges(stream: Stream, blocks: Blocks, edges: Index, attempt: int, tails: Nodes, heads: Nodes) -> None:
    """Draw one consumer and then another; draw both again in proportion to the pairs a block lacks.

    Parameters
    ----------
    stream : Stream
    blocks : Blocks
    edges : int64[edges]
        Numbers of the edges.
    attempt : int
    tails, heads : uint32[edges]
        Receive the ends.
    """
    n = blocks.n
    inside = (n + blocks.n_blocks - 1) // blocks.n_blocks - 1  # most others that any consumer has inside and outside
    outside = n - n // blocks.n_blocks
    for k in range(edges.size):  # on its own, so that it becomes vector instructions
        words = draw(stream, edges[k], attempt, NETWORK, 0)
        tails[k] = index_from_words(words[0], words[1], n)
        heads[k] = index_from_words(words[2], words[3], inside if edges[k] < blocks.n_inside else outside)
    for k in range(edges.size):
        is_inside = edges[k] < blocks.n_inside
        tail, head = int64(tails[k]), _other(blocks, is_inside, int64(tails[k]), int64(heads[k]))
        part = 0
        while head < 0:
            part += 4
            words = draw(stream, edges[k], attempt, NETWORK, part)
            tail = index_from_words(words[0], words[1], n)
            head = _other(
                blocks, is_inside, tail, index_from_words(words[2], words[3], inside if is_inside else outside)
            )
        tails[k], heads[k] = tail, head


@inline
def _other(blocks: Blocks, is_inside: bool, tail: int, rank: int) -> int:
    """Return the consumer of some rank among those inside, or outside, the block of ``tail``; -1: there is none."""
    n, n_blocks = blocks.n, blocks.n_blocks
    block = int64(np.uint64((tail + 1) * n_blocks - 1) // np.uint64(n)) if n_blocks > 1 else 0
    start = int64(np.uint64(block * n) // np.uint64(n_blocks)) if n_blocks > 1 else 0
    size = int64(np.uint64((block + 1) * n) // np.uint64(n_blocks)) - start if n_blocks > 1 else n
    if is_inside:
        other = start + rank
        return (other + (other >= tail)) if rank < size - 1 else -1
    return (rank + size * (rank >= start)) if rank < n - size else -1


@entry_point
def _select_edges(stream: Stream, blocks: Blocks, part: int, n_pairs: int, tails: Nodes, heads: Nodes) -> None:
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
            if int64((words[rank & 3] * np.uint64(n_pairs - rank)) >> _HALF) < tails.size - taken:
                tails[taken] = np.uint32(tail)
                heads[taken] = np.uint32(head)
                taken += 1
            rank += 1
