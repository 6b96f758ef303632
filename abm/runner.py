"""Runs an experiment: lays out its runs, has them worked off, writes manifest and summary."""

import hashlib
import json
import os
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from abm import MODEL_VERSION
from abm.analysis.compare import compare, write_comparison
from abm.analysis.precision import replicates_needed
from abm.analysis.summary import summarize
from abm.crew import crew_for
from abm.experiment import Experiment, load_experiment
from abm.memory import fitting, refuse_if_too_large
from abm.random import RNG_VERSION
from abm.run_spec import RunSpec
from abm.scenarios import Scenario
from abm.store import MANIFEST, SUMMARY, Results, load, write_json, write_table
from abm.worklist import Progress, WorkList, to_do


def run(
    config: str | Path | Experiment,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    overrides: Sequence[str] = (),
    progress: Progress | None = None,
    engine: str = "kernel",
) -> Results:
    """Run an experiment and write its results.

    Parameters
    ----------
    config : path or Experiment
    out : path, optional
        Results folder; ``results/<name>`` without it. Runs already there are not run again.
    workers : int, optional
        Runs side by side; all cores without it. The results do not depend on it. Many small runs get a process each.
    overrides : sequence of str
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
    experiment = config if isinstance(config, Experiment) else load_experiment(config, tuple(overrides))
    folder = Path(out) if out is not None else Path("results") / experiment.name
    started, clock = datetime.now(UTC), time.perf_counter()
    while True:
        specs = list(experiment.runs())
        _work_off(experiment, specs, folder, workers or os.cpu_count() or 1, started, progress, engine)
        results = load(folder)
        summary = summarize(results.table)
        more = experiment.precision and replicates_needed(summary, experiment.precision, experiment.replicates)
        if not more:
            break
        experiment = replace(experiment, replicates=more)
    write_table(summary, folder / SUMMARY)
    write_comparison(compare(results), folder)
    _write_manifest(folder, experiment, specs, started, time.perf_counter() - clock)
    return load(folder)


def _work_off(
    experiment: Experiment,
    specs: Sequence[RunSpec],
    folder: Path,
    n_workers: int,
    started: datetime,
    progress: Progress | None,
    engine: str,
) -> None:
    crew = fitting(specs, crew_for(to_do(specs, folder) or specs, n_workers, engine))
    refuse_if_too_large(specs, crew, experiment.file)
    work = WorkList(specs, folder, crew, progress=progress, engine=engine)
    work.check_first()
    _write_manifest(folder, experiment, specs, started, None)
    work.finish()


def _hash(config: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(config, sort_keys=True, default=str).encode()).hexdigest()


def _write_manifest(
    folder: Path, experiment: Experiment, specs: Sequence[RunSpec], started: datetime, seconds: float | None
) -> None:
    """Write what was asked for and where it ran; a finished experiment also says how long it took."""
    packages = ("abm", "mesa", "numpy", "numba", "networkx", "pandas", "pyarrow")
    manifest: dict[str, Any] = {
        "name": experiment.name,
        "question": experiment.question,
        "file": experiment.file,
        "overrides": list(experiment.overrides),
        "config": experiment.config,
        "config_hash": _hash(experiment.config),
        "markets": {name: market.model_dump(mode="json") for name, market in experiment.markets.items()},
        "scenarios": {name: _described(scenario, experiment) for name, scenario in experiment.scenarios.items()},
        "notes": experiment.notes,
        "replicates": experiment.replicates,
        "target": experiment.target and experiment.target.model_dump(),
        "model_version": MODEL_VERSION,
        "rng_version": RNG_VERSION,
        "versions": {"python": platform.python_version()} | {name: version(name) for name in packages},
        "platform": platform.platform(),
        "cores": os.cpu_count(),
        "started": started.isoformat(timespec="seconds"),
        "seconds": None if seconds is None else round(seconds, 1),
        "complete": seconds is not None,
        "runs": [spec.key for spec in specs],
    }
    write_json(manifest, folder / MANIFEST)


def _described(scenario: Scenario, experiment: Experiment) -> dict[str, Any]:
    """Return what a comparison needs to know of a scenario: its levers, their weeks and what it is made of."""
    window = scenario.window(experiment.start)
    return {
        "levers": [lever.model_dump(mode="json") for lever in scenario.levers],
        "first_week": window and window[0],
        "end_week": window and window[1],
        "parts": list(scenario.parts),
        "combines": scenario.combines,
    }
