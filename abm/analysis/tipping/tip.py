"""What would tip a market: smallest pushes, the hysteresis loop, the phase diagram, the cheapest mix of levers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from abm.analysis.explain.path_dependence import LONG_RUN, States, state_task, states_of
from abm.analysis.jobs import Answers, Meter, Progress, Shelf, size_of, work_off
from abm.analysis.market_run import Trial
from abm.analysis.tipping.critical_push import Critical, Tipper
from abm.analysis.tipping.hysteresis import Ramp, jumps
from abm.analysis.tipping.interventions import standard_pushes
from abm.analysis.tipping.lever_mix import Mix, Search
from abm.analysis.tipping.mean_field import MeanField, folds, mean_field
from abm.analysis.tipping.phase_diagram import APART, Axis, Phase
from abm.errors import InputError, Problem, did_you_mean
from abm.experiment.config import Experiment, load_experiment
from abm.experiment.results import write_json, write_table
from abm.markets.market import Market, check_path
from abm.numerics.random import RNG_VERSION
from abm.version import MODEL_VERSION

FOLDER = "tip"
_NORM, _HABIT = Axis("norm.strength", 0.0, 4.0, 9), Axis("habit.strength", 0.0, 4.0, 9)
MOST_RUNS = 15  # of one size of a push, if the odds stay even


@dataclass(frozen=True)
class TipQuestion:
    """What to look for.

    Parameters
    ----------
    market : str, optional
        Without it, the experiment's first.
    ramp : Ramp, optional
        The parameter of the hysteresis loop; without it, ``preference.mean`` from 2 below to 3 above the market's.
    x, y : Axis
        The parameters of the phase diagram.
    mix : Mix, optional
        Levers among which the cheapest mix is searched.
    settle : int
        Weeks after a push until it is decided whether the market has stayed high.
    """

    market: str | None = None
    ramp: Ramp | None = None
    x: Axis = _NORM
    y: Axis = _HABIT
    mix: Mix | None = None
    settle: int = 520
    phase_weeks: int = 1040


@dataclass(frozen=True)
class Tipping:
    """What was found: stable states, critical pushes, loop, phase diagram and mixes; facts about the run."""

    facts: Mapping[str, Any]
    states: States
    pushes: pd.DataFrame  # push, weeks, reach, size (NaN: none), low, high, n_runs; empty without two states
    runs: pd.DataFrame  # every size tried
    loop: pd.DataFrame
    jumps: pd.DataFrame
    phase: pd.DataFrame
    theory: pd.DataFrame
    mixes: pd.DataFrame


def tip(
    config: str | Path | Experiment,
    question: TipQuestion | None = None,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    overrides: Sequence[str] = (),
    progress: Progress | None = None,
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
    asked, market = _settled(experiment, question or TipQuestion())
    folder = (Path(out) if out is not None else Path("results") / experiment.name) / FOLDER
    past = [
        Trial(market, experiment.weeks, experiment.start, experiment.seed, replicate, Shelf())
        for replicate in range(max(MOST_RUNS, experiment.replicates))
    ]
    found = _Work(asked, past, experiment.replicates, folder, Meter(progress), workers).find()
    _write(found, folder, experiment)
    return found


@dataclass
class _Work:
    asked: TipQuestion
    past: Sequence[Trial]
    replicates: int
    folder: Path
    meter: Meter
    workers: int | None

    def __post_init__(self) -> None:
        self.answers = Answers(self.folder / "runs.jsonl")
        self.few = self.past[: self.replicates]

    def find(self) -> Tipping:
        asked, market = self.asked, self.past[0].market
        phase = Phase(asked.x, asked.y, asked.phase_weeks)
        one = self.past[:1]
        points = phase.tasks(one)
        state_tasks = [state_task(trial) for trial in self.few]
        assert asked.ramp is not None
        ramps = [asked.ramp.task(trial) for trial in self.few]
        tasks = [*state_tasks, *ramps, *(task for some in points.values() for task in some)]
        self.meter.expect(size_of(tasks))
        work_off(tasks, self.answers, self.meter, self.workers)
        states = states_of(state_tasks, self.answers)
        loop = asked.ramp.table([self.answers[task.key] for task in ramps])
        critical = self._critical(states)
        return Tipping(
            facts=_facts(asked, self.past[0], self.replicates, states, mean_field(market)),
            states=states,
            pushes=pd.DataFrame([_row(found) for found in critical]),
            runs=pd.concat([_named(found) for found in critical], ignore_index=True) if critical else pd.DataFrame(),
            loop=loop,
            jumps=jumps(loop),
            phase=phase.table(one, self.answers),
            theory=phase.theory(self.past[0]),
            mixes=self._mixes(states),
        )

    def _critical(self, states: States) -> list[Critical]:
        if not _apart(states):
            return []  # what does not last needs no measuring
        threshold = _threshold(states)
        tipper = Tipper(self.past, threshold, self.asked.settle, self.answers, self.meter, self.workers)
        return [tipper.critical(push) for push in standard_pushes()]

    def _mixes(self, states: States) -> pd.DataFrame:
        if self.asked.mix is None:
            return pd.DataFrame()
        own = (self.asked.mix, self.few, _threshold(states), self.asked.settle, self.folder / "optuna.journal")
        return Search(*own, self.answers, self.meter, self.workers).run()


def _threshold(states: States) -> float:
    """Return adoption half-way between the two states; with one state, half-way from there to everybody."""
    low, high = float(states.low.mean()), float(states.high.mean())
    return (low + high) / 2 if _apart(states) else (1 + max(low, high)) / 2


def _apart(states: States) -> bool:
    return float((states.high - states.low).mean()) >= APART


def _settled(experiment: Experiment, asked: TipQuestion) -> tuple[TipQuestion, Market]:
    """Return the question with its ramp, and the market it is about."""
    names = list(experiment.markets)
    name = asked.market or names[0]
    if name not in experiment.markets:
        raise InputError([Problem("market", name, f"no such market in this experiment; {did_you_mean(name, names)}")])
    market = experiment.markets[name]
    if market.network.ties_abroad:
        place = f"markets.{name}.network.ties_abroad"
        raise InputError([Problem(place, market.network.ties_abroad, "allowed here: 0 only")])
    mean = market.preference.mean
    ramp = asked.ramp or Ramp("preference.mean", mean - 2, mean + 3, 50, 52)
    ends = [("ramp", ramp.parameter, end) for end in (ramp.first, ramp.last)]
    ends += [
        (key, axis.parameter, end) for key, axis in (("x", asked.x), ("y", asked.y)) for end in (axis.first, axis.last)
    ]
    problems: list[Problem] = []
    for key, path, value in ends:
        problem = check_path(path, change_in_time=key == "ramp")
        try:
            if problem is None:
                market.replace({path: value})
        except InputError as error:
            problems += [found._replace(key=f"{key}.{found.key}") for found in error.problems]
        problems += [problem._replace(key=f"{key}.{path}")] if problem else []
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    return replace(asked, ramp=ramp), market


def _row(found: Critical) -> dict[str, Any]:
    push = found.push
    size = float("nan") if found.size is None else found.size
    sizes = {"size": size, "low": found.low, "high": found.high, "largest": push.largest}
    return {
        "push": push.name,
        "weeks": push.weeks,
        "reach": push.reach,
        **sizes,
        "n_runs": int(found.runs["n_runs"].sum()),
    }


def _named(found: Critical) -> pd.DataFrame:
    return found.runs.assign(push=found.push.name, weeks=found.push.weeks, reach=found.push.reach)


def _facts(asked: TipQuestion, past: Trial, replicates: int, states: States, field: MeanField | None) -> dict[str, Any]:
    assert asked.ramp is not None
    theory = None if field is None else {"b": field.b, "j": field.j, "folds": folds(field.j)}
    return {
        "market": past.market.name, "consumers": past.market.consumers, "weeks": past.weeks, "start": str(past.start),
        "seed": past.seed, "replicates": replicates, "most_runs": max(MOST_RUNS, replicates), "settle": asked.settle,
        "long_run": LONG_RUN, "stable_states": states.verdict, "threshold": _threshold(states),
        "low": float(states.low.mean()), "high": float(states.high.mean()),
        "ramp": vars(asked.ramp) | {"speed": asked.ramp.speed}, "x": vars(asked.x), "y": vars(asked.y),
        "now": {axis.parameter: _value(past.market, axis.parameter) for axis in (asked.x, asked.y, asked.ramp)},
        "phase_weeks": asked.phase_weeks, "apart": APART, "mean_field": theory,
        "mix": None if asked.mix is None else vars(asked.mix),
    }  # fmt: skip


def _value(market: Market, path: str) -> Any:
    group, _, name = path.rpartition(".")
    return getattr(getattr(market, group) if group else market, name)


def _write(found: Tipping, folder: Path, experiment: Experiment) -> None:
    tables = {
        "pushes": found.pushes, "runs": found.runs, "loop": found.loop, "jumps": found.jumps, "phase": found.phase,
        "theory": found.theory, "mixes": found.mixes, "states": found.states.curves,
    }  # fmt: skip
    for name, table in tables.items():
        if table.empty:
            (folder / f"{name}.parquet").unlink(missing_ok=True)  # of an earlier question
        else:
            write_table(table, folder / f"{name}.parquet")
    facts = {"name": experiment.name, "file": experiment.file, "question": experiment.question, **found.facts}
    write_json({**facts, "model_version": MODEL_VERSION, "rng_version": RNG_VERSION}, folder / "tip.json")
