"""The cheapest mix of levers, within a budget, after which a market stays high: searched by Optuna.

A mix file names levers as a scenario does, except that a value may be a range, ``{ low = 0.0, high = 0.4 }``; all
start today, in the same week. Costs are those of the levers' own ledger.

Source: Akiba et al. (2019), "Optuna", KDD '19; Bergstra et al. (2011), NeurIPS 24, for the sampler.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import optuna
import pandas as pd
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from abm.analysis.explain.path_dependence import BIN, binned
from abm.analysis.jobs import Answers, Meter, Task, key_of, work_off
from abm.analysis.market_run import Trial
from abm.analysis.tipping.critical_push import last_year, opened, state_today
from abm.engine.state import N_SUPER
from abm.errors import InputError, Problem, did_you_mean
from abm.levers import Lever, make_lever

Suggest = Callable[[str, float, float], float]
_DEFAULTS: dict[str, Any] = {"budget": None, "trials": 60, "weeks": 52, "levers": None}


@dataclass(frozen=True)
class Mix:
    """Levers with ranges, and what may be spent.

    Parameters
    ----------
    levers : sequence of tables
        Without market and start; ``weeks`` is that of the mix unless given.
    budget : float
        US$.
    weeks : int
        How long the levers are pulled.
    trials : int
        Mixes to try.
    """

    levers: Sequence[Mapping[str, Any]]
    budget: float
    weeks: int = 52
    trials: int = 60

    def chosen(self, suggest: Suggest, market: str, first: int) -> list[Lever]:
        """Return the levers with every range replaced by what ``suggest(name, low, high)`` gives."""
        levers = []
        for position, table in enumerate(self.levers):
            name = f"{table.get('kind', 'lever')}_{position + 1}"
            values = {"market": market, "start": first, "weeks": self.weeks, **_filled(table, name, suggest)}
            levers.append(make_lever(values, f"levers[{position}]"))
        return levers


def read_mix(file: Path) -> Mix:
    """Read and check a mix file.

    Raises
    ------
    InputError
        With every problem found.
    """
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError([Problem("", None, error.strerror or "cannot be read", str(file))]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError([Problem("", None, f"not valid TOML: {error}", str(file))]) from None
    problems = [
        Problem(key, None, f"unknown key; {did_you_mean(key, _DEFAULTS)}") for key in raw if key not in _DEFAULTS
    ]
    values = {key: raw.get(key, default) for key, default in _DEFAULTS.items()}
    for key in ("budget", "trials", "weeks"):
        value = values[key]
        kinds: tuple[type, ...] = (int, float) if key == "budget" else (int,)
        if isinstance(value, bool) or not isinstance(value, kinds) or not value > 0:  # type: ignore[operator]
            problems.append(Problem(key, value, "allowed: a number above 0" if value is not None else "is required"))
    levers = values["levers"]
    if not isinstance(levers, list) or not levers or not all(isinstance(lever, dict) for lever in levers):
        problems.append(Problem("levers", None, "needs at least one table [[levers]]"))
    if not problems:
        problems = _range_problems(Mix(**values))
    if problems:
        raise InputError([problem._replace(file=str(file)) for problem in problems])
    return Mix(**values)


def _range_problems(mix: Mix) -> list[Problem]:
    """Return what is wrong with the ranges and, at either end of all of them, with the levers."""
    seen: dict[str, tuple[Any, Any]] = {}

    def end_of(which: int) -> Suggest:
        def suggest(name: str, low: float, high: float) -> float:
            seen[name] = low, high
            return (low, high)[which]

        return suggest

    problems: list[Problem] = []
    for which in (0, 1):
        try:
            mix.chosen(end_of(which), "market", 0)
        except InputError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    for name, (low, high) in seen.items():
        numbers = all(isinstance(end, int | float) and not isinstance(end, bool) for end in (low, high))
        if not numbers or not low < high:
            problems.append(Problem(name, f"{low} to {high}", "needs low below high, both numbers"))
    if not seen:
        problems.append(Problem("levers", None, "needs at least one range such as { low = 0.0, high = 0.4 }"))
    return problems


def _filled(table: Mapping[str, Any], name: str, suggest: Suggest) -> dict[str, Any]:
    """Return a table with its ranges replaced, also those one level down (the values of ``set``)."""
    filled: dict[str, Any] = {}
    for key, value in table.items():
        if not isinstance(value, Mapping):
            filled[key] = value
        elif set(value) == {"low", "high"}:
            size = suggest(f"{name}.{key}", value["low"], value["high"])
            whole = isinstance(value["low"], int) and isinstance(value["high"], int)
            filled[key] = round(size) if whole else size
        else:
            filled[key] = _filled(value, f"{name}.{key}", suggest)
    return filled


@dataclass
class Search:
    """Tries mixes one after the other, each on several replicates side by side; every trial is logged.

    Parameters
    ----------
    mix : Mix
    past : sequence of Trial
        The runs that lead to today, one per replicate.
    threshold : float
        Adoption above which the market counts as high.
    settle : int
        Weeks after the levers' end until that is looked at.
    journal : Path
        Optuna's log; a search that was stopped goes on from it, with the same trials as one that was not.
    """

    mix: Mix
    past: Sequence[Trial]
    threshold: float
    settle: int
    journal: Path
    answers: Answers
    meter: Meter
    workers: int | None = None

    def run(self) -> pd.DataFrame:
        """Return one row per trial: number, cost_usd, adoption, tips, within_budget, score and every chosen value."""
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.journal.parent.mkdir(parents=True, exist_ok=True)
        storage = JournalStorage(JournalFileBackend(str(self.journal)))
        name = key_of(mix=vars(self.mix), past=self.past[0].task.key, threshold=self.threshold, n=len(self.past))
        study = optuna.create_study(storage=storage, study_name=name, direction="minimize", load_if_exists=True)
        for trial in study.get_trials(states=[TrialState.RUNNING]):  # left behind when the search was killed
            study.tell(trial.number, state=TrialState.FAIL)
        n_weeks = (self.mix.weeks + self.settle) * self.past[0].market.consumers * len(self.past)
        n_left = self.mix.trials - len(study.get_trials(states=[TrialState.COMPLETE]))
        self.meter.expect(n_left * n_weeks)
        while (n_done := len(study.get_trials(states=[TrialState.COMPLETE]))) < self.mix.trials:
            study.sampler = optuna.samplers.TPESampler(seed=self.past[0].seed % 2**31 + n_done)
            self._try(study)
        return _table(study, self.mix.budget)

    def _try(self, study: optuna.Study) -> None:
        trial = study.ask()
        values: dict[str, float] = {}

        def suggest(name: str, low: float, high: float) -> float:
            values[name] = trial.suggest_float(name, low, high)
            return values[name]

        levers = self.mix.chosen(suggest, self.past[0].market.name, self.past[0].weeks)
        tasks = [self._task(levers, past) for past in self.past]
        work_off(tasks, self.answers, self.meter, self.workers)
        found = [self.answers[task.key] for task in tasks]
        cost = sum(answer["cost_usd"] for answer in found) / len(found)
        adoption = sum(answer["end"] for answer in found) / len(found)
        tips = 2 * sum(answer["end"] > self.threshold for answer in found) > len(found)
        for key, value in (("cost_usd", cost), ("adoption", adoption), ("tips", tips)):
            trial.set_user_attr(key, value)
        study.tell(trial, score(cost / self.mix.budget, adoption / self.threshold, tips=tips))

    def _task(self, levers: Sequence[Lever], past: Trial) -> Task:
        weeks = self.mix.weeks + self.settle
        facts = {"levers": [lever.model_dump(mode="json") for lever in levers], "past": past.task.key}

        def run() -> dict[str, float]:
            simulation = opened(past).simulation(levers)
            simulation.restore(state_today(past))
            simulation.advance(weeks)
            record = simulation.trajectory()
            path = binned(record.tallies[1:, 0, N_SUPER] / past.market.consumers)
            cost = sum(entry.cost_usd for entry in record.entries)
            return {"end": last_year(path, self.settle), "cost_usd": float(cost)}

        return Task(key_of(mix_weeks=weeks, bin=BIN, **facts), weeks * past.market.consumers, run)


def score(cost: float, adoption: float, *, tips: bool) -> float:
    """Return what is to be made small: the cost of a mix that tips the market within the budget, as a share of it.

    Above 1: it tips, but costs too much. Above 3: it does not tip; the closer, the lower.
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
