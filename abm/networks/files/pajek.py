"""Reader of Pajek's .net: vertices, and ties listed one by one or as lists of neighbours."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from abm.networks.errors import NetworkError
from abm.networks.files.edge_table import BOTH_WAYS, EdgeTable, as_text, ignored
from abm.networks.files.text_lines import TextLines, read_lines

_VERTEX: Final = re.compile(r'\s*(\d+)(?:\s+(?:"([^"]*)"|(\S+)))?')
_TIES: Final = ("arcs", "edges", "arcslist", "edgeslist")


@dataclass
class _Network:
    """What a file holds, filled line by line."""

    n_nodes: int = -1
    labels: dict[int, str] = field(default_factory=dict)
    ends: list[tuple[int, int]] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)

    def take(self, section: str, line: str, number: int) -> None:
        """Take in one line of a section."""
        if section == "vertices":
            self._take_vertex(line)
        elif section in _TIES:
            words = line.split()
            first, *others = [int(word) for word in (words if section.endswith("list") else words[:2])]
            if not others:
                raise ValueError("a tie takes two")
            if any(not 1 <= one <= self.n_nodes for one in (first, *others)):
                raise ValueError(f"there are vertices 1 to {self.n_nodes} only")
            self.ends += [(first, other) for other in others]
            self.positions += [number] * len(others)
            if len(words) > 2 and not section.endswith("list"):
                self.notes.update(dict.fromkeys(ignored(["weight"])))
            if section.startswith("arcs"):
                self.notes.update(dict.fromkeys(BOTH_WAYS))
        else:
            raise ValueError("it stands before the first section, such as *Vertices")

    def _take_vertex(self, line: str) -> None:
        found = _VERTEX.match(line)
        if found is None or not 1 <= int(found[1]) <= self.n_nodes:
            raise ValueError(f"expected a vertex with a number from 1 to {self.n_nodes}")
        if int(found[1]) in self.labels:
            raise ValueError(f"vertex {found[1]} is listed before")
        self.labels[int(found[1])] = (found[2] or found[3] or "").strip()


def read(path: Path) -> EdgeTable:
    """Return the ties of the network, in the order of the file, and all of its vertices.

    People are called by their labels if every vertex has one of its own, else by their numbers.

    Raises
    ------
    NetworkError
        No Pajek network, several of them, or a section that cannot be read; the message names the line.
    """
    try:
        network = _filled(read_lines(path))
    except ValueError as error:
        raise NetworkError(f"{path}: cannot be read as Pajek: {error}") from error
    numbers = range(1, network.n_nodes + 1)
    labels = [network.labels.get(number, "") for number in numbers]
    own = all(labels) and len(set(labels)) == len(labels)
    if not own and any(labels):
        network.notes["labels are not there for everybody, or the same for several: ids are the vertices' numbers"] = (
            None
        )
    names = labels if own else [str(number) for number in numbers]
    return EdgeTable(
        as_text([names[first - 1] for first, _ in network.ends]),
        as_text([names[other - 1] for _, other in network.ends]),
        np.array(network.positions, np.int64),
        "line",
        as_text(names),
        notes=tuple(network.notes),
    )


def _filled(lines: TextLines) -> _Network:
    network, section = _Network(), ""
    for i, number in enumerate(lines.numbers.tolist()):
        line = lines.line(i).strip()
        if line.startswith("%"):
            continue
        try:
            if line.startswith("*"):
                section = _begin(network, line)
            else:
                network.take(section, line, number)
        except ValueError as error:
            raise ValueError(f"line {number} ({line[:40]}): {error}") from None
    if network.n_nodes < 0:
        raise ValueError("it has no section *Vertices")
    return network


def _begin(network: _Network, line: str) -> str:
    """Return the name of the section that a line begins."""
    section, *words = line[1:].lower().split() or [""]
    section = section.partition(":")[0]
    if section == "network":
        if network.n_nodes >= 0:
            raise ValueError("a second network: put one into a file")
        return section
    if section == "vertices":
        if network.n_nodes >= 0:
            raise ValueError("a second list of vertices: put one network into a file")
        if not words or not words[0].isdecimal():
            raise ValueError("expected the number of vertices")
        network.n_nodes = int(words[0])
        return section
    if section not in _TIES:
        raise ValueError(f"a section that is not read: {', '.join(('vertices', *_TIES))} only")
    return section
