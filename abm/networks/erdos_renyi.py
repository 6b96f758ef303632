"""Family ``random``: every pair of consumers is tied with the same chance; degrees are Poisson.

Source: Erdos & Renyi (1959), Publ. Math. Debrecen 6:290, the form with a given number of edges.
"""

from abm.networks.family import network_family
from abm.networks.graph_types import CSR
from abm.networks.parameters import Network
from abm.networks.uniform_pairs import Blocks, draw_pairs
from abm.numerics.random import Stream


@network_family(
    "random",
    meaning="every pair of consumers is tied with the same chance",
    source="Erdos & Renyi (1959), Publ. Math. Debrecen 6:290",
    uses=("degree",),
)
def build(network: Network, n: int, stream: Stream, threads: int | None = None) -> CSR:
    """Return a network of round(n * degree / 2) edges."""
    return draw_pairs(stream, Blocks(n, 1, round(n * network.degree / 2), 0), threads)
