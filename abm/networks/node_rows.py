"""Between the ids of people, which are those of the user's file or graph, and rows."""

import difflib
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from abm.networks.errors import NetworkError
from abm.networks.family import FAMILIES
from abm.networks.graph_types import Index
from abm.networks.parameters import Network

_MOST_SHOWN: Final = 5


def ids_of(network: Network) -> Sequence[Any] | None:
    """Return the ids that a network brings along, in the order of the rows; None where they are just 0, 1, 2 ...

    Raises
    ------
    NetworkError
        The file or graph is at fault.
    """
    read = FAMILIES[network.family].node_ids
    return None if read is None else read(network)


def require_size(network: Network, n: int, found: int) -> None:
    """Check that a market has as many consumers as the network that it brings along.

    Parameters
    ----------
    network : Network
    n, found : int
        Consumers asked for, and those of the file or graph.

    Raises
    ------
    NetworkError
        They differ.
    """
    if n != found:
        raise NetworkError(
            f"family {network.family!r}: {n:,} consumers, but the network has {found:,}: "
            f"set consumers = {found} or leave it out"
        )


def node_rows(network: Network, n: int, ids: Iterable[Any]) -> Index:
    """Return the rows of some people.

    Parameters
    ----------
    network : Network
    n : int
        Number of consumers, where the network does not bring its own.
    ids : iterable
        As in the file or graph, else 0 .. n - 1. In a file, 7 and "7" are the same.

    Raises
    ------
    NetworkError
        Some are not there.
    """
    wanted, known = list(ids), ids_of(network)
    rows = [_number(one) if one is not None else -1 for one in wanted] if known is None else _found(wanted, known)
    found = np.array(rows, np.int64)
    unknown = [
        one for one, row in zip(wanted, rows, strict=True) if not 0 <= row < (n if known is None else len(known))
    ]
    if unknown:
        shown = ", ".join(repr(one) for one in unknown[:_MOST_SHOWN]) + (", ..." if len(unknown) > _MOST_SHOWN else "")
        allowed = f"allowed: ids 0 to {n - 1:,}" if known is None else _allowed(network, known, unknown[0])
        raise NetworkError(f"{shown}: {allowed}")
    return found


def _number(one: Any) -> int:
    return one if isinstance(one, int) else -1


def _found(wanted: list[Any], known: Sequence[Any]) -> list[int]:
    """Return rows, -1 for those who are not there."""
    if not isinstance(known, np.ndarray):  # nodes of a graph: anything that can be a key
        row_of = {one: row for row, one in enumerate(known)}
        return [row_of.get(one, -1) for one in wanted]
    if known.dtype == object:
        return [_position(known, str(one)) for one in wanted]
    numbers = [int(one) if str(one) == str(_as_int(one)) else None for one in wanted]
    return [-1 if one is None else _position(known, one) for one in numbers]


def _as_int(one: Any) -> int | None:
    try:
        return int(one)
    except ValueError:
        return None


def _position(known: Any, one: Any) -> int:
    """Return where somebody is among ids in ascending order, -1 for nowhere."""
    if not isinstance(one, str) and abs(one) >= 2**63:
        return -1
    row = int(np.searchsorted(known, np.array(one, dtype=known.dtype)))
    return row if row < len(known) and known[row] == one else -1


def _allowed(network: Network, known: Sequence[Any], unknown: Any) -> str:
    where = f"of {network.file}" if network.family == "file" else f"of its {network.family}"
    names = [str(one) for one in known[:100_000]]
    close = difflib.get_close_matches(str(unknown), names, n=1, cutoff=0.6)
    hint = f"; did you mean {close[0]}?" if close else ""
    return f"no such consumer; allowed: ids {where}, such as {', '.join(names[:_MOST_SHOWN])}{hint}"
