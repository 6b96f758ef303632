"""The sample of a social network that is drawn: a few hundred connected consumers, and their positions."""

from functools import lru_cache
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import numpy.typing as npt

from abm.engine.adjacency import neighbors_of
from abm.engine.layout import rows_of
from abm.engine.state import Adjacency

MAX_NODES_DRAWN = 500  # over all markets
_P_RANDOM = 0.1  # chance that the next node is a random neighbour of the sample, who may lead to another community
_RESOLUTION = 1.5  # of Louvain's method: the higher, the smaller the communities


class NetworkSample(NamedTuple):
    """Consumers to draw, by row, with their positions (x, y in 0 .. 1), ties and communities."""

    rows: npt.NDArray[np.int64]
    positions: npt.NDArray[np.float64]  # [n, 2]
    ties: npt.NDArray[np.int64]  # [m, 2], indices into ``rows``
    communities: tuple[tuple[int, ...], ...]
    degree: npt.NDArray[np.int64]  # neighbours of each, drawn or not


def sample_network(layout: Any, adjacency: Adjacency, n_nodes: int, seed: int) -> NetworkSample:
    """Return a connected sample of one market by snowball sampling.

    Parameters
    ----------
    layout : record of MARKET_LAYOUT
    adjacency : Adjacency
    n_nodes : int
        Size of the sample; smaller if the market is.
    seed : int
        The sample and its positions are a function of the network and the seed.
    """
    own = rows_of(layout)
    n_nodes = min(n_nodes, own.stop - own.start)
    if layout["complete"]:
        rows = own.start + np.sort(np.random.default_rng(seed).permutation(own.stop - own.start)[:n_nodes])
        degree = np.full(n_nodes, own.stop - own.start - 1)
        return NetworkSample(rows, _disc(n_nodes), np.empty((0, 2), np.int64), (), degree)
    rows = _snowball(own, adjacency, n_nodes, seed)
    pairs = _edges_within(rows, adjacency)
    degree = np.array([neighbors_of(adjacency, int(row)).size for row in rows])
    positions, communities = _positions(len(rows), tuple(map(tuple, pairs.tolist())), seed)
    return NetworkSample(rows, positions, pairs, communities, degree)


def _snowball(own: slice, adjacency: Adjacency, n_nodes: int, seed: int) -> npt.NDArray[np.int64]:
    """Add the node with most neighbours in the sample, now and then a random one that has any."""
    rng = np.random.default_rng(seed)
    starts = iter(own.start + rng.permutation(own.stop - own.start))
    sample: dict[int, None] = {}
    frontier: dict[int, int] = {}  # nodes next to the sample, with their number of neighbours in it
    while len(sample) < n_nodes:
        if not frontier:  # at the beginning, and when a component is exhausted
            row = next(int(row) for row in starts if int(row) not in sample)
        elif rng.random() < _P_RANDOM:
            row = list(frontier)[rng.integers(len(frontier))]
        else:
            row = max(frontier, key=frontier.__getitem__)
        frontier.pop(row, None)
        sample[row] = None
        for other in neighbors_of(adjacency, row).tolist():
            if own.start <= other < own.stop and other not in sample:
                frontier[other] = frontier.get(other, 0) + 1
    return np.array(list(sample), np.int64)


def _edges_within(rows: npt.NDArray[np.int64], adjacency: Adjacency) -> npt.NDArray[np.int64]:
    index = {int(row): i for i, row in enumerate(rows)}
    pairs = [
        (i, index[int(other)])
        for i, row in enumerate(rows)
        for other in np.unique(neighbors_of(adjacency, int(row)))
        if index.get(int(other), -1) > i
    ]
    return np.array(pairs, np.int64).reshape(-1, 2)


@lru_cache(maxsize=64)
def _positions(
    n: int, pairs: tuple[tuple[int, int], ...], seed: int
) -> tuple[npt.NDArray[np.float64], tuple[tuple[int, ...], ...]]:
    """Place communities apart from each other, and their members in a disc each, by force-directed layout."""
    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(pairs)
    communities = [
        sorted(group) for group in nx.community.louvain_communities(graph, seed=seed, resolution=_RESOLUTION)
    ]
    radii = np.sqrt([len(group) for group in communities])
    centres = _separate(_centres(graph, communities, seed), radii)
    points = np.zeros((n, 2))
    for group, centre, radius in zip(communities, centres, radii, strict=True):
        points[group] = centre + 0.8 * radius * _member_positions(graph.subgraph(group), seed)
    low, high = points.min(0), points.max(0)
    points = (points - low) / np.where(high > low, high - low, 1.0)
    points.setflags(write=False)
    return points, tuple(tuple(group) for group in communities if len(group) > 3)


def _centres(graph: nx.Graph, communities: list[list[int]], seed: int) -> npt.NDArray[np.float64]:
    """Place communities that share many ties near each other."""
    community_of = {member: number for number, group in enumerate(communities) for member in group}
    between = nx.Graph()
    between.add_nodes_from(range(len(communities)))
    for one, other in graph.edges:
        a, b = community_of[one], community_of[other]
        if a != b:
            between.add_edge(a, b, weight=between.get_edge_data(a, b, {"weight": 0})["weight"] + 1)
    laid = nx.spring_layout(between, k=3 / np.sqrt(len(communities)), iterations=100, seed=seed)
    return np.array([laid[number] for number in range(len(communities))]) * np.array([1.5, 1.0]) * np.sqrt(len(graph))


def _separate(centres: npt.NDArray[np.float64], radii: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Move discs towards the middle, and apart from each other where they overlap."""
    min_distance = 1.12 * (radii[:, None] + radii[None, :])
    np.fill_diagonal(min_distance, 0.0)
    for _ in range(300):
        centres = centres - 0.01 * centres * np.array([0.7, 1.0])
        gap = centres[:, None] - centres[None, :]
        distance = np.maximum(np.linalg.norm(gap, axis=2), 1e-9)
        shift = np.maximum(min_distance - distance, 0.0) / distance
        centres = centres + 0.5 * (gap * shift[:, :, None]).sum(1)
    return centres


def _member_positions(members: nx.Graph, seed: int) -> npt.NDArray[np.float64]:
    """Return positions in a disc of radius 1, by force-directed layout."""
    nodes = list(members)
    start = dict(zip(nodes, 2 * _disc(len(nodes)) - 1, strict=True))
    laid = nx.spring_layout(members, pos=start, k=6 / np.sqrt(len(nodes)), iterations=40, seed=seed)
    points = np.array([laid[node] for node in nodes])
    points = points - points.mean(0)
    return np.asarray(points / max(float(np.linalg.norm(points, axis=1).max()), 1e-9))


def _disc(n: int) -> npt.NDArray[np.float64]:
    """Return points spread evenly over a disc, on Fermat's spiral."""
    number = np.arange(n) + 0.5
    radius, angle = np.sqrt(number / n) / 2, number * np.pi * (3 - np.sqrt(5))
    return np.column_stack([0.5 + radius * np.cos(angle), 0.5 + radius * np.sin(angle)])
