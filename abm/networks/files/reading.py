"""Which reader reads which kind of file, and what is known of the files read last."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from numpy.typing import NDArray

from abm.networks.errors import NetworkError
from abm.networks.files import gml, graphml, pajek, parquet, text_table
from abm.networks.files.edge_table import EdgeTable, FileNetwork, network_of

READERS: Final[dict[str, Callable[[Path], EdgeTable]]] = {
    ".csv": text_table.read,
    ".tsv": text_table.read,
    ".txt": text_table.read,
    ".edges": text_table.read,
    ".edgelist": text_table.read,
    ".parquet": parquet.read,
    ".graphml": graphml.read,
    ".gml": gml.read,
    ".net": pajek.read,
}


class FileFacts(NamedTuple):
    """What is known of the network in a file without its ties: ids in the order of the rows, and notes."""

    ids: NDArray[Any]
    notes: tuple[str, ...]


_MOST_KEPT: Final = 8
_FACTS: Final[dict[tuple[Path, int, int], FileFacts]] = {}  # of the files read last, as they were then


def read(path: Path) -> FileNetwork:
    """Return the network that a file holds, with its ids.

    Raises
    ------
    NetworkError
        File missing, empty, of unknown kind or unreadable; or one message with all faults of its ties.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise NetworkError(f"{path}: unknown kind of file {path.suffix!r}: one of {', '.join(READERS)}")
    if not path.is_file():
        raise NetworkError(f"{path}: there is no such file")
    state = _state_of(path)
    network = network_of(path, reader(path))
    while len(_FACTS) >= _MOST_KEPT:
        _FACTS.pop(next(iter(_FACTS)), None)
    _FACTS[state] = FileFacts(network.ids, network.notes)
    return network


def facts_of(path: Path) -> FileFacts:
    """Return ids and notes of a file; they are kept until it changes.

    Raises
    ------
    NetworkError
        As in `read`.
    """
    if _state_of(path) not in _FACTS:
        read(path)
    return _FACTS[_state_of(path)]


def _state_of(path: Path) -> tuple[Path, int, int]:
    about = path.stat() if path.is_file() else None
    return (path, about.st_mtime_ns, about.st_size) if about else (path, 0, 0)
