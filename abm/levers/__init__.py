"""What a platform can do: one file per kind of lever."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from abm.calendar import date_of
from abm.errors import InputError, Problem, did_you_mean, problems_of
from abm.levers.base import Lever
from abm.levers.set import Set

__all__ = ["KINDS", "Lever", "Set", "make_lever", "window_problems"]

KINDS: dict[str, type[Lever]] = {"set": Set}


def make_lever(values: Lever | Mapping[str, Any], key: str = "lever") -> Lever:
    """Return the lever that a table such as ``{kind = "set", market = "us", ...}`` describes.

    Raises
    ------
    InputError
        Unknown kind, unknown or missing key, wrong type or value out of range.
    """
    if isinstance(values, Lever):
        return _checked(values, key)
    if not isinstance(values, Mapping):
        raise InputError([Problem(key, values, "must be a table with kind, market, start ...")])
    kind = values.get("kind")
    if kind not in KINDS:
        hint = "is required; " if kind is None else "no such lever; "
        raise InputError([Problem(f"{key}.kind", kind, hint + did_you_mean(str(kind), KINDS))])
    try:
        return _checked(KINDS[kind](**values), key)
    except ValidationError as error:
        raise InputError(problems_of(error, KINDS[kind], key)) from None


def _checked(lever: Lever, key: str) -> Lever:
    problems = lever.problems()
    if problems:
        raise InputError([problem._replace(key=f"{key}.{problem.key}") for problem in problems])
    return lever


def window_problems(
    levers: Iterable[Lever], markets: Iterable[str], start: date, weeks: int, key: str = "levers"
) -> list[Problem]:
    """Return what is wrong with levers in a run: unknown markets, windows outside its weeks."""
    names = list(markets)
    problems = []
    for position, lever in enumerate(levers):
        place = f"{key}[{position}]"
        if lever.market not in names:
            hint = did_you_mean(lever.market, names)
            problems.append(Problem(f"{place}.market", lever.market, f"no such market in this run; {hint}"))
        if not 0 <= lever.window(start)[0] < weeks:
            last = f"{weeks - 1} ({date_of(weeks, start)})"
            allowed = f"outside the run; allowed: week 0 ({start}) to {last}"
            problems.append(Problem(f"{place}.start", str(lever.start), allowed))
    return problems
