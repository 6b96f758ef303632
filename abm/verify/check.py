"""A finding: one number that theory predicts, the number that the simulation gave, and how far apart they may be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = Sequence[float] | Floats | npt.NDArray[np.int64]


class Effort(NamedTuple):
    """How hard to look: consumers in a large population, repetitions, and the first seed."""

    consumers: int = 1_000_000
    runs: int = 3
    seed: int = 1

    @classmethod
    def quick(cls, seed: int = 1) -> "Effort":
        """Return a tenth of the consumers: seconds instead of minutes, tolerances three times as wide."""
        return cls(100_000, 2, seed)

    @property
    def seeds(self) -> range:
        """The seeds to use."""
        return range(self.seed, self.seed + self.runs)


@dataclass(frozen=True)
class Finding:
    """One comparison, in words ready for a table."""

    what: str
    expected: str
    got: str
    tolerance: str
    passed: bool


@dataclass(frozen=True)
class Series:
    """Points of a plot; ``kind`` is "theory" (a line), "simulated" (dots) or "limit" (dashed, upright at every x)."""

    label: str
    x: Numbers
    y: Numbers
    kind: str = "simulated"
    group: int = 0  # curves that belong together share a colour


@dataclass(frozen=True)
class Plot:
    """Curves on their theory."""

    title: str
    x_label: str
    y_label: str
    series: Sequence[Series]
    note: str = ""  # what a reader should know who sees rings off the line


@dataclass(frozen=True)
class Check:
    """Everything found about one line of theory."""

    line: int
    title: str
    source: str
    statement: str
    findings: Sequence[Finding]
    plots: Sequence[Plot] = field(default_factory=tuple)

    @property
    def passed(self) -> bool:
        """Whether every finding is as expected (and there is at least one)."""
        return bool(self.findings) and all(finding.passed for finding in self.findings)


def near(what: str, expected: float, got: float, tolerance: float, digits: int = 5) -> Finding:
    """Compare two numbers; not a number is never near."""
    passed = bool(abs(got - expected) <= tolerance)
    return Finding(what, f"{expected:.{digits}f}", f"{got:.{digits}f}", f"± {tolerance:.{digits}f}", passed)


def equal(what: str, expected: Any, got: Any) -> Finding:
    """Compare two things that have to be the same."""
    return Finding(what, _text(expected), _text(got), "exact", bool(expected == got))


def between(what: str, low: float, high: float, got: float, digits: int = 3) -> Finding:
    """Ask for a number between two others."""
    passed = bool(low <= got <= high)
    return Finding(what, f"{low:.{digits}f} to {high:.{digits}f}", f"{got:.{digits}f}", "range", passed)


def follows(what: str, expected: Numbers, got: Numbers, tolerance: Numbers) -> Finding:
    """Compare two curves, week by week; the table shows the week that uses up most of its tolerance."""
    theory, found, allowed = np.asarray(expected), np.asarray(got), np.asarray(tolerance)
    if not theory.shape == found.shape == allowed.shape:
        return Finding(what, f"{theory.size} weeks", f"{found.size} weeks", "exact", False)
    errors = np.abs(found - theory)
    worst = int(np.argmax(errors / np.maximum(allowed, 1e-12)))
    shown = near(f"{what}, all {theory.size - 1} weeks (worst: {worst})", theory[worst], found[worst], allowed[worst])
    return Finding(shown.what, shown.expected, shown.got, shown.tolerance, bool((errors <= allowed).all()))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)
