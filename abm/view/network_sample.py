"""The part of a social network that is drawn: some hundred consumers who know each other, and where they stand."""

from functools import lru_cache
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import numpy.typing as npt

from abm.engine.adjacency import neighbors_of
from abm.engine.layout import rows_of
from abm.engine.state import Adjacency

MOST_DRAWN = 500  # over all markets
_JUMPS = 0.1  # how often a distant acquaintance is let in, who may open up another community
_RESOLUTION = 1.5  # of the search for communities: more makes them smaller


class Neighborhood(NamedTuple):
    """Consumers to draw, by row, with their positions (x, y in 0 .. 1), ties and communities."""

    rows: npt.NDArray[np.int64]
    positions: npt.NDArray[np.float64]  # [n, 2]
    ties: npt.NDArray[np.int64]  # [m, 2], positions in ``rows``
    communities: tuple[tuple[int, ...], ...]
    degree: npt.NDArray[np.int64]  # neighbours of each, drawn or not


def neighborhood(place: Any, ties: Adjacency, n_drawn: int, seed: int) -> Neighborhood:
    """Return a connected sample of one market: a consumer, the neighbours, their neighbours and so on.

    Parameters
    ----------
    place : record of MARKET_LAYOUT
    ties : Adjacency
    n_drawn : int
    seed : int
        Same seed, same picture.
    """
    own = rows_of(place)
    n_drawn = min(n_drawn, own.stop - own.start)
    if place["complete"]:
        rows = own.start + np.sort(np.random.default_rng(seed).permutation(own.stop - own.start)[:n_drawn])
        degree = np.full(n_drawn, own.stop - own.start - 1)
        return Neighborhood(rows, _disc(n_drawn), np.empty((0, 2), np.int64), (), degree)
    rows = _grow(own, ties, n_drawn, seed)
    pairs = _ties_among(rows, ties)
    degree = np.array([neighbors_of(ties, int(row)).size for row in rows])
    positions, communities = _lay_out(len(rows), tuple(map(tuple, pairs.tolist())), seed)
    return Neighborhood(rows, positions, pairs, communities, degree)


def _grow(own: slice, ties: Adjacency, n_drawn: int, seed: int) -> npt.NDArray[np.int64]:
    """Let in whoever knows most of those who are there already, now and then somebody's distant acquaintance."""
    rng = np.random.default_rng(seed)
    starts = iter(own.start + rng.permutation(own.stop - own.start))
    found: dict[int, None] = {}
    known: dict[int, int] = {}  # who is not there yet, and how many they know
    while len(found) < n_drawn:
        if not known:  # at the beginning, and where nobody else can be reached
            row = next(int(row) for row in starts if int(row) not in found)
        elif rng.random() < _JUMPS:
            row = list(known)[rng.integers(len(known))]
        else:
            row = max(known, key=known.__getitem__)
        known.pop(row, None)
        found[row] = None
        for other in neighbors_of(ties, row).tolist():
            if own.start <= other < own.stop and other not in found:
                known[other] = known.get(other, 0) + 1
    return np.array(list(found), np.int64)


def _ties_among(rows: npt.NDArray[np.int64], ties: Adjacency) -> npt.NDArray[np.int64]:
    position = {int(row): i for i, row in enumerate(rows)}
    pairs = [
        (i, position[int(other)])
        for i, row in enumerate(rows)
        for other in np.unique(neighbors_of(ties, int(row)))
        if position.get(int(other), -1) > i
    ]
    return np.array(pairs, np.int64).reshape(-1, 2)


@lru_cache(maxsize=64)
def _lay_out(
    n: int, pairs: tuple[tuple[int, int], ...], seed: int
) -> tuple[npt.NDArray[np.float64], tuple[tuple[int, ...], ...]]:
    """Place communities apart from each other, and their members by springs inside a disc of their own."""
    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(pairs)
    groups = [sorted(group) for group in nx.community.louvain_communities(graph, seed=seed, resolution=_RESOLUTION)]
    radii = np.sqrt([len(group) for group in groups])
    centres = _apart(_centres(graph, groups, seed), radii)
    points = np.zeros((n, 2))
    for group, centre, radius in zip(groups, centres, radii, strict=True):
        points[group] = centre + 0.8 * radius * _inside(graph.subgraph(group), seed)
    low, high = points.min(0), points.max(0)
    points = (points - low) / np.where(high > low, high - low, 1.0)
    points.setflags(write=False)
    return points, tuple(tuple(group) for group in groups if len(group) > 3)


def _centres(graph: nx.Graph, groups: list[list[int]], seed: int) -> npt.NDArray[np.float64]:
    """Place communities that share many ties near each other."""
    group_of = {member: number for number, group in enumerate(groups) for member in group}
    between = nx.Graph()
    between.add_nodes_from(range(len(groups)))
    for one, other in graph.edges:
        a, b = group_of[one], group_of[other]
        if a != b:
            between.add_edge(a, b, weight=between.get_edge_data(a, b, {"weight": 0})["weight"] + 1)
    laid = nx.spring_layout(between, k=3 / np.sqrt(len(groups)), iterations=100, seed=seed)
    return np.array([laid[number] for number in range(len(groups))]) * np.array([1.5, 1.0]) * np.sqrt(len(graph))


def _apart(centres: npt.NDArray[np.float64], radii: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Draw discs to the middle and push apart those that overlap."""
    need = 1.12 * (radii[:, None] + radii[None, :])
    np.fill_diagonal(need, 0.0)
    for _ in range(300):
        centres = centres - 0.01 * centres * np.array([0.7, 1.0])
        gap = centres[:, None] - centres[None, :]
        distance = np.maximum(np.linalg.norm(gap, axis=2), 1e-9)
        push = np.maximum(need - distance, 0.0) / distance
        centres = centres + 0.5 * (gap * push[:, :, None]).sum(1)
    return centres


def _inside(members: nx.Graph, seed: int) -> npt.NDArray[np.float64]:
    """Return positions in a disc of radius 1, by springs."""
    nodes = list(members)
    start = dict(zip(nodes, 2 * _disc(len(nodes)) - 1, strict=True))
    laid = nx.spring_layout(members, pos=start, k=6 / np.sqrt(len(nodes)), iterations=40, seed=seed)
    points = np.array([laid[node] for node in nodes])
    points = points - points.mean(0)
    return np.asarray(points / max(float(np.linalg.norm(points, axis=1).max()), 1e-9))


def _disc(n: int) -> npt.NDArray[np.float64]:
    """Spread points over a disc as seeds on a sunflower."""
    number = np.arange(n) + 0.5
    radius, angle = np.sqrt(number / n) / 2, number * np.pi * (3 - np.sqrt(5))
    return np.column_stack([0.5 + radius * np.cos(angle), 0.5 + radius * np.sin(angle)])
