"""The files of an explanation, read back, and its numbers as text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from abm.analysis.effects.estimate import half_width
from abm.report.analysis_files import read_analysis
from abm.report.text.market_names import market_name, market_title
from abm.report.text.number_format import number, percent, points

_TABLES = ("shapley", "interactions", "draws", "history", "curves", "states")


@dataclass(frozen=True)
class ExplanationFiles:
    """The files of an explanation, read back."""

    facts: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]  # by file name; empty where there is none

    @property
    def shapley(self) -> pd.DataFrame:
        """One row per mechanism."""
        return self.tables["shapley"]

    @property
    def names(self) -> tuple[str, str]:
        """The two markets within a sentence, the low one first."""
        return market_name(self.facts["low"]), market_name(self.facts["high"])

    @property
    def titles(self) -> tuple[str, str]:
        """The two markets as headings."""
        return market_title(self.facts["low"]), market_title(self.facts["high"])

    @property
    def in_weeks(self) -> bool:
        """Whether the outcome is a number of weeks and not a share."""
        return str(self.facts["outcome"]).startswith("weeks")

    @property
    def factor(self) -> float:
        """From the outcome's unit to that of figures: percentage points, or weeks."""
        return 1.0 if self.in_weeks else 100.0

    @property
    def unit(self) -> str:
        """The unit of differences in figures."""
        return "weeks" if self.in_weeks else "percentage points"

    @property
    def label(self) -> str:
        """What the outcome is called."""
        outcome = str(self.facts["outcome"])
        if self.in_weeks:
            return f"weeks until {outcome.removeprefix('weeks_to_')} % shop in the super-app"
        return {"gmv_share": "the super-app's share of spend", "adoption": "share of consumers in the super-app"}[
            outcome
        ]

    def half(self, error: float) -> float:
        """Return half of the 95 % interval that belongs to a standard error over the seeds."""
        n = int(self.facts["replicates"])
        return half_width(n) * error if n > 1 else math.nan

    def change(self, value: float, error: float | None = None) -> str:
        """Return a difference in the outcome as text, with its interval if there is an error.

        Parameters
        ----------
        value : float
            The number.
        error : float, optional
            Standard error over the seeds; no interval without it.

        Returns
        -------
        str
        """
        form = (lambda v: number(v, 1)) if self.in_weeks else points
        text = form(value)
        half = math.nan if error is None else self.half(error)
        if not math.isnan(half):
            text += f" ({form(value - half)} to {form(value + half)})"
        return text

    def level(self, value: float) -> str:
        """Return a level of the outcome as text."""
        return f"{number(value, 1)} weeks" if self.in_weeks else percent(value)


def read(folder: Path) -> ExplanationFiles:
    """Read the files that ``abm explain`` wrote into a results folder.

    Raises
    ------
    ResultsError
        They are missing or unreadable.
    """
    return ExplanationFiles(*read_analysis(folder, "explain", _TABLES, "explanation"))
