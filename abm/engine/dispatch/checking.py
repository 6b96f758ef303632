"""Compiles each rule of a mechanism by itself, so that what is wrong with it can be said in one line."""

import re
from collections import namedtuple
from inspect import unwrap
from typing import Any, Final, NamedTuple

import numba
from numba import types

from abm.base.errors import InputError, Problem
from abm.mechanisms import MECHANISMS, MarketWeek, Occasion
from abm.mechanisms.base import Rule
from abm.numerics.jit import WITHOUT_NRT

_A_MARKET: Final = MarketWeek(True, 1, 1, 1.0)
_REASON: Final = re.compile(
    r"Unknown attribute|No implementation|Untyped global|Use of|Cannot|NameError|Invalid|.*not supported"
)


def compile_rules(name: str, file: str) -> None:
    """Compile the rules of a mechanism as the week would, one by one.

    Parameters
    ----------
    name : str
        Of a registered mechanism.
    file : str
        Where it comes from, for messages.

    Raises
    ------
    InputError
        A rule cannot be compiled, or does not return what the week needs; the message names file, line and rule.
    """
    if numba.config.DISABLE_JIT:
        return
    rules, step = MECHANISMS[name].rules, numba.typeof(MECHANISMS[name]().step())
    check = _Check(name, file, [])
    params = check.returned("week", rules.week, step, numba.typeof(_A_MARKET)) if rules.week else step
    if params is not None:
        person, occasion = numba.typeof(_person(name)), numba.typeof(Occasion(1, 1))
        check.is_whole("gathered", rules.gathered, params)
        check.is_whole("changing", rules.changing, params)
        if rules.utility:
            check.is_whole("utility", rules.utility, params, person)
        for column, update in rules.updates.items():
            check.is_whole(f"update of {column}", unwrap(update), params, person, occasion)
    if check.problems:
        raise InputError(check.problems)


class _Check(NamedTuple):
    """Compiles the rules of one mechanism and gathers what is wrong with them."""

    mechanism: str
    file: str
    problems: list[Problem]

    def returned(self, what: str, rule: Rule, *arguments: Any) -> Any:
        """Return the type of what a rule returns; None, and a problem, if it cannot be compiled."""
        compiled = numba.njit(**WITHOUT_NRT)(rule)
        try:
            compiled.compile(arguments)
        except Exception as error:  # whatever Numba raises, of many kinds
            self._add(what, _line(error) or rule.__code__.co_firstlineno, f"cannot be compiled: {_reason(error)}")
            return None
        return compiled.overloads[arguments].signature.return_type

    def is_whole(self, what: str, rule: Rule, *arguments: Any) -> None:
        """Add a problem if a rule returns anything but whole numbers or truth values."""
        found = self.returned(what, rule, *arguments)
        if found is not None and not isinstance(found, types.Integer | types.Boolean):
            self._add(what, rule.__code__.co_firstlineno, f"must return a whole number, returns {found}")

    def _add(self, what: str, line: int, reason: str) -> None:
        self.problems.append(
            Problem("plugins", None, f"line {line}: {what} of mechanism {self.mechanism} {reason}", self.file)
        )


def _person(name: str) -> Any:
    """Return a person with what a mechanism declares and reads, and nothing else: the rest may not be gathered."""
    kind = MECHANISMS[name]
    fields = (*(column.name for column in kind.columns), *kind.reads)
    person: Any = namedtuple("Person", fields)  # type: ignore[misc]  # fields of a registered mechanism
    return person(*[1] * len(fields))


def _reason(error: Exception) -> str:
    """Return the line of Numba's message that says what is wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return next((line for line in lines if _REASON.match(line)), lines[0])


def _line(error: Exception) -> int:
    found = re.findall(r'File "[^"]*", line (\d+)', str(error))
    return int(found[-1]) if found else 0
