import networkx as nx
import numpy as np
import pytest

from abm.networks import Network, NetworkError, build, node_ids


def test_any_nodes(assert_simple):
    graph = nx.karate_club_graph()
    csr = build(Network(family="graph", graph=graph))
    assert_simple(csr, 34)
    assert np.diff(csr.indptr).tolist() == [graph.degree(node) for node in sorted(graph)]
    named = Network(family="graph", graph=nx.Graph([("c", "a"), ("b", "c")]))
    assert node_ids(named) == ["a", "b", "c"]
    assert build(named, n=3).indices.tolist() == [2, 2, 0, 1]
    mixed = Network(family="graph", graph=nx.Graph([("c", 1), (1, (2, 3))]))
    assert node_ids(mixed) == ["c", 1, (2, 3)]


def test_no_ties(assert_simple):
    assert_simple(build(Network(family="graph", graph=nx.empty_graph(4))), 4)


@pytest.mark.parametrize(
    ("graph", "text"),
    [
        (nx.DiGraph([(1, 2)]), "directed"),
        (nx.MultiGraph([(1, 2)]), "multigraph"),
        (nx.Graph([(1, 1), (1, 2)]), "tied to themselves: 1"),
        (nx.Graph(), "no nodes"),
    ],
)
def test_refused(graph, text):
    with pytest.raises(NetworkError, match=text):
        build(Network(family="graph", graph=graph))


def test_wrong_number_of_consumers():
    with pytest.raises(NetworkError, match="set consumers = 34"):
        build(Network(family="graph", graph=nx.karate_club_graph()), n=35)


def test_only_stored_networks_have_ids():
    with pytest.raises(NetworkError, match="only 'file' and 'graph'"):
        node_ids(Network(family="random"))
