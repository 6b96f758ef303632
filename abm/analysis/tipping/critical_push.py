"""The smallest push after which a market stays high: bisection on a chance of one half.

Whether a push of some size tips the market is decided by Wald's sequential test of P > 1/2 against P < 1/2: runs are
added, the same random numbers for every size, until the odds are clear. Far from the critical size three runs do.

Source: Wald (1945), Annals of Mathematical Statistics 16(2).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, log

import pandas as pd

from abm.analysis.explain.path_dependence import BIN, YEAR, follow
from abm.analysis.jobs import Answers, Meter, Task, key_of, work_off
from abm.analysis.market_run import Trial
from abm.analysis.tipping.interventions import Push, order_of_seeds
from abm.engine.snapshot import Snapshot

_STEP = log(0.75 / 0.25)  # a run's weight: chances of 3/4 and 1/4 are to be told apart
_SURE = log(0.95 / 0.05)  # 5 % errors on either side


@dataclass(frozen=True)
class Critical:
    """The critical size of a push, between ``low`` (does not tip) and ``high`` (does).

    ``size`` is None if even the largest does not tip the market; 0 if it tips without any.
    """

    push: Push
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
    while n_runs < most and abs(_odds(n_runs, n_tipped)) < _SURE:
        for tipped in next(outcomes):
            n_runs, n_tipped = n_runs + 1, n_tipped + bool(tipped)
    return n_runs, n_tipped


def still_needed(n_runs: int, n_tipped: int, most: int) -> int:
    """Return how many runs the test needs at least before it can be decided."""
    return max(1, min(ceil((_SURE - abs(_odds(n_runs, n_tipped))) / _STEP), most - n_runs))


def _odds(n_runs: int, n_tipped: int) -> float:
    return (2 * n_tipped - n_runs) * _STEP


def bisect(tips: Callable[[float], bool], largest: float, tolerance: float) -> tuple[float | None, float, float]:
    """Return the critical size and the bracket around it, not wider than ``tolerance``; None if there is none."""
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
class Tipper:
    """Runs pushes on one market from its state today and says whether it stays high.

    Parameters
    ----------
    past : sequence of Trial
        The runs that lead to today, one per replicate; their number is the most the test may use.
    threshold : float
        Adoption above which it counts as high.
    settle : int
        Weeks after the end of the push until that is looked at.
    """

    past: Sequence[Trial]
    threshold: float
    settle: int
    answers: Answers
    meter: Meter
    workers: int | None = None

    def critical(self, push: Push, tolerance: float = 0.01) -> Critical:
        """Return the critical size of a push; ``tolerance`` is relative to the largest."""
        tried: list[dict[str, object]] = []

        def tips(size: float) -> bool:
            n_runs, n_tipped = sequential(self._batches(push, size), len(self.past))
            tried.append({"size": size, "n_runs": n_runs, "n_tipped": n_tipped, "tips": 2 * n_tipped > n_runs})
            return 2 * n_tipped > n_runs

        size, low, high = bisect(tips, push.largest, tolerance * push.largest)
        return Critical(push, size, low, high, pd.DataFrame(tried))

    def _batches(self, push: Push, size: float) -> Iterator[list[bool]]:
        n_runs = n_tipped = 0
        while True:
            n_next = still_needed(n_runs, n_tipped, len(self.past))
            tasks = [self.task(push, size, replicate) for replicate in range(n_runs, n_runs + n_next)]
            self.meter.expect(sum(task.consumer_weeks for task in tasks))
            work_off(tasks, self.answers, self.meter, self.workers)
            batch = [float(self.answers[task.key]["end"]) > self.threshold for task in tasks]
            n_runs, n_tipped = n_runs + n_next, n_tipped + sum(batch)
            yield batch

    def task(self, push: Push, size: float, replicate: int) -> Task:
        """Return one run of a push: its answer is adoption over the last year."""
        past = self.past[replicate]
        weeks = push.weeks + self.settle
        facts = {"push": vars(push), "size": size, "weeks": weeks, "past": past.task.key}

        def run() -> dict[str, float]:
            today = state_today(past)
            trial = opened(past)
            market = trial.market
            order = order_of_seeds(market.consumers, trial.seed, trial.replicate, market.name)
            levers = push.levers(size, market.name, today.week)
            path = follow(trial, push.begin(today, size, order), weeks, levers)["adoption"]
            return {"end": last_year(path, self.settle)}

        return Task(key_of(**facts), weeks * past.market.consumers, run)


def opened(past: Trial) -> Trial:
    """Return the same trial with the shop open from week 0."""
    return replace(past, market=past.market.replace({"launch": 0}))


def state_today(past: Trial) -> Snapshot:
    """Return the state after the last week of a trial, run once for all who ask."""
    today: Snapshot = past.shelf.get(f"today {past.task.key}", past.end)
    return today


def last_year(path: Sequence[float], settle: int) -> float:
    """Return the mean of the last year of a curve in bins, or of all weeks after the push if those are fewer."""
    last = path[-min(YEAR, max(settle // BIN, 1)) :]
    return sum(last) / len(last)
