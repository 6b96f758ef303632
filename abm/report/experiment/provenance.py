"""How the results were made: settings, versions, how to make them again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from abm.report.experiment.config_values import table_of
from abm.report.experiment.point_results import PointResults


def command(manifest: Mapping[str, Any], results: PointResults) -> str:
    """Return the command that makes the results again.

    Parameters
    ----------
    manifest : mapping
        Provenance; every key is optional.
    results : PointResults
        One sweep point.

    Returns
    -------
    str
    """
    if manifest.get("command"):
        return str(manifest["command"])
    file = manifest.get("file") or f"{results.config.get('name') or 'CONFIG'}.toml"
    changes = [word for override in manifest.get("overrides") or [] for word in ("--set", str(override))]
    return shlex.join(["abm", "run", str(file), *changes])


def facts(manifest: Mapping[str, Any], results: PointResults) -> list[tuple[str, str]]:
    """Return what is known of the run, as (name, value).

    Parameters
    ----------
    manifest : mapping
        Provenance; every key is optional.
    results : PointResults
        One sweep point.

    Returns
    -------
    list[tuple[str, str]]
    """
    config = results.config
    found = {
        "Experiment": config.get("name"),
        "Weeks": f"{len(results.dates) - 1}, from {results.dates[0].isoformat()} to {results.dates[-1].isoformat()}",
        "Seed": config.get("seed", _only(results)),
        "Replicates": len(results.replicates(results.baseline)),
        "Consumers": ", ".join(f"{m} {n:,}" for m, n in _consumers(results).items()),
        "Model version": manifest.get("model_version"),
        "Version of the random numbers": manifest.get("rng_version"),
        "Software": ", ".join(f"{name} {version}" for name, version in table_of(manifest, "versions").items()),
        "Platform": _text(manifest.get("platform")),
        "Started": manifest.get("started"),
        "Took": _seconds(manifest.get("seconds")),
        "Config hash": manifest.get("config_hash"),
        "Run in": manifest.get("folder"),
    }
    return [(name, str(value)) for name, value in found.items() if value not in (None, "")]


def settings(results: PointResults) -> list[tuple[str, list[str]]]:
    """Return every parameter that is known, with one value per market."""
    tables = results.parameters or table_of(results.config, "markets")
    flat = {market: dict(_flat(table_of(tables, market))) for market in results.markets}
    paths = list(dict.fromkeys(path for values in flat.values() for path in values))
    return [(path, [flat[market].get(path, "") for market in results.markets]) for path in paths]


def levers(results: PointResults) -> list[tuple[str, str]]:
    """Return (scenario, lever in words) for every lever."""
    lines = []
    for scenario in results.scenario_tables:
        for lever in scenario.get("levers") or []:
            words = ", ".join(f"{path} = {value}" for path, value in _flat(lever))
            lines.append((str(scenario.get("name")), words))
    return lines


def sweep(results: PointResults) -> list[tuple[str, str]]:
    """Return (parameter, values) of the sweep."""
    swept = table_of(results.config, "sweep")
    return [(str(path), _text(values)) for path, values in swept.items()]


def _flat(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    lines = []
    for key, value in table.items():
        if isinstance(value, Mapping) and not all(str(part).isdecimal() for part in value):
            lines += _flat(value, f"{prefix}{key}.")
        elif value is not None:
            lines.append((f"{prefix}{key}", _text(value)))
    return lines


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_text(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_text(part) for part in value)
    return "" if value is None else str(value)


def _seconds(value: Any) -> str | None:
    return f"{value:,.1f} s" if isinstance(value, int | float) else None


def _only(results: PointResults) -> int | None:
    seeds = results.table["seed"].unique()
    return int(seeds[0]) if len(seeds) == 1 else None


def _consumers(results: PointResults) -> dict[str, int]:
    first = results.table.drop_duplicates("market")
    return {str(market): int(n) for market, n in zip(first["market"], first["consumers"], strict=True)}
