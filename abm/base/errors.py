"""What can be wrong with an input, said in one line per problem."""

import difflib
from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

_MOST_NAMES = 20  # a longer list helps nobody


class Problem(NamedTuple):
    """One thing that is wrong: where, under which key, with which value, and what would be right."""

    key: str
    value: Any
    message: str
    file: str = ""

    def __str__(self) -> str:
        location = f"{self.file}: " if self.file else ""
        shown = "" if self.value is None else f" = {_short(self.value)}"
        text = f"{location}{self.key}{shown}: {self.message}" if self.key else f"{location}{self.message}"
        return text.rstrip("; ")  # where there was no hint to add


class AbmError(Exception):
    """Base of all errors that a user can cause and correct."""

    exit_status: ClassVar[int] = 2  # of a command that ends with it


class Interrupted(AbmError):
    """The work was stopped with Ctrl-C; what was finished is kept."""

    exit_status = 130


class InputError(AbmError, ValueError):
    """Parameters, a config or a file that cannot be used; carries every problem found, not just the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type, tuple[list[Problem]]]:
        """Let it be sent from one process to another."""
        return type(self), (self.problems,)


class ResultsError(AbmError):
    """Result files that are missing, incomplete or were written by another version."""


def _short(value: Any) -> str:
    text = repr(value) if not isinstance(value, float | int) else f"{value:,}" if abs(value) >= 1e6 else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint naming the closest known word, or all of them when none is close.

    Parameters
    ----------
    word : str
    known : iterable of str
    """
    names = sorted(known)
    if close := closest(word, names):
        return f'did you mean "{close}"?'
    return f"known: {', '.join(names)}" if 0 < len(names) <= _MOST_NAMES else ""


def closest(word: str, names: list[str]) -> str:
    """Return the name most like a word, "" if none is close.

    Parameters
    ----------
    word : str
    names : list of str
    """
    close = difflib.get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    return close[0] if close else ""
