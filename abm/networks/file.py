"""Family ``file``: a network read from a file; the formats are in ``abm.networks.files``."""

from pathlib import Path
from typing import Any

from abm.networks.family import network_family
from abm.networks.files import facts_of, read
from abm.networks.graph_types import CSR
from abm.networks.parameters import Network
from abm.numerics.random import Stream


def node_ids(network: Network) -> Any:
    """Return the ids of the file in the order of the rows: numbers by number or text by code point."""
    return facts_of(Path(str(network.file))).ids


def notes(network: Network) -> tuple[str, ...]:
    """Return what the file says that no network holds, such as weights and directions."""
    return tuple(f"{network.file}: {note}" for note in facts_of(Path(str(network.file))).notes)


@network_family(
    "file",
    meaning="a network of one's own, read from a file",
    source="the user's data",
    requires="file",
    uses=("file",),
    node_ids=node_ids,
    notes=notes,
    may_have_hubs=True,
)
def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return the ties of the file; row i belongs to the i-th of its ids."""
    return read(Path(str(network.file))).csr
