"""Mesa agents that keep a list of their neighbours: what a Mesa user writes who cares for speed."""

import math
from collections.abc import Callable

from benchmarks import work

TITLE, PACKAGES, WEEKS = "Mesa, cached neighbours", (), 1


def prepare(given: work.Work) -> Callable[[int], None]:
    """Create the agents."""
    import mesa

    class Shopper(mesa.Agent):
        def __init__(self, model: mesa.Model, taste: float, mode: int) -> None:
            super().__init__(model)
            self.taste, self.mode, self.next = taste, mode, mode
            self.neighbors: list[Shopper] = []

        def decide(self) -> None:
            if self.random.random() < work.RATE:
                share = sum([other.mode for other in self.neighbors]) / len(self.neighbors)
                utility = self.taste + work.STRENGTH * share
                self.next = int(self.random.random() < 1 / (1 + math.exp(-utility)))

        def act(self) -> None:
            self.mode = self.next

    model = mesa.Model(rng=1)
    start = zip(given.taste.tolist(), given.starters.tolist(), strict=True)
    shoppers = [Shopper(model, taste, mode) for taste, mode in start]
    indptr, indices = given.indptr.tolist(), given.indices.tolist()
    for i, shopper in enumerate(shoppers):
        shopper.neighbors = [shoppers[j] for j in indices[indptr[i] : indptr[i + 1]]]

    def run(weeks: int) -> None:
        for _ in range(weeks):
            model.agents.do("decide")
            model.agents.do("act")

    return run
