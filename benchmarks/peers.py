"""The same work in this model and in what people would use otherwise: `python -m benchmarks.peers [CONSUMERS]`.

All tools run in turn, several rounds, in one session; what is printed are medians and the ratio to this model, round by
round. Networks and compiling are not counted.
"""

import platform
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version

import numba
import numpy as np
import scipy.sparse as sp
from numba import njit, prange

from abm import Simulation
from benchmarks import work

ROUNDS, WEEKS, WARM_UP = 5, 10, 10
Step = Callable[[int], None]  # runs so many weeks


def this_model(n: int, mean: float) -> Step:
    """Two threads of the compiled week."""
    simulation = Simulation([work.market(n, mean)], seed=1, threads=numba.config.NUMBA_NUM_THREADS)
    return simulation.advance


def scipy_sparse(n: int, mean: float) -> Step:
    """NumPy and a sparse matrix: what a scientist writes first."""
    csr = work.network(n)
    ones = np.ones(csr.indices.size, np.float32)
    matrix = sp.csr_matrix((ones, csr.indices.astype(np.int32), csr.indptr.astype(np.int32)), shape=(n, n))
    share = work.STRENGTH / np.diff(csr.indptr).astype(np.float32)
    taste, rng = work.tastes(n, mean), np.random.default_rng(1)
    state = [work.starters(n).astype(np.float32)]

    def run(weeks: int) -> None:
        for _ in range(weeks):
            utility = taste + share * (matrix @ state[0])
            occasion = rng.random(n, dtype=np.float32) < work.RATE
            wants = rng.random(n, dtype=np.float32) < 1 / (1 + np.exp(-utility))
            state[0] = np.where(occasion, wants, state[0]).astype(np.float32)

    return run


@njit(parallel=True)
def _gather(indptr, indices, state, after, taste):  # type: ignore[no-untyped-def]
    for i in prange(state.size):
        after[i] = state[i]
        if np.random.random() < work.RATE:  # noqa: NPY002 - what Numba compiles
            count = 0
            for tie in range(indptr[i], indptr[i + 1]):
                count += state[indices[tie]]
            utility = taste[i] + work.STRENGTH * count / (indptr[i + 1] - indptr[i])
            after[i] = np.random.random() < 1 / (1 + np.exp(-utility))  # noqa: NPY002


def numba_gather(n: int, mean: float) -> Step:
    """A plain Numba loop over neighbours."""
    csr, taste = work.network(n), work.tastes(n, mean)
    states = [work.starters(n), np.empty(n, np.uint8)]

    def run(weeks: int) -> None:
        for _ in range(weeks):
            _gather(csr.indptr, csr.indices, states[0], states[1], taste)
            states.reverse()

    return run


def mesa_cached(n: int, mean: float) -> Step:
    """Mesa agents that keep a list of their neighbours."""
    import mesa

    class Shopper(mesa.Agent):
        def __init__(self, model: mesa.Model, taste: float, mode: int) -> None:
            super().__init__(model)
            self.taste, self.mode, self.next, self.neighbors = taste, mode, mode, []

        def decide(self) -> None:
            if self.random.random() < work.RATE:
                share = sum(other.mode for other in self.neighbors) / len(self.neighbors)
                utility = self.taste + work.STRENGTH * share
                self.next = int(self.random.random() < 1 / (1 + np.e ** (-utility)))

        def act(self) -> None:
            self.mode = self.next

    csr, model = work.network(n), mesa.Model(rng=1)
    taste, start = work.tastes(n, mean).tolist(), work.starters(n).tolist()
    shoppers = [Shopper(model, taste[i], start[i]) for i in range(n)]
    for i, shopper in enumerate(shoppers):
        shopper.neighbors = [shoppers[j] for j in csr.indices[csr.indptr[i] : csr.indptr[i + 1]]]

    def run(weeks: int) -> None:
        for _ in range(weeks):
            model.agents.do("decide")
            model.agents.do("act")

    return run


PEERS: dict[str, Callable[[int, float], Step]] = {
    "this model": this_model,
    "scipy.sparse": scipy_sparse,
    "Numba gather": numba_gather,
    "Mesa, cached neighbours": mesa_cached,
}


def measure(n: int, mean: float, names: list[str]) -> dict[str, list[float]]:
    """Return consumer-weeks per second of every tool, one figure a round."""
    steps = {name: PEERS[name](n, mean) for name in names}
    rates: dict[str, list[float]] = {name: [] for name in names}
    for name in names:
        steps[name](1 if name.startswith("Mesa") else WARM_UP)
    for _ in range(ROUNDS):
        for name in names:
            weeks = 1 if name.startswith("Mesa") else WEEKS
            began = time.perf_counter()
            steps[name](weeks)
            rates[name].append(n * weeks / (time.perf_counter() - began))
    return rates


def main() -> None:
    """Print the ratio tables, in transition and near equilibrium."""
    n = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "numba", "mesa"))
    print(f"{n:,} consumers; {platform.machine()}, {numba.config.NUMBA_NUM_THREADS} threads; {packages}")
    for title, mean in (("in transition", work.MEAN), ("near equilibrium", work.NEAR_EQUILIBRIUM)):
        names = list(PEERS) if title == "in transition" else list(PEERS)[:3]
        rates = measure(n, mean, names)
        print(f"\n{title:28s} consumer-weeks/s   this model is faster by")
        for name in names:
            ratio = statistics.median(a / b for a, b in zip(rates["this model"], rates[name], strict=True))
            print(f"{name:28s} {statistics.median(rates[name]):16.3g}   {ratio:8.1f} x")


if __name__ == "__main__":
    main()
