"""Networks read from files, one format a file; docs/networks.md says what each format may hold.

Strict on purpose: a list with loops, ties listed twice, lines of different length or missing ids is usually not the
list that was meant. (a, b) and (b, a) are one tie.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from abm.networks.files.edge_table import FileNetwork
    from abm.networks.files.reading import FileFacts

__all__ = ["facts_of", "read"]


def read(path: Path) -> FileNetwork:
    """Return the network that a file holds, with its ids; the readers take a second to import.

    Raises
    ------
    NetworkError
        File missing, empty, of unknown kind or unreadable; or one message with all faults of its ties.
    """
    from abm.networks.files import reading

    return reading.read(path)


def facts_of(path: Path) -> FileFacts:
    """Return ids and notes of a file; they are kept until it changes.

    Raises
    ------
    NetworkError
        As in `read`.
    """
    from abm.networks.files import reading

    return reading.facts_of(path)
