"""A lever mix: levers with ranges and a budget, read from a file.

The file names levers as a scenario does, except that a value may be a range, ``{ low = 0.0, high = 0.4 }``; all start
in the same week, the last of the experiment. Costs are those of the levers' own ledger.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abm.base.errors import InputError, Problem, did_you_mean
from abm.levers import Lever, make_lever

Suggest = Callable[[str, float, float], float]
_DEFAULTS: dict[str, Any] = {"budget": None, "trials": 60, "weeks": 52, "levers": None}


@dataclass(frozen=True)
class LeverMix:
    """Levers with ranges, and what may be spent.

    Parameters
    ----------
    levers : sequence of tables
        Without market and start; ``weeks`` is that of the mix unless given.
    budget : float
        US$.
    weeks : int
        How long the levers act.
    trials : int
        Combinations of values to try.
    """

    levers: Sequence[Mapping[str, Any]]
    budget: float
    weeks: int = 52
    trials: int = 60

    def chosen(self, suggest: Suggest, market: str, first: int) -> list[Lever]:
        """Return the levers with every range replaced by a value.

        Parameters
        ----------
        suggest : callable
            Called with name, low and high of a range; returns the value.
        market : str
            Where the levers act.
        first : int
            Their first week.

        Raises
        ------
        InputError
        """
        levers = []
        for position, table in enumerate(self.levers):
            name = f"{table.get('kind', 'lever')}_{position + 1}"
            values = {"market": market, "start": first, "weeks": self.weeks, **_without_ranges(table, name, suggest)}
            levers.append(make_lever(values, f"levers[{position}]"))
        return levers


def read_lever_mix(file: Path) -> LeverMix:
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
    values = {key: raw.get(key, default) for key, default in _DEFAULTS.items()}
    problems = _value_problems(raw, values) or _range_problems(LeverMix(**values))
    if problems:
        raise InputError([problem._replace(file=str(file)) for problem in problems])
    return LeverMix(**values)


def _value_problems(raw: Mapping[str, Any], values: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with a file's keys and single values."""
    problems = [
        Problem(key, None, f"unknown key; {did_you_mean(key, _DEFAULTS)}") for key in raw if key not in _DEFAULTS
    ]
    for key in ("budget", "trials", "weeks"):
        value = values[key]
        kinds = (int, float) if key == "budget" else (int,)
        if not isinstance(value, kinds) or isinstance(value, bool) or value <= 0:
            problems.append(Problem(key, value, "allowed: a number above 0" if value is not None else "is required"))
    levers = values["levers"]
    if not isinstance(levers, list) or not levers or not all(isinstance(lever, dict) for lever in levers):
        problems.append(Problem("levers", None, "needs at least one table [[levers]]"))
    return problems


def _range_problems(mix: LeverMix) -> list[Problem]:
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


def _without_ranges(table: Mapping[str, Any], name: str, suggest: Suggest) -> dict[str, Any]:
    """Return a table with its ranges replaced, also those one level down (the values of ``set``)."""
    values: dict[str, Any] = {}
    for key, value in table.items():
        if not isinstance(value, Mapping):
            values[key] = value
        elif set(value) == {"low", "high"}:
            size = suggest(f"{name}.{key}", value["low"], value["high"])
            whole = isinstance(value["low"], int) and isinstance(value["high"], int)
            values[key] = round(size) if whole else size
        else:
            values[key] = _without_ranges(value, f"{name}.{key}", suggest)
    return values
