"""Reader of GraphML: nodes and ties of the one graph in a file; what is attached to them is not looked at."""

from pathlib import Path
from xml.parsers.expat import ExpatError, ParserCreate

import numpy as np

from abm.networks.errors import NetworkError
from abm.networks.files.edge_table import BOTH_WAYS, EdgeTable, as_text, ignored, listed_twice


class _Graph:
    """What a file holds, filled as its elements come by."""

    def __init__(self) -> None:
        self.n_graphs = 0
        self.nodes: list[str] = []
        self.tails: list[str] = []
        self.heads: list[str] = []
        self.attributes: list[str] = []  # of ties
        self.directed = False
        self.problem = ""

    def begin(self, tag: str, values: dict[str, str]) -> None:
        """Take in the beginning of an element."""
        kind = tag.rpartition(" ")[2]
        if kind == "node":
            self.nodes.append(values.get("id", "").strip())
        elif kind == "edge":
            self.tails.append(values.get("source", "").strip())
            self.heads.append(values.get("target", "").strip())
            self.directed |= values.get("directed", "").lower() == "true"
        elif kind == "graph":
            self.n_graphs += 1
            self.directed |= values.get("edgedefault", "").lower() == "directed"
        elif kind == "key" and values.get("for") in ("edge", "all"):
            self.attributes.append(values.get("attr.name") or values.get("id", ""))
        elif kind in ("hyperedge", "port"):
            self.problem = f"it holds a <{kind}>, but ties lead from one node to another"


def read(path: Path) -> EdgeTable:
    """Return the ties of the graph, in the order of the file, and all of its nodes.

    Raises
    ------
    NetworkError
        No GraphML; or it holds several graphs, graphs inside nodes, or ties of more than two ends.
    """
    graph, parser = _Graph(), ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = graph.begin
    try:
        parser.Parse(path.read_bytes(), True)
    except (ExpatError, ValueError, LookupError) as error:
        raise NetworkError(f"{path}: cannot be read as GraphML: {error}") from error
    if graph.n_graphs != 1:
        graph.problem = f"it holds {graph.n_graphs} graphs (beside or inside one another): put one into a file"
    if graph.problem:
        raise NetworkError(f"{path}: cannot be read as GraphML: {graph.problem}")
    return EdgeTable(
        as_text(graph.tails),
        as_text(graph.heads),
        np.arange(1, len(graph.tails) + 1),
        "edge",
        as_text(graph.nodes),
        faults=listed_twice(graph.nodes),
        notes=ignored(graph.attributes) + (BOTH_WAYS if graph.directed else ()),
    )
