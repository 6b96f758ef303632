"""What a platform can do: one file per kind of lever.

Lever, Capped, Sales
    What all levers share, those with a budget, and the sales that a cost depends on.
lever, LEVERS
    How a kind of lever is registered, and all of them by name.
make_lever, as_levers
    The lever that a table of a config describes, and those that several do.
window_problems, conflict_problems, conflicts_with
    What is wrong with some levers in a run.

Each kind is a class of its own, such as ``DealsForYou``.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from abm.base.calendar import date_text
from abm.base.errors import InputError, Problem, did_you_mean
from abm.base.parameters import parameter
from abm.base.validation import problems_of
from abm.levers.base import LEVERS, Capped, Lever, Sales, lever
from abm.levers.conflicts import conflict_problems, conflicts_with

# Imported in the order in which the documentation lists them.
# isort: off
from abm.levers.deals_for_you import DealsForYou
from abm.levers.shop_locally_made import ShopLocallyMade
from abm.levers.subsidy import Subsidy
from abm.levers.livestream_investment import LivestreamInvestment
from abm.levers.advertising import Advertising
from abm.levers.layoffs import Layoffs
from abm.levers.douyin_experts import DouyinExperts
from abm.levers.launch import Launch
from abm.levers.shutdown import Shutdown
from abm.levers.add_functions import AddFunctions
from abm.levers.set import Set
# isort: on

__all__ = [
    "LEVERS", "AddFunctions", "Advertising", "Capped", "DealsForYou", "DouyinExperts", "Launch", "Layoffs", "Lever",
    "Levers", "LivestreamInvestment", "Sales", "Set", "ShopLocallyMade", "Shutdown", "Subsidy", "as_levers",
    "conflict_problems",
    "conflicts_with", "lever", "make_lever", "parameter", "window_problems",
]  # fmt: skip


def make_lever(values: Lever | Mapping[str, Any], key: str = "lever") -> Lever:
    """Return the lever that a table such as ``{kind = "set", market = "us", ...}`` describes.

    Parameters
    ----------
    values : Lever or mapping
    key : str
        Where it was written, for messages.

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
    if not isinstance(kind, str) or kind not in LEVERS:
        hint = "is required; " if kind is None else "no such lever; "
        raise InputError([Problem(f"{key}.kind", kind, hint + did_you_mean(str(kind), LEVERS))])
    try:
        return _checked(LEVERS[kind](**values), key)
    except ValidationError as error:
        raise InputError(problems_of(error, LEVERS[kind], key)) from None


type Levers = Lever | Mapping[str, Any] | Iterable[Lever | Mapping[str, Any]]


def as_levers(levers: Levers) -> list[Lever]:
    """Return the levers that one or several levers or tables describe.

    Parameters
    ----------
    levers : Lever, mapping, or iterable of these

    Raises
    ------
    InputError
    """
    one = isinstance(levers, Lever | Mapping) or not isinstance(levers, Iterable)
    listed: list[Any] = [levers] if one else list(levers)
    return [make_lever(lever, f"levers[{i}]") for i, lever in enumerate(listed)]


def _checked(lever: Lever, key: str) -> Lever:
    problems = lever.problems()
    if problems:
        raise InputError([problem._replace(key=f"{key}.{problem.key}") for problem in problems])
    return lever


def window_problems(
    levers: Iterable[Lever], markets: Iterable[str], start: date, weeks: int, key: str = "levers"
) -> list[Problem]:
    """Return what is wrong with levers in a run: unknown markets, windows outside its weeks, contradictions.

    Parameters
    ----------
    levers : iterable of Lever
    markets : iterable of str
        Names of the run's markets.
    start : date
        Date of week 0.
    weeks : int
        Weeks of the run.
    key : str
        Where the levers were written, for messages.
    """
    names, levers = list(markets), list(levers)
    problems = conflict_problems(levers, start, key)
    for position, one in enumerate(levers):
        location = f"{key}[{position}]"
        if one.market not in names:
            hint = did_you_mean(one.market, names)
            problems.append(Problem(f"{location}.market", one.market, f"no such market in this run; {hint}"))
        if not 0 <= one.window(start)[0] < weeks:
            last = f"{weeks - 1} ({date_text(weeks, start)})"
            allowed = f"outside the run; allowed: week 0 ({start}) to {last}"
            problems.append(Problem(f"{location}.start", str(one.start), allowed))
    return problems
