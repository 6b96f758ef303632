"""Family ``graph``: the network of a ``networkx.Graph``, whatever its nodes are."""

from typing import Any

import numpy as np

from abm.networks.csr_builder import csr_from_pairs
from abm.networks.errors import NetworkError
from abm.networks.family import network_family
from abm.networks.graph_types import CSR
from abm.networks.parameters import Network
from abm.numerics.random import Stream


def node_ids(network: Network) -> list[Any]:
    """Return the nodes in the order of the rows."""
    return _read(network)[0]


@network_family(
    "graph",
    meaning="a networkx.Graph (from Python only)",
    source="the user's data",
    requires="graph",
    uses=("graph",),
    node_ids=node_ids,
    may_have_hubs=True,
)
def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return the edges of the graph."""
    return _read(network)[1]


def _read(network: Network) -> tuple[list[Any], CSR]:
    """Return the nodes and the network whose row i belongs to the i-th node.

    Nodes are sorted; if they cannot be compared they keep the order of the graph.

    Raises
    ------
    NetworkError
        For a directed graph, a multigraph, loops, or no nodes at all.
    """
    graph = network.graph
    if graph.is_directed() or graph.is_multigraph():
        kind = "directed" if graph.is_directed() else "a multigraph"
        raise NetworkError(f"family 'graph': the graph is {kind}: only an undirected networkx.Graph is taken")
    if graph.number_of_nodes() == 0:
        raise NetworkError("family 'graph': the graph has no nodes: at least 1")
    loops = [node for node in graph if graph.has_edge(node, node)]
    if loops:
        shown = ", ".join(repr(node) for node in loops[:5])
        raise NetworkError(f"family 'graph': {len(loops):,} nodes are tied to themselves: {shown}")
    nodes = _in_order(list(graph))
    row = {node: number for number, node in enumerate(nodes)}
    ends = np.array([(row[a], row[b]) for a, b in graph.edges()], dtype=np.int64).reshape(-1, 2)
    return nodes, csr_from_pairs(len(nodes), ends[:, 0], ends[:, 1])


def _in_order(nodes: list[Any]) -> list[Any]:
    try:
        return sorted(nodes)
    except TypeError:
        return nodes
