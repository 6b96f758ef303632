"""Social networks: one file per family, all built into compressed sparse rows.

A network is a pure function of its parameters, the number of consumers and (seed, replicate, market name).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from abm.networks import (
    communities,
    complete,
    erdos_renyi,
    graph,
    procedural,
    regular,
    ring,
    scale_free,
    small_world,
)
from abm.networks.cross_market import mix_abroad
from abm.networks.errors import NetworkError
from abm.networks.graph_types import CSR
from abm.networks.parameters import Network
from abm.numerics.random import MAX_SEED, Stream, stream

__all__ = ["CSR", "Network", "NetworkError", "build", "mix_abroad", "node_ids"]

GENERATORS: Final[dict[str, Callable[[Network, int, Stream, int | None], CSR]]] = {
    "complete": complete.build,
    "small_world": small_world.build,
    "scale_free": scale_free.build,
    "random": erdos_renyi.build,
    "regular": regular.build,
    "ring": ring.build,
    "communities": communities.build,
    "procedural": procedural.build,
}
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
        ``indptr`` int64[n + 1], ``indices`` uint32[2 * ties].

    Raises
    ------
    NetworkError
        If there is no such network (degree too high for n, ...) or the file is at fault.
    """
    if network.family in ("file", "graph"):
        csr = _stored(network, base_dir)[1]
        found = csr.indptr.size - 1
        if n is not None and n != found:
            raise NetworkError(
                f"family {network.family!r}: {n:,} consumers, but the network has {found:,}: "
                f"set consumers = {found} or leave it out"
            )
        return csr
    if n is None or not 1 <= n <= _MAX_CONSUMERS:
        raise NetworkError(f"family {network.family!r}: {n} consumers: 1 to {_MAX_CONSUMERS:,}")
    for key, value in (("seed", seed), ("replicate", replicate)):
        if not 0 <= value <= MAX_SEED:
            raise NetworkError(f"{key} = {value}: 0 to {MAX_SEED:,}")
    return GENERATORS[network.family](network, n, stream(seed, replicate, name), threads)


def node_ids(network: Network, base_dir: str | Path | None = None) -> list[Any]:
    """Return the original ids of a file's or graph's consumers, in the order of the rows.

    Raises
    ------
    NetworkError
        For any other family, or if the file is at fault.
    """
    if network.family not in ("file", "graph"):
        raise NetworkError(f"family {network.family!r} has no ids of its own: only 'file' and 'graph' do")
    return _stored(network, base_dir)[0]


def _stored(network: Network, base_dir: str | Path | None) -> tuple[list[Any], CSR]:
    if network.family == "graph":
        return graph.read(network)
    from abm.networks import file

    return file.read(network, None if base_dir is None else Path(base_dir))
