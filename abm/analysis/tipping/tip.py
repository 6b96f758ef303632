"""What would tip a market: smallest interventions, hysteresis loop, phase diagram, the cheapest mix of levers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from abm.analysis.cached_executor import CachedExecutor
from abm.analysis.explain.path_dependence import LONG_RUN, States, state_job, states_of
from abm.analysis.market_run import MarketRun
from abm.analysis.result_cache import ResultCache
from abm.analysis.tipping.critical_size import CriticalSize, CriticalSizeSearch
from abm.analysis.tipping.hysteresis import jumps
from abm.analysis.tipping.interventions import standard_interventions
from abm.analysis.tipping.lever_mix_search import LeverMixSearch
from abm.analysis.tipping.mean_field import MeanField, bifurcation_points, mean_field
from abm.analysis.tipping.phase_diagram import APART, PhaseDiagram
from abm.analysis.tipping.question import TipQuestion, complete_question
from abm.experiment.config import Experiment, load_experiment
from abm.experiment.configurations import publish
from abm.experiment.inputs import hash_of
from abm.experiment.manifest import provenance
from abm.experiment.memo import Memo
from abm.experiment.progress import Progress, ProgressCallback
from abm.experiment.result_files import configuration_folder, write_json, write_table
from abm.markets.market import Market

FOLDER = "tip"
MOST_RUNS = 15  # of one size of an intervention, if the likelihood ratio stays undecided


@dataclass(frozen=True)
class Tipping:
    """What was found: stable states, critical sizes, loop, phase diagram and mixes; facts about the run."""

    facts: Mapping[str, Any]
    states: States
    interventions: (
        pd.DataFrame
    )  # intervention, weeks, reach, size (NaN: none), low, high, n_runs; empty without two states
    runs: pd.DataFrame  # every size tried
    loop: pd.DataFrame
    jumps: pd.DataFrame
    phase: pd.DataFrame
    theory: pd.DataFrame
    lever_mixes: pd.DataFrame


def tip(
    config: str | Path | Experiment,
    question: TipQuestion | None = None,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    overrides: Sequence[str] = (),
    progress: ProgressCallback | None = None,
) -> Tipping:
    """Look for the tipping points of one market of an experiment (its baseline, from its last week on).

    Parameters
    ----------
    config : path or Experiment
    question : TipQuestion, optional
    out : path, optional
        Results folder, ``results/<name>`` without it; files go to its ``tip/``. Finished runs are kept there.
    workers : int, optional
    overrides : sequence of str
    progress : callable, optional
        Called with the consumer-weeks done and to do; what is to do grows while sizes are tried.

    Raises
    ------
    InputError, NetworkError
    """
    experiment = config if isinstance(config, Experiment) else load_experiment(config, tuple(overrides))
    asked, market = complete_question(experiment, question or TipQuestion())
    folder = (Path(out) if out is not None else Path("results") / experiment.name) / FOLDER
    home = configuration_folder(folder, hash_of([experiment.config_hash, vars(asked)]))
    baseline = [
        MarketRun(market, experiment.weeks, experiment.start, experiment.seed, replicate, Memo())
        for replicate in range(max(MOST_RUNS, experiment.replicates))
    ]
    executor = CachedExecutor(ResultCache(home / "runs.jsonl"), Progress(progress), workers)
    found = _TipAnalysis(asked, baseline, experiment.replicates, home, executor).run()
    _write(found, home, experiment)
    publish(folder, home)
    return found


@dataclass
class _TipAnalysis:
    asked: TipQuestion
    baseline: Sequence[MarketRun]
    replicates: int
    folder: Path
    executor: CachedExecutor

    @property
    def own_replicates(self) -> Sequence[MarketRun]:
        """As many runs as the experiment has replicates; critical sizes may use more."""
        return self.baseline[: self.replicates]

    def run(self) -> Tipping:
        asked, market, cache = self.asked, self.baseline[0].market, self.executor.cache
        phase = PhaseDiagram(asked.x, asked.y, asked.phase_weeks)
        one = self.baseline[:1]
        points = phase.jobs(one)
        state_jobs = [state_job(market_run) for market_run in self.own_replicates]
        assert asked.ramp is not None
        ramps = [asked.ramp.job(market_run) for market_run in self.own_replicates]
        jobs = [*state_jobs, *ramps, *(job for some in points.values() for job in some)]
        self.executor.run(jobs)
        states = states_of(state_jobs, cache)
        loop = asked.ramp.table([cache[job.key] for job in ramps])
        critical = self._critical(states)
        return Tipping(
            facts=_facts(asked, self.baseline[0], self.replicates, states, mean_field(market)),
            states=states,
            interventions=pd.DataFrame([_row(found) for found in critical]),
            runs=pd.concat([_named(found) for found in critical], ignore_index=True) if critical else pd.DataFrame(),
            loop=loop,
            jumps=jumps(loop),
            phase=phase.table(one, cache),
            theory=phase.theory(self.baseline[0]),
            lever_mixes=self._lever_mixes(states),
        )

    def _critical(self, states: States) -> list[CriticalSize]:
        if not _apart(states):
            return []  # what does not last needs no measuring
        search = CriticalSizeSearch(self.baseline, _threshold(states), self.asked.settle, self.executor)
        return [search.critical(intervention) for intervention in standard_interventions()]

    def _lever_mixes(self, states: States) -> pd.DataFrame:
        if self.asked.lever_mix is None:
            return pd.DataFrame()
        search = LeverMixSearch(
            mix=self.asked.lever_mix, baseline=self.own_replicates, threshold=_threshold(states),
            settle=self.asked.settle, journal=self.folder / "optuna.journal", executor=self.executor,
        )  # fmt: skip
        return search.run()


def _threshold(states: States) -> float:
    """Return adoption half-way between the two states; with one state, half-way from there to everybody."""
    low, high = float(states.low.mean()), float(states.high.mean())
    return (low + high) / 2 if _apart(states) else (1 + max(low, high)) / 2


def _apart(states: States) -> bool:
    return float((states.high - states.low).mean()) >= APART


def _row(found: CriticalSize) -> dict[str, Any]:
    intervention = found.intervention
    size = float("nan") if found.size is None else found.size
    sizes = {"size": size, "low": found.low, "high": found.high, "largest": intervention.largest}
    return {
        "intervention": intervention.name,
        "weeks": intervention.weeks,
        "reach": intervention.reach,
        **sizes,
        "n_runs": int(found.runs["n_runs"].sum()),
    }


def _named(found: CriticalSize) -> pd.DataFrame:
    own = found.intervention
    return found.runs.assign(intervention=own.name, weeks=own.weeks, reach=own.reach)


def _facts(
    asked: TipQuestion, run: MarketRun, replicates: int, states: States, field: MeanField | None
) -> dict[str, Any]:
    assert asked.ramp is not None
    theory = None if field is None else {"b": field.b, "j": field.j, "bifurcation_points": bifurcation_points(field.j)}
    return {
        "market": run.market.name, "consumers": run.market.consumers, "weeks": run.weeks, "start": str(run.start),
        "seed": run.seed, "replicates": replicates, "most_runs": max(MOST_RUNS, replicates), "settle": asked.settle,
        "long_run": LONG_RUN, "stable_states": states.verdict, "threshold": _threshold(states),
        "low": float(states.low.mean()), "high": float(states.high.mean()),
        "ramp": vars(asked.ramp) | {"speed": asked.ramp.speed}, "x": vars(asked.x), "y": vars(asked.y),
        "today": {axis.parameter: _value(run.market, axis.parameter) for axis in (asked.x, asked.y, asked.ramp)},
        "phase_weeks": asked.phase_weeks, "apart": APART, "mean_field": theory,
        "lever_mix": None if asked.lever_mix is None else vars(asked.lever_mix),
    }  # fmt: skip


def _value(market: Market, path: str) -> Any:
    group, _, name = path.rpartition(".")
    return getattr(getattr(market, group) if group else market, name)


def _write(found: Tipping, folder: Path, experiment: Experiment) -> None:
    tables = {
        "interventions": found.interventions, "runs": found.runs, "loop": found.loop, "jumps": found.jumps,
        "phase": found.phase, "theory": found.theory, "lever_mixes": found.lever_mixes, "states": found.states.curves,
    }  # fmt: skip
    for name, table in tables.items():
        if not table.empty:
            write_table(table, folder / f"{name}.parquet")
    write_json({**provenance(experiment), **found.facts}, folder / "tip.json")
