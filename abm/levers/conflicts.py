"""Which levers contradict each other in one market."""

from collections.abc import Sequence
from datetime import date

from abm.base.calendar import date_text
from abm.base.errors import Problem
from abm.levers.base import Lever


def conflict_problems(levers: Sequence[Lever], start: date, key: str = "levers") -> list[Problem]:
    """Return a problem for every pair of levers that contradict each other.

    Parameters
    ----------
    levers : sequence of Lever
    start : date
        Date of week 0.
    key : str
        Where the levers were written, for messages.
    """
    return [
        problem
        for position, lever in enumerate(levers)
        for problem in conflicts_with(levers[:position], lever, start, key)
    ]


def conflicts_with(earlier: Sequence[Lever], lever: Lever, start: date, key: str = "levers") -> list[Problem]:
    """Return a problem for each of the earlier levers that ``lever``, the next in the list, contradicts.

    Parameters
    ----------
    earlier : sequence of Lever
    lever : Lever
    start : date
        Date of week 0.
    key : str
        Where the levers were written, for messages.
    """
    problems = []
    for position, one in enumerate(earlier):
        reason = _reason(one, lever, start) if one.market == lever.market else ""
        if reason:
            weeks = f"{one.kind} from {_from(one, start)} and {lever.kind} from {_from(lever, start)}"
            message = f"contradicts {key}[{position}] in {one.market} ({weeks}): {reason}"
            problems.append(Problem(f"{key}[{len(earlier)}]", None, message))
    return problems


def _reason(one: Lever, other: Lever, start: date) -> str:
    if one.opens_shop and other.opens_shop:
        return "a shop opens once"
    reason = one.contradicts.get(other.kind) or other.contradicts.get(one.kind)
    return reason if reason and _meet(one, other, start) else ""


def _meet(one: Lever, other: Lever, start: date) -> bool:
    """Say whether two levers share a week; a launch is only its first."""
    (first, end), (other_first, other_end) = (_busy(lever, start) for lever in (one, other))
    return first < other_end and other_first < end


def _busy(lever: Lever, start: date) -> tuple[int, float]:
    first, end = lever.window(start)
    return first, first + 1 if lever.opens_shop else end


def _from(lever: Lever, start: date) -> str:
    first = lever.window(start)[0]
    return f"week {first} ({date_text(first, start)})"
