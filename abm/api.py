"""The public functions: ``simulate`` some markets, ``run`` an experiment, ``load`` its results."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from abm.analysis.effects.compare import compare, write_comparison
from abm.analysis.effects.precision import replicates_needed
from abm.analysis.effects.summary import summarize
from abm.base.calendar import DEFAULT_START, calendar_problem
from abm.base.engines import ENGINES, KERNEL, MESA, Engine
from abm.base.errors import InputError, Problem
from abm.base.plain_values import date_argument, whole_argument
from abm.engine.simulation import MAX_WEEKS, Simulation
from abm.engine.trajectory import Trajectory
from abm.experiment.allocation import allocate, default_workers
from abm.experiment.config import Experiment, load_experiment
from abm.experiment.configurations import publish
from abm.experiment.experiment_runs import ExperimentRuns, unfinished
from abm.experiment.manifest import write_manifest
from abm.experiment.memory import fitting, refuse_if_too_large
from abm.experiment.progress import ProgressCallback
from abm.experiment.result_files import RUNS, SUMMARY, configuration_folder, write_table
from abm.experiment.results import Results, load
from abm.experiment.run_spec import RunSpec
from abm.experiment.single_run import COMPILED, Stepper
from abm.levers import Levers, as_levers, window_problems
from abm.markets.market_list import Markets, as_markets
from abm.markets.own_network import warn_of_ignored


def run(
    config: str | Path | Experiment,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    overrides: str | Sequence[str] = (),
    progress: ProgressCallback | None = None,
    engine: Engine = KERNEL,
) -> Results:
    """Run an experiment and write its results.

    Parameters
    ----------
    config : path or Experiment
    out : path, optional
        Results folder; ``results/<name>`` without it. Runs already there are not run again, whatever configuration
        they were made for.
    workers : int, optional
        Runs side by side; all cores without it. The results do not depend on it. Many small runs get a process each.
    overrides : str or sequence of str
        Such as ``"replicates=2"``.
    progress : callable, optional
        Called with the consumer-weeks done and to do.
    engine : {"kernel", "mesa"}
        The compiled week, or consumer by consumer in plain Python (slow; the results are the same).

    Returns
    -------
    Results

    Raises
    ------
    InputError, NetworkError
        The config cannot be run.
    Interrupted
        Ctrl-C; finished runs are kept, the same call goes on from there.
    """
    settings = (overrides,) if isinstance(overrides, str) else tuple(overrides)
    experiment = config if isinstance(config, Experiment) else load_experiment(config, settings)
    n_workers = default_workers() if workers is None else whole_argument("workers", workers, 1, 4096)
    folder = Path(out) if out is not None else Path("results") / experiment.name
    home = configuration_folder(folder, experiment.config_hash)
    started, clock = datetime.now(UTC), time.perf_counter()
    while True:
        specs = list(experiment.runs())
        manifest = _finish(experiment, specs, home, n_workers, started, progress, engine)
        results = Results(home, manifest | {"complete": True})
        summary = summarize(results.table)
        more = experiment.precision and replicates_needed(summary, experiment.precision, experiment.replicates)
        if not more:
            break
        experiment = replace(experiment, replicates=more)
    write_table(summary, home / SUMMARY, made_by=experiment.config_hash)
    write_comparison(compare(results), home)
    notes = publish(folder, home)
    write_manifest(home, experiment, specs, started, time.perf_counter() - clock, notes)
    publish(folder, home)
    return load(folder)


def _finish(
    experiment: Experiment,
    specs: Sequence[RunSpec],
    home: Path,
    n_workers: int,
    started: datetime,
    progress: ProgressCallback | None,
    engine: Engine,
) -> dict[str, Any]:
    """Do all runs that are missing; return the manifest as it is meanwhile."""
    allocation = fitting(specs, allocate(unfinished(specs, home) or specs, n_workers, engine))
    refuse_if_too_large(specs, allocation, experiment.file)
    runs = ExperimentRuns(specs, home, allocation, progress=progress, stepper=_stepper(engine))
    runs.check_first()
    (home / RUNS).mkdir(parents=True, exist_ok=True)
    manifest = write_manifest(home, experiment, specs, started)
    publish(home.parents[1], home)
    runs.finish()
    return manifest


def _stepper(engine: Engine) -> Stepper:
    """Return how an engine advances a simulation; Mesa is imported only if it is asked for."""
    if engine not in ENGINES:
        raise InputError([Problem("engine", engine, f"allowed: {', '.join(ENGINES)}")])
    if engine == MESA:
        from abm.agents.engine import advance_by_consumers

        return Stepper(advance_by_consumers, consumer_weeks_at_once=10_000)
    return COMPILED


def simulate(
    markets: Markets,
    *,
    weeks: int,
    seed: int = 0,
    replicate: int = 0,
    levers: Levers = (),
    engine: Engine = KERNEL,
    threads: int | None = None,
    start: date | str = DEFAULT_START,
) -> Trajectory:
    """Run some markets side by side for some weeks.

    Parameters
    ----------
    markets : Market, name of a profile, or several of these
    weeks : int
        Steps to run; the table has one row more per market, week 0.
    seed, replicate : int
        Same numbers, same result, to the last bit.
    levers : Lever or table, or several of these
        Such as ``{"kind": "set", "market": "us", "start": 10, "values": {"price.discount": 0.3}}``.
    engine : {"kernel", "mesa"}
        The compiled week, or consumer by consumer in plain Python (slow; the result is the same).
    threads : int, optional
        Threads that share one week; does not change the result.
    start : date or str
        Date of week 0, such as ``"2023-09-11"``.

    Returns
    -------
    Trajectory

    Raises
    ------
    InputError, NetworkError
        Something about the input is wrong; the message names key, value and what is allowed.
    """
    chosen, actions, stepper = as_markets(markets), as_levers(levers), _stepper(engine)
    weeks, first = whole_argument("weeks", weeks, 0, MAX_WEEKS), date_argument("start", start)
    outside = calendar_problem(first, weeks)
    problems = [outside] if outside else window_problems(actions, [each.name for each in chosen], first, weeks)
    if problems:
        raise InputError(problems)
    warn_of_ignored(chosen)
    simulation = Simulation(chosen, seed=seed, replicate=replicate, levers=actions, start=first, threads=threads)
    stepper.advance(simulation, weeks)
    return simulation.trajectory(final=True)
