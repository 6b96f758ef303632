"""Values of a config under dotted paths: what ``--set`` and sweeps replace.

A path names the tables on the way, a scenario by its name and a lever by its number from 0:
``markets.us.norm.strength``, ``scenarios.deals.levers.0.discount``, ``sweep.samples``, ``weeks``.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from abm.base.errors import InputError, Problem, did_you_mean
from abm.experiment.sweep_settings import SweepSettings
from abm.markets.market import nested, parameter_paths
from abm.markets.profile import overlay


def replaced(config: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a config with one value replaced; a table is laid over the one that is there.

    Parameters
    ----------
    config : mapping
        As written: nested tables.
    path : str
    value : value or table

    Raises
    ------
    InputError
        The path leads to no market, scenario or lever of the config.
    """
    part, _, rest = path.partition(".")
    if part == "extends":
        raise InputError([Problem(path, value, "is read from the file only: extend a config in a file of its own")])
    change = _PARTS.get(part)
    if change is None or (not rest and not (part == "markets" and isinstance(value, Mapping))):
        return overlay(dict(config), nested({path: value}))
    return {**config, part: change(config.get(part), path, rest, value)}


def flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted paths and values of tables written as ``markets.us.norm.strength = ..`` or in quotes.

    Parameters
    ----------
    table : mapping
    prefix : str
        Put before every path.
    """
    for key, value in table.items():
        if isinstance(value, Mapping) and not _is_value(prefix + key):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _is_value(path: str) -> bool:
    """Say whether a table under this path is one value, such as a yearly series."""
    part, _, rest = path.partition(".")
    return part == "markets" and rest.partition(".")[2] in dict(parameter_paths())


def _in_markets(markets: Any, path: str, rest: str, value: Any) -> dict[str, Any]:
    tables: dict[str, Any] = dict(markets) if isinstance(markets, Mapping) else {}
    changes = {rest: value} if rest else dict(value)
    for key, change in changes.items():
        name, _, parameter = key.partition(".")
        if name not in tables:
            raise InputError([Problem(path, None, f"no such market: {name}; {did_you_mean(name, tables)}")])
        tables = overlay(tables, {name: nested({parameter: change}) if parameter else change})
    return tables


def _in_scenarios(scenarios: Any, path: str, rest: str, value: Any) -> list[Any]:
    tables: list[Any] = list(scenarios) if isinstance(scenarios, list) else []
    name, _, key = rest.partition(".")
    names = [table.get("name") if isinstance(table, Mapping) else None for table in tables]
    if name not in names:
        hint = did_you_mean(name, [str(known) for known in names if known])
        raise InputError([Problem(path, None, f"no such scenario: {name}; {hint}")])
    scenario = tables[names.index(name)]
    first, _, inner = key.partition(".")
    change = {first: _in_levers(scenario.get("levers"), path, inner, value)} if inner and first == "levers" else None
    new = change or (nested({key: value}) if key else value)
    tables[names.index(name)] = overlay(dict(scenario), new) if isinstance(new, dict) else new
    return tables


def _in_levers(levers: Any, path: str, rest: str, value: Any) -> list[Any]:
    tables: list[Any] = list(levers) if isinstance(levers, list) else []
    number, _, key = rest.partition(".")
    if not number.isdecimal() or int(number) >= len(tables):
        known = f"they are numbered 0 to {len(tables) - 1}" if tables else "the scenario has none of its own"
        raise InputError([Problem(path, None, f"no such lever: {number}; {known}")])
    lever = tables[int(number)]
    if not isinstance(lever, Mapping):
        raise InputError([Problem(path, None, f"lever {number} is not a table")])
    table, _, inner = key.partition(".")
    if inner and table == "values":  # of ``set``: keyed by paths
        values = lever.get("values")
        new: Any = {"values": {**values, inner: value} if isinstance(values, Mapping) else {inner: value}}
    else:
        new = nested({key: value}) if key else value
    tables[int(number)] = overlay(dict(lever), new) if isinstance(new, dict) else new
    return tables


def _in_sweep(sweep: Any, path: str, rest: str, value: Any) -> dict[str, Any]:
    """Return the sweep with a setting, or with the values of a parameter however the path was written before."""
    table: dict[str, Any] = dict(sweep) if isinstance(sweep, Mapping) else {}
    if rest.partition(".")[0] in SweepSettings.model_fields:
        return overlay(table, nested({rest: value}))
    settings = {key: old for key, old in table.items() if key in SweepSettings.model_fields}
    rows = flat({key: old for key, old in table.items() if key not in settings})
    return settings | dict(rows) | {rest: value}


_PARTS: dict[str, Callable[[Any, str, str, Any], Any]] = {
    "markets": _in_markets, "scenarios": _in_scenarios, "sweep": _in_sweep,
}  # fmt: skip
