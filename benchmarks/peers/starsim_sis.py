"""Starsim's SIS epidemic on its random network of 10 contacts: not the same decision, but its nearest work."""

import time
from collections.abc import Callable

from benchmarks import work

TITLE, PACKAGES, WEEKS = "Starsim (SIS, 10 contacts)", ("starsim==3.7.2", "numpy"), 5


def prepare(given: work.Work) -> Callable[[int], float]:
    """Return how to run a new simulation of so many steps; its set-up is not counted."""
    import starsim as ss

    def run(weeks: int) -> float:
        sim = ss.Sim(
            n_agents=given.n, networks=ss.RandomNet(n_contacts=work.DEGREE),
            diseases=ss.SIS(beta=0.05, init_prev=work.START), start=0, stop=weeks - 1, dt=1, verbose=0,
        )  # fmt: skip
        sim.init()
        began = time.perf_counter()
        sim.run()
        return time.perf_counter() - began

    return run
