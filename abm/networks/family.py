"""What a network family is, and where families are found by name.

A family is one file: a function that builds the network, registered by the decorator ``network_family`` with all that
the rest of the program needs to know of it. Validation, JSON Schema, memory estimate and controls follow from there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from abm.base.registry import Registry
from abm.networks.errors import require_degree
from abm.networks.graph_types import CSR
from abm.networks.procedural_neighbors import Procedure
from abm.numerics.random import Stream

Network = Any  # abm.networks.parameters.Network, which imports this module for the names of families
type Build = Callable[[Network, int, Stream, int | None], CSR]


@dataclass(frozen=True, kw_only=True)
class NetworkFamily:
    """The declaration of a network family.

    Attributes
    ----------
    name : str
        Value of ``network.family``.
    build : callable
        ``build(network, n, stream, threads) -> CSR``: a function of its first three arguments alone.
    meaning : str
        What kind of network it is, in one line.
    source : str
        Where it is described.
    whole_degree, even_degree : bool
        The degree must be a whole number; an even one.
    check : callable, optional
        ``check(network, n)`` raises NetworkError where n consumers cannot have such a network. Without it, the degree
        must be below n.
    all_pairs : bool
        Everyone is a neighbour of everyone: a simulation counts, and stores no ties.
    procedure : callable, optional
        ``procedure(network, n, stream) -> Procedure``: neighbours are computed when needed, and no ties are stored.
    node_ids : callable, optional
        ``node_ids(network) -> sequence``: original ids of the consumers, in the order of the rows, where the network
        determines how many there are. ``build`` then ignores its n.
    notes : callable, optional
        ``notes(network) -> tuple of str``: what of the user's data has no effect, such as weights of ties.
    uses : tuple of str, optional
        Parameters of ``Network`` that change the network, beside ``ties_abroad``. Without it, any of them may.
    requires : {"file", "graph"}, optional
        The parameter without which there is no such network.
    may_have_hubs : bool
        Some consumers may have more than 255 ties at a low mean degree: counts of neighbours take two bytes.
    build_bytes_per_tie : int
        Memory that ``build`` takes per tie beside the network itself.
    """

    name: str
    build: Build
    meaning: str
    source: str
    whole_degree: bool = False
    even_degree: bool = False
    check: Callable[[Network, int], None] | None = None
    all_pairs: bool = False
    procedure: Callable[[Network, int, Stream], Procedure] | None = None
    node_ids: Callable[[Network], Sequence[Any]] | None = None
    notes: Callable[[Network], tuple[str, ...]] | None = None
    uses: tuple[str, ...] | None = None
    requires: Literal["file", "graph"] | None = None
    may_have_hubs: bool = False
    build_bytes_per_tie: int = 0

    @property
    def is_stored(self) -> bool:
        """Whether a simulation keeps the ties in memory."""
        return not self.all_pairs and self.procedure is None

    @property
    def brings_own_size(self) -> bool:
        """Whether the network determines the number of consumers."""
        return self.node_ids is not None

    def require_feasible(self, network: Network, n: int) -> None:
        """Check that n consumers can have such a network.

        Parameters
        ----------
        network : Network
            Of this family.
        n : int
            Number of consumers.

        Raises
        ------
        NetworkError
            They cannot; the message says what is allowed.
        """
        if self.check is not None:
            self.check(network, n)
        elif not self.all_pairs and not self.brings_own_size:
            require_degree(self.name, network.degree, n, even=self.even_degree)


FAMILIES: Final = Registry[NetworkFamily]("network family")


def network_family(name: str, *, meaning: str, source: str, **declared: Any) -> Callable[[Build], Build]:
    """Register the function below as the generator of a network family.

    Parameters
    ----------
    name : str
        Value of ``network.family``: lower-case letters, digits and underscores.
    meaning, source : str
        What kind of network it is, and where it is described.
    **declared
        Further attributes of `NetworkFamily`.

    Returns
    -------
    callable
        Decorator that returns the function as it is.

    Raises
    ------
    InputError
        There is a family of this name already, or the name cannot be used.
    """

    def register(build: Build) -> Build:
        FAMILIES.add(name, NetworkFamily(name=name, build=build, meaning=meaning, source=source, **declared))
        return build

    return register


def family_table() -> str:
    """Return all families as a Markdown table: name, meaning, degrees, form in memory, source."""
    lines = ["| family | who is tied to whom | degree | in memory | source |", "|---|---|---|---|---|"]
    for family in FAMILIES.values():
        fixed = family.all_pairs or family.brings_own_size
        degree = "-" if fixed else "even" if family.even_degree else "whole" if family.whole_degree else "any"
        memory = "counted" if family.all_pairs else "stored" if family.is_stored else "computed"
        lines.append(f"| `{family.name}` | {family.meaning} | {degree} | {memory} | {family.source} |")
    return "\n".join(lines)
