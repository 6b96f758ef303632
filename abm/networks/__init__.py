"""Social networks: one file per family, all built into compressed sparse rows (CSR).

A network is a pure function of its parameters, the number of consumers and (seed, replicate, market name).
A tie between two consumers is an edge of the graph.

Network
    Family and parameters of a network.
build, CSR
    A network built from them, and the form it is stored in.
node_ids, node_rows
    The ids that people have in a file or graph, in the order of the rows, and the rows of some ids.

Notes
-----
    What of a file has no effect, such as weights of ties.
network_family, NetworkFamily, FAMILIES
    How a family is declared, and all of them by name.
csr_from_pairs, random_index, Stream
    What a family of one's own is built with.
join_markets
    Networks of several markets joined by edges between them.
"""

# The families register themselves; they are listed in this order.
# isort: off
from abm.networks import complete, small_world, scale_free, erdos_renyi, regular, ring  # noqa: F401
from abm.networks import communities, procedural, file, graph  # noqa: F401
# isort: on

from pathlib import Path
from typing import Any, Final

import numpy as np

from abm.networks.cross_market import join_markets
from abm.networks.csr_builder import csr_from_pairs
from abm.networks.errors import IgnoredWarning, NetworkError
from abm.networks.family import FAMILIES, NetworkFamily, network_family
from abm.networks.graph_types import CSR
from abm.networks.node_rows import ids_of, node_rows, require_size
from abm.networks.parameters import Network
from abm.networks.random_index import random_index
from abm.numerics.random import MAX_SEED, Stream, stream

__all__ = [
    "CSR", "FAMILIES", "IgnoredWarning", "Network", "NetworkError", "NetworkFamily", "Stream", "build",
    "csr_from_pairs", "ids_of", "join_markets", "network_family", "node_ids", "node_rows", "notes", "random_index",
    "require_size",
]  # fmt: skip

_MAX_CONSUMERS: Final = 2**31 - 1


def build(
    network: Network,
    *,
    n: int | None = None,
    seed: int = 0,
    replicate: int = 0,
    name: str = "market",
    base_dir: str | Path | None = None,
    threads: int | None = None,
) -> CSR:
    """Build the network of one market.

    Parameters
    ----------
    network : Network
    n : int, optional
        Number of consumers. A file or graph brings its own: leave it out, or it must agree.
    seed, replicate : int
        Key of the random numbers, 0 .. 2**32 - 1.
    name : str
        Name of the market; markets of different names get different networks.
    base_dir : path, optional
        Folder that a relative ``network.file`` starts from; the current one if not given.
    threads : int, optional
        Threads that share the work; does not change the network. Without it, all cores if that pays.

    Returns
    -------
    CSR
        ``indptr`` int64[n + 1], ``indices`` uint32[2 * edges].

    Raises
    ------
    NetworkError
        If there is no such network (degree too high for n, ...) or the file is at fault.
    """
    for key, value in (("seed", seed), ("replicate", replicate)):
        if not 0 <= value <= MAX_SEED:
            raise NetworkError(f"{key} = {value}: 0 to {MAX_SEED:,}")
    family = FAMILIES[network.family]
    if family.brings_own_size:
        csr = family.build(_located(network, base_dir), n or 0, stream(seed, replicate, name), threads)
        if n is not None:
            require_size(network, n, csr.indptr.size - 1)
        return csr
    if n is None or not 1 <= n <= _MAX_CONSUMERS:
        raise NetworkError(f"family {network.family!r}: {n} consumers: 1 to {_MAX_CONSUMERS:,}")
    family.require_feasible(network, n)
    return family.build(_located(network, base_dir), n, stream(seed, replicate, name), threads)


def node_ids(network: Network, base_dir: str | Path | None = None) -> list[Any]:
    """Return the original ids of a file's or graph's consumers, in the order of the rows.

    Parameters
    ----------
    network : Network
    base_dir : path, optional
        Folder that a relative ``network.file`` starts from; the current one if not given.

    Returns
    -------
    list

    Raises
    ------
    NetworkError
        For any other family, or if the file is at fault.
    """
    ids = ids_of(_located(network, base_dir))
    if ids is None:
        known = " and ".join(repr(family.name) for family in FAMILIES.values() if family.brings_own_size)
        raise NetworkError(f"family {network.family!r} has no ids of its own: only {known} do")
    return ids.tolist() if isinstance(ids, np.ndarray) else list(ids)


def notes(network: Network, base_dir: str | Path | None = None) -> tuple[str, ...]:
    """Return what a network says that has no effect: columns and directions of a file, parameters of other families.

    Parameters
    ----------
    network : Network
    base_dir : path, optional
        Folder that a relative ``network.file`` starts from; the current one if not given.

    Raises
    ------
    NetworkError
        The file is at fault.
    """
    family = FAMILIES[network.family]
    unused = [key for key in ("file", "graph") if getattr(network, key) is not None and family.requires != key]
    own = family.notes(_located(network, base_dir)) if family.notes else ()
    return (*(f"network.{key} has no effect with network.family = {family.name!r}" for key in unused), *own)


def _located(network: Network, base_dir: str | Path | None) -> Network:
    """Return the network with its file, if any, found from the folder."""
    if base_dir is None or not network.file:
        return network
    return network.model_copy(update={"file": str(Path(base_dir) / network.file)})
