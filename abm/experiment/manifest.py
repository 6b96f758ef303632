"""The manifest of a results folder: what was asked for, with which versions, and where it ran."""

import os
import platform
import shlex
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from abm.base.version import MODEL_VERSION
from abm.experiment.config import Experiment
from abm.experiment.plugins import loaded_plugins, plugin_hashes
from abm.experiment.result_files import MANIFEST, write_json
from abm.experiment.run_spec import RunSpec
from abm.experiment.scenarios import Scenario
from abm.numerics.random import RNG_VERSION


def provenance(experiment: Experiment) -> dict[str, Any]:
    """Return what results were made from and with: command, config, every parameter, versions."""
    sets = [word for override in experiment.overrides for word in ("--set", override)]
    return {
        "name": experiment.name,
        "question": experiment.question,
        "command": experiment.command or shlex.join(["abm", "run", experiment.file or "CONFIG", *sets]),
        "folder": str(Path.cwd()),
        "file": experiment.file,
        "overrides": list(experiment.overrides),
        "config": experiment.config,
        "config_hash": experiment.config_hash,
        "markets": {name: market.model_dump(mode="json") for name, market in experiment.markets.items()},
        "plugins": [str(file) for file in loaded_plugins()],
        "plugin_hashes": plugin_hashes(),
        "model_version": MODEL_VERSION,
        "rng_version": RNG_VERSION,
        "versions": versions_of_packages(),
        "platform": platform.platform(),
    }


def versions_of_packages() -> dict[str, str]:
    """Return the versions of Python and of the packages that numbers depend on."""
    packages = ("abm", "mesa", "numpy", "numba", "networkx", "pandas", "pyarrow")
    return {"python": platform.python_version()} | {name: version(name) for name in packages}


def write_manifest(
    folder: Path,
    experiment: Experiment,
    specs: Sequence[RunSpec],
    started: datetime,
    seconds: float | None = None,
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """Write what was asked for and where it ran, and return it; a finished experiment also says how long it took.

    Parameters
    ----------
    folder : Path
        Of the configuration.
    experiment : Experiment
    specs : sequence of RunSpec
        All runs of the experiment.
    started : datetime
    seconds : float or None
        None while it is running.
    notes : sequence of str
        What a reader should know besides the notes of the experiment.
    """
    manifest = provenance(experiment) | {
        "scenarios": {
            name: _describe_scenario(scenario, experiment) for name, scenario in experiment.scenarios.items()
        },
        "sweep_points": _describe_points(experiment),
        "notes": [*experiment.notes, *notes],
        "replicates": experiment.replicates,
        "target": experiment.target and experiment.target.model_dump(),
        "cores": os.cpu_count(),
        "started": started.isoformat(timespec="seconds"),
        "seconds": None if seconds is None else round(seconds, 1),
        "complete": seconds is not None,
        "runs": [spec.key for spec in specs],
    }
    write_json(manifest, folder / MANIFEST)
    return manifest


def _describe_scenario(scenario: Scenario, experiment: Experiment) -> dict[str, Any]:
    """Return what a comparison needs to know of a scenario: its levers, their weeks and what it is made of."""
    window = scenario.window(experiment.start)
    return {
        "levers": [lever.model_dump(mode="json") for lever in scenario.levers],
        "first_week": window and window[0],
        "end_week": window and window[1],
        "parts": list(scenario.parts),
        "combines": scenario.combines,
    }


def _describe_points(experiment: Experiment) -> list[dict[str, Any]]:
    """Return the scenarios at each point of a sweep over levers; nothing where they are the same at every point."""
    if not any(point.scenarios for point in experiment.sweep):
        return []
    return [
        {
            "values": dict(point.columns),
            "scenarios": {name: _describe_scenario(each, experiment) for name, each in point.scenarios.items()},
        }
        for point in experiment.points
    ]


def scenarios_at(manifest: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a manifest says of the scenarios at a point of the sweep.

    Parameters
    ----------
    manifest : mapping
    values : mapping
        The swept values, by path; none without a sweep.
    """
    points = manifest.get("sweep_points") or []
    found = next((point["scenarios"] for point in points if point["values"] == values), manifest.get("scenarios"))
    return found or {}
