"""Comparisons of theory and simulation, and the checks that hold them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from abm.numerics.array_types import Floats

Numbers = Sequence[float] | Floats | npt.NDArray[np.int64]


class CheckSettings(NamedTuple):
    """Consumers in a large population, repetitions, and the first seed."""

    consumers: int = 1_000_000
    runs: int = 3
    seed: int = 1

    @classmethod
    def quick(cls, seed: int = 1) -> "CheckSettings":
        """Return a tenth of the consumers: seconds instead of minutes, tolerances three times as wide."""
        return cls(100_000, 2, seed)

    @property
    def seeds(self) -> range:
        """The seeds to use."""
        return range(self.seed, self.seed + self.runs)


@dataclass(frozen=True)
class Comparison:
    """One comparison, formatted for a table."""

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
    note: str = ""  # explains simulated points that are off the line


@dataclass(frozen=True)
class Check:
    """The comparisons and plots of one line of theory."""

    number: int
    title: str
    source: str
    statement: str
    comparisons: Sequence[Comparison]
    plots: Sequence[Plot] = field(default_factory=tuple)

    @property
    def passed(self) -> bool:
        """Whether every comparison is as expected (and there is at least one)."""
        return bool(self.comparisons) and all(comparison.passed for comparison in self.comparisons)


def near(what: str, expected: float, got: float, tolerance: float, digits: int = 5) -> Comparison:
    """Compare two numbers; NaN is never near.

    Parameters
    ----------
    what : str
        Name of the comparison.
    expected, got, tolerance : float
    digits : int
        Decimals shown.
    """
    passed = bool(abs(got - expected) <= tolerance)
    return Comparison(what, f"{expected:.{digits}f}", f"{got:.{digits}f}", f"± {tolerance:.{digits}f}", passed)


def equal(what: str, expected: Any, got: Any) -> Comparison:
    """Compare two values that have to be equal.

    Parameters
    ----------
    what : str
        Name of the comparison.
    expected, got : object
    """
    return Comparison(what, _text(expected), _text(got), "exact", bool(expected == got))


def between(what: str, low: float, high: float, got: float, digits: int = 3) -> Comparison:
    """Check that a number lies in a closed interval.

    Parameters
    ----------
    what : str
        Name of the comparison.
    low, high, got : float
    digits : int
        Decimals shown.
    """
    passed = bool(low <= got <= high)
    return Comparison(what, f"{low:.{digits}f} to {high:.{digits}f}", f"{got:.{digits}f}", "range", passed)


def follows(what: str, expected: Numbers, got: Numbers, tolerance: Numbers) -> Comparison:
    """Compare two curves, week by week; the table shows the week with the largest error relative to its tolerance.

    Parameters
    ----------
    what : str
        Name of the comparison.
    expected, got, tolerance : float64[weeks + 1]
    """
    theory, found, allowed = np.asarray(expected), np.asarray(got), np.asarray(tolerance)
    if not theory.shape == found.shape == allowed.shape:
        return Comparison(what, f"{theory.size} weeks", f"{found.size} weeks", "exact", False)
    errors = np.abs(found - theory)
    worst = int(np.argmax(errors / np.maximum(allowed, 1e-12)))
    shown = near(f"{what}, all {theory.size - 1} weeks (worst: {worst})", theory[worst], found[worst], allowed[worst])
    return Comparison(shown.what, shown.expected, shown.got, shown.tolerance, bool((errors <= allowed).all()))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)
