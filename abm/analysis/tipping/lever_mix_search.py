"""The cheapest lever mix, within a budget, after which a market stays high: searched by Optuna.

Source: Akiba et al. (2019), "Optuna", KDD '19; Bergstra et al. (2011), NeurIPS 24, for the sampler.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import optuna
import pandas as pd
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from abm.analysis.cached_executor import CachedExecutor
from abm.analysis.explain.path_dependence import BIN, binned
from abm.analysis.market_run import MarketRun
from abm.analysis.result_cache import cache_key
from abm.analysis.tipping.critical_size import final_state, last_year
from abm.analysis.tipping.lever_mix import LeverMix
from abm.engine.state import N_SUPER
from abm.experiment.executor import Job
from abm.levers import Lever


@dataclass
class LeverMixSearch:
    """Tries values one trial after the other, each on several replicates side by side; every trial is logged.

    Parameters
    ----------
    mix : LeverMix
    baseline : sequence of MarketRun
        The runs of the experiment, one per replicate.
    threshold : float
        Adoption above which the market counts as high.
    settle : int
        Weeks after the levers' end until that is looked at.
    journal : Path
        Optuna's log; a search that was stopped goes on from it, with the same trials as one that was not.
    """

    mix: LeverMix
    baseline: Sequence[MarketRun]
    threshold: float
    settle: int
    journal: Path
    executor: CachedExecutor

    def run(self) -> pd.DataFrame:
        """Return one row per trial: number, cost_usd, adoption, tips, within_budget, score and every chosen value."""
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.journal.parent.mkdir(parents=True, exist_ok=True)
        storage = JournalStorage(JournalFileBackend(str(self.journal)))
        first = self.baseline[0].job.key
        name = cache_key(mix=vars(self.mix), baseline=first, threshold=self.threshold, n=len(self.baseline))
        study = optuna.create_study(storage=storage, study_name=name, direction="minimize", load_if_exists=True)
        for trial in study.get_trials(states=[TrialState.RUNNING]):  # left behind when the search was killed
            study.tell(trial.number, state=TrialState.FAIL)
        n_weeks = (self.mix.weeks + self.settle) * self.baseline[0].market.consumers * len(self.baseline)
        n_left = self.mix.trials - len(study.get_trials(states=[TrialState.COMPLETE]))
        self.executor.progress.expect(n_left * n_weeks)
        while (n_done := len(study.get_trials(states=[TrialState.COMPLETE]))) < self.mix.trials:
            study.sampler = optuna.samplers.TPESampler(seed=self.baseline[0].seed % 2**31 + n_done)
            self._try(study)
        return _table(study, self.mix.budget)

    def _try(self, study: optuna.Study) -> None:
        trial = study.ask()
        values: dict[str, float] = {}

        def suggest(name: str, low: float, high: float) -> float:
            values[name] = trial.suggest_float(name, low, high)
            return values[name]

        levers = self.mix.chosen(suggest, self.baseline[0].market.name, self.baseline[0].weeks)
        results = self.executor.run([self._job(levers, run) for run in self.baseline], expected=True)
        cost = sum(result["cost_usd"] for result in results) / len(results)
        adoption = sum(result["end"] for result in results) / len(results)
        tips = 2 * sum(result["end"] > self.threshold for result in results) > len(results)
        for key, value in (("cost_usd", cost), ("adoption", adoption), ("tips", tips)):
            trial.set_user_attr(key, value)
        study.tell(trial, score(cost / self.mix.budget, adoption / self.threshold, tips=tips))

    def _job(self, levers: Sequence[Lever], baseline: MarketRun) -> Job:
        weeks = self.mix.weeks + self.settle
        inputs = {"levers": [lever.model_dump(mode="json") for lever in levers], "baseline": baseline.job.key}

        def run() -> dict[str, float]:
            simulation = baseline.opened().simulation(levers)
            simulation.restore(final_state(baseline))
            simulation.advance(weeks)
            trajectory = simulation.trajectory(final=True)
            path = binned(trajectory.tallies[1:, 0, N_SUPER] / baseline.market.consumers)
            cost = sum(entry.cost_usd for entry in trajectory.entries)
            return {"end": last_year(path, self.settle), "cost_usd": float(cost)}

        return Job(cache_key(mix_weeks=weeks, bin=BIN, **inputs), weeks * baseline.market.consumers, run)


def score(cost: float, adoption: float, *, tips: bool) -> float:
    """Return the objective to be minimized: the cost of a mix that tips the market, as a share of the budget.

    Above 1: it tips, but costs too much. Above 3: it does not tip; the closer, the lower.

    Parameters
    ----------
    cost : float
        Share of the budget.
    adoption : float
        Adoption after the mix, as a share of the threshold.
    tips : bool
        Whether the mix tips the market.
    """
    if tips:
        return cost if cost <= 1 else 1 + min(cost, 2.0)
    return 3 + 1 - min(adoption, 1.0)


def _table(study: optuna.Study, budget: float) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for trial in study.get_trials(states=[TrialState.COMPLETE]):
        attributes = trial.user_attrs
        row = {
            "trial": len(rows),
            **attributes,
            "within_budget": attributes["cost_usd"] <= budget,
            "score": trial.value,
        }
        rows.append(row | trial.params)
    return pd.DataFrame(rows)
