"""The critical size of an intervention, after which a market stays high: bisection on a chance of one half.

Whether an intervention of some size tips the market is decided by Wald's sequential test of P > 1/2 against P < 1/2:
runs are added, with the same random numbers for every size, until the likelihood ratio is decisive. Far from the
critical size three runs are enough.

Source: Wald (1945), Annals of Mathematical Statistics 16(2).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, log

import pandas as pd

from abm.analysis.cached_executor import CachedExecutor
from abm.analysis.explain.path_dependence import BIN, YEAR, follow
from abm.analysis.market_run import MarketRun
from abm.analysis.result_cache import cache_key
from abm.analysis.tipping.interventions import Intervention, order_of_seeds
from abm.engine.snapshot import Snapshot
from abm.experiment.executor import Job

_STEP = log(0.75 / 0.25)  # a run's weight: chances of 3/4 and 1/4 are to be distinguished
_SURE = log(0.95 / 0.05)  # 5 % errors on either side


@dataclass(frozen=True)
class CriticalSize:
    """The critical size of an intervention, between ``low`` (does not tip) and ``high`` (does).

    ``size`` is None if even the largest does not tip the market; 0 if it tips without any.
    """

    intervention: Intervention
    size: float | None
    low: float
    high: float
    runs: pd.DataFrame  # size, n_runs, n_tipped, tips


def sequential(outcomes: Iterator[Sequence[bool]], most: int) -> tuple[int, int]:
    """Return the numbers of runs and of those that tipped, once Wald's test is decided or ``most`` runs are made.

    Parameters
    ----------
    outcomes : iterator of sequences of bool
        Batches of results, at least one each.
    most : int
    """
    n_runs = n_tipped = 0
    while n_runs < most and abs(_log_likelihood_ratio(n_runs, n_tipped)) < _SURE:
        for tipped in next(outcomes):
            n_runs, n_tipped = n_runs + 1, n_tipped + bool(tipped)
    return n_runs, n_tipped


def still_needed(n_runs: int, n_tipped: int, most: int) -> int:
    """Return how many runs the test needs at least before it can be decided.

    Parameters
    ----------
    n_runs, n_tipped : int
        Runs so far, and how many of them tipped the market.
    most : int
        Runs there can be.
    """
    return max(1, min(ceil((_SURE - abs(_log_likelihood_ratio(n_runs, n_tipped))) / _STEP), most - n_runs))


def _log_likelihood_ratio(n_runs: int, n_tipped: int) -> float:
    return (2 * n_tipped - n_runs) * _STEP


def bisect(tips: Callable[[float], bool], largest: float, tolerance: float) -> tuple[float | None, float, float]:
    """Return the critical size and the bracket around it, not wider than ``tolerance``; None if there is none.

    Parameters
    ----------
    tips : function of a size
        Whether an intervention of that size tips the market.
    largest : float
        Largest size that is tried.
    tolerance : float
        In the unit of the size.
    """
    if not tips(largest):
        return None, largest, float("inf")
    if tips(0.0):
        return 0.0, 0.0, 0.0
    low, high = 0.0, largest
    while high - low > tolerance:
        middle = (low + high) / 2
        low, high = (low, middle) if tips(middle) else (middle, high)
    return (low + high) / 2, low, high


@dataclass
class CriticalSizeSearch:
    """Runs interventions on one market from its state at the end of the experiment, and finds their critical sizes.

    Parameters
    ----------
    baseline : sequence of MarketRun
        The runs of the experiment, one per replicate; their number is the most the test may use.
    threshold : float
        Adoption above which it counts as high.
    settle : int
        Weeks after the end of the intervention until that is looked at.
    """

    baseline: Sequence[MarketRun]
    threshold: float
    settle: int
    executor: CachedExecutor

    def critical(self, intervention: Intervention, tolerance: float = 0.01) -> CriticalSize:
        """Return the critical size of an intervention; ``tolerance`` is relative to the largest.

        Parameters
        ----------
        intervention : Intervention
        tolerance : float
            Width of the bracket, as a share of the largest size.
        """
        tried: list[dict[str, object]] = []

        def tips(size: float) -> bool:
            n_runs, n_tipped = sequential(self._batches(intervention, size), len(self.baseline))
            tried.append({"size": size, "n_runs": n_runs, "n_tipped": n_tipped, "tips": 2 * n_tipped > n_runs})
            return 2 * n_tipped > n_runs

        size, low, high = bisect(tips, intervention.largest, tolerance * intervention.largest)
        return CriticalSize(intervention, size, low, high, pd.DataFrame(tried))

    def _batches(self, intervention: Intervention, size: float) -> Iterator[list[bool]]:
        n_runs = n_tipped = 0
        while True:
            n_next = still_needed(n_runs, n_tipped, len(self.baseline))
            jobs = [self.job(intervention, size, replicate) for replicate in range(n_runs, n_runs + n_next)]
            batch = [float(result["end"]) > self.threshold for result in self.executor.run(jobs)]
            n_runs, n_tipped = n_runs + n_next, n_tipped + sum(batch)
            yield batch

    def job(self, intervention: Intervention, size: float, replicate: int) -> Job:
        """Return one run with an intervention, whose result is adoption over the last year.

        Parameters
        ----------
        intervention : Intervention
        size : float
            From 0 to the intervention's largest.
        replicate : int
        """
        baseline = self.baseline[replicate]
        weeks = intervention.weeks + self.settle
        inputs = {"intervention": vars(intervention), "size": size, "weeks": weeks, "baseline": baseline.job.key}

        def run() -> dict[str, float]:
            state = final_state(baseline)
            market_run = baseline.opened()
            market = market_run.market
            order = order_of_seeds(market.consumers, market_run.seed, market_run.replicate, market.name)
            levers = intervention.levers(size, market.name, state.week)
            seeded = intervention.apply_seeds(state, size, order)
            path = follow(market_run, seeded, weeks, levers)["adoption"]
            return {"end": last_year(path, self.settle)}

        return Job(cache_key(**inputs), weeks * baseline.market.consumers, run)


def final_state(baseline: MarketRun) -> Snapshot:
    """Return the state after the last week of a run, which is run once for all jobs that need it."""
    state: Snapshot = baseline.memo.get(f"final state {baseline.job.key}", baseline.end)
    return state


def last_year(path: Sequence[float], settle: int) -> float:
    """Return the mean of a curve in bins over its last year, or over all weeks after the intervention if fewer.

    Parameters
    ----------
    path : sequence of float
        Means over ``BIN`` weeks.
    settle : int
        Weeks after the intervention.
    """
    last = path[-min(YEAR, max(settle // BIN, 1)) :]
    return sum(last) / len(last)
