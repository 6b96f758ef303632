"""Ties drawn uniformly, without repeats, from all pairs inside blocks and from all pairs between blocks."""

from typing import Final, NamedTuple

import numpy as np

from abm.compiled import compiled
from abm.networks.csr import CSR, Index, Ties, empty_ties, from_ties, repeats
from abm.networks.draws import NETWORK, below
from abm.random import Stream, draw

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


def draw_pairs(stream: Stream, blocks: Blocks) -> CSR:
    """Return a network with exactly the ties wanted, of which there must be enough pairs.

    Few ties among many pairs are drawn one by one, and repeats again, in rounds. If more than half of
    the pairs are wanted, all pairs are gone through once and the right number selected.

    Source: Fan, Muller & Rezucha (1962), JASA 57:387; Knuth, TAOCP 2, 3.4.2, algorithm S.
    """
    ties = empty_ties(blocks.n_inside + blocks.n_between)
    pairs_inside, pairs_between = pair_counts(blocks)
    inside = np.arange(blocks.n_inside)
    between = np.arange(blocks.n_inside, ties.tails.size)
    if 2 * inside.size > pairs_inside:
        _select(stream, blocks, _SELECT_INSIDE, pairs_inside, *_at(ties, inside))
        inside = inside[:0]
    if 2 * between.size > pairs_between:
        _select(stream, blocks, _SELECT_BETWEEN, pairs_between, *_at(ties, between))
        between = between[:0]
    return _without_repeats(stream, blocks, ties, np.concatenate([inside, between]))


def _at(ties: Ties, where: Index) -> Ties:
    """Return a contiguous stretch of ties as views."""
    stretch = slice(where[0], where[-1] + 1)
    return Ties(ties.tails[stretch], ties.heads[stretch])


def _without_repeats(stream: Stream, blocks: Blocks, ties: Ties, todo: Index) -> CSR:
    attempt = 0
    while True:
        _draw(stream, blocks, todo, attempt, ties.tails, ties.heads)
        csr = from_ties(blocks.n, ties)
        todo = repeats(csr, ties)
        if todo.size == 0:
            return csr
        attempt += 1  # ends: at least half of the pairs are free, so each repeat goes with chance 1/2 or more


@compiled
def _draw(stream, blocks, todo, attempt, tails, heads):  # type: ignore[no-untyped-def]
    """Draw one consumer and then another; draw both again in proportion to the pairs a block lacks."""
    n = blocks.n
    largest = (n + blocks.n_blocks - 1) // blocks.n_blocks
    smallest = n // blocks.n_blocks
    for tie in todo:
        part = 0
        while True:
            words = draw(stream, tie, attempt, NETWORK, part)
            tail = below(words[0], words[1], n)
            block = ((tail + 1) * blocks.n_blocks - 1) // n
            start = block * n // blocks.n_blocks
            size = (block + 1) * n // blocks.n_blocks - start
            if tie < blocks.n_inside:
                head = start + below(words[2], words[3], largest - 1)
                if head < start + size - 1:
                    head += 1 if head >= tail else 0
                    break
            else:
                head = below(words[2], words[3], n - smallest)
                if head < n - size:
                    head += size if head >= start else 0
                    break
            part += 4
        tails[tie] = np.uint32(tail)
        heads[tie] = np.uint32(head)


@compiled
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
