"""This model: the compiled week on all cores."""

import os
from collections.abc import Callable

from benchmarks import work

TITLE, PACKAGES, WEEKS = "this model", (), 100


def prepare(given: work.Work) -> Callable[[int], None]:
    """Set up the market that does this work."""
    from abm import Market, Simulation

    market = Market(
        consumers=given.n,
        occasion_rate=work.RATE,
        initial_adoption=work.START,
        preference={"mean": given.mean, "spread": work.SPREAD},
        norm={"strength": work.STRENGTH},
        network={"family": "small_world", "degree": work.DEGREE, "rewiring": work.REWIRING},
    )
    return Simulation([market], seed=1, threads=len(os.sched_getaffinity(0))).advance
