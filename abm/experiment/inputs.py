"""What a result depends on, as a hash: the same for inputs that are equal, another for inputs that differ.

Parameters are taken as checked, so that ``1`` and ``1.0``, or another order of keys, are the same. A network read from
a file or given as a graph counts with its ties, wherever it came from.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from pydantic import BaseModel

from abm.base.version import MODEL_VERSION
from abm.experiment.plugins import plugin_hashes
from abm.markets.market import Market
from abm.networks import FAMILIES, Network, build, node_ids
from abm.numerics.random import RNG_VERSION

_SCALARS: Final = {str, int, bool, type(None)}
_GRAPHS: "WeakKeyDictionary[Any, str]" = WeakKeyDictionary()  # hashes of graphs: those of a Network cannot be changed


def hash_of(facts: Any) -> str:
    """Return a hash of values, nested tables, parameters and markets, 64 hexadecimal digits."""
    return _digest(json.dumps(_plain(facts), sort_keys=True).encode())


def versions() -> list[Any]:
    """Return what every result depends on besides its parameters: versions, and the code of plugins."""
    return [MODEL_VERSION, RNG_VERSION, plugin_hashes()]


def network_inputs(network: Network) -> dict[str, Any]:
    """Return what a network is built from: its parameters, and the hash of the ties that a file or graph holds."""
    inputs = network.model_dump(exclude={"file", "graph"})
    requires = FAMILIES[network.family].requires
    if requires == "file" and network.file:
        file = Path(network.file)
        about = file.stat()
        return inputs | {"file": [file.suffix.lower(), _file_hash(file, about.st_mtime_ns, about.st_size)]}
    if requires == "graph":
        return inputs | {"graph": _graph_hash(network)}
    return inputs


@lru_cache(maxsize=256)
def _file_hash(file: Path, modified: int, size: int) -> str:
    """Return the hash of a file's content, read anew when the file was written to."""
    return _digest(file.read_bytes())


def _graph_hash(network: Network) -> str:
    """Return the hash of a graph's nodes and ties in the order of the rows, whatever order they were added in."""
    if network.graph not in _GRAPHS:
        ties = build(network)
        facts = (ties.indptr.tobytes(), ties.indices.tobytes(), repr(node_ids(network)).encode())
        _GRAPHS[network.graph] = _digest(b"\n".join(facts))
    return _GRAPHS[network.graph]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _plain(value: Any) -> Any:
    """Return what JSON can hold; numbers that are equal become the same number."""
    if type(value) in _SCALARS:
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else float(value)
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, Market):
        value = value.model_dump(exclude={"network"}) | {"network": network_inputs(value.network)}
    elif isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return str(value)
