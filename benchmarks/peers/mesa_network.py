"""Mesa agents on Mesa's own network space."""

import math
from collections.abc import Callable

from benchmarks import work

TITLE, PACKAGES, WEEKS, LARGEST = "Mesa, discrete_space.Network", (), 1, 200_000


def prepare(given: work.Work) -> Callable[[int], None]:
    """Create the agents and their cells."""
    import mesa
    import networkx as nx
    from mesa.discrete_space import FixedAgent, Network

    class Shopper(FixedAgent):
        def __init__(self, model: mesa.Model, cell: object, taste: float, mode: int) -> None:
            super().__init__(model)
            self.cell, self.taste, self.mode, self.next = cell, taste, mode, mode

        def decide(self) -> None:
            if self.random.random() < work.RATE:
                modes = [other.mode for other in self.cell.neighborhood.agents]
                utility = self.taste + work.STRENGTH * sum(modes) / len(modes)
                self.next = int(self.random.random() < 1 / (1 + math.exp(-utility)))

        def act(self) -> None:
            self.mode = self.next

    graph = nx.Graph()
    graph.add_nodes_from(range(given.n))
    indptr, indices = given.indptr.tolist(), given.indices.tolist()
    graph.add_edges_from((i, j) for i in range(given.n) for j in indices[indptr[i] : indptr[i + 1]] if i < j)
    model = mesa.Model(rng=1)
    space = Network(graph, capacity=1, random=model.random, layout=None)
    start = zip(space.all_cells.cells, given.taste.tolist(), given.starters.tolist(), strict=True)
    for cell, taste, mode in start:
        Shopper(model, cell, taste, mode)

    def run(weeks: int) -> None:
        for _ in range(weeks):
            model.agents.do("decide")
            model.agents.do("act")

    return run
