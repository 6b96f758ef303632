"""Communities: equal groups of consumers, most of whose edges stay inside (stochastic block model).

Community c holds the consumers c * n // communities up to (c + 1) * n // communities - 1.

Source: Holland, Laskey & Leinhardt (1983), Social Networks 5:109, with given numbers of edges.
"""

from abm.networks.errors import NetworkError
from abm.networks.family import network_family
from abm.networks.graph_types import CSR
from abm.networks.parameters import Network
from abm.networks.uniform_pairs import Blocks, draw_pairs, pair_counts
from abm.numerics.random import Stream


def _check(network: Network, n: int) -> None:
    if network.communities > n:
        raise NetworkError(
            f"family 'communities': {network.communities:,} communities of {n:,} consumers: at most {n:,}"
        )
    blocks = _blocks(network, n)
    for where, wanted, pairs in zip(("inside", "between"), blocks[2:], pair_counts(blocks), strict=True):
        if wanted > pairs:
            raise NetworkError(
                f"family 'communities': {wanted:,} ties {where} communities (degree {network.degree:g}, "
                f"within {network.within:g}) with {n:,} consumers in {network.communities:,} communities: "
                f"there are only {pairs:,} such pairs; change degree, within or communities"
            )


def _blocks(network: Network, n: int) -> Blocks:
    n_edges = round(n * network.degree / 2)
    n_inside = round(n_edges * network.within)
    return Blocks(n, network.communities, n_inside, n_edges - n_inside)


@network_family(
    "communities",
    meaning="equal groups of consumers, most of whose ties stay inside (stochastic block model)",
    source="Holland, Laskey & Leinhardt (1983), Social Networks 5:109",
    uses=("degree", "communities", "within"),
    check=_check,
)
def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return a network of round(n * degree / 2) edges."""
    return draw_pairs(stream, _blocks(network, n), threads)
