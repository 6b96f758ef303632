"""Family ``file``: a network read from an edge list (CSV, Parquet) or GraphML."""

from pathlib import Path
from typing import Any

from abm.networks.family import network_family
from abm.networks.graph_types import CSR
from abm.networks.parameters import Network
from abm.numerics.random import Stream


def node_ids(network: Network) -> list[Any]:
    """Return the ids of the file in ascending order, which is that of the rows."""
    return _read(network)[0]


@network_family(
    "file",
    meaning="an edge list (.csv, .parquet) or a graph (.graphml) of one's own",
    source="the user's data",
    requires="file",
    node_ids=node_ids,
    may_have_hubs=True,
)
def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return the edges of the file; its ids are numbered in ascending order."""
    return _read(network)[1]


def _read(network: Network) -> tuple[list[Any], CSR]:
    from abm.networks.edge_list_file import read  # here: the readers of files take a second to import

    return read(Path(str(network.file)))
