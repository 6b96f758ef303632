"""The files of a search for tipping points, read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from abm.report.analysis_files import read_analysis
from abm.report.text.market_names import market_name, market_title

_TABLES = ("interventions", "runs", "loop", "jumps", "phase", "theory", "lever_mixes", "states")


@dataclass(frozen=True)
class TippingFiles:
    """The files of a search, read back."""

    facts: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]  # by file name; empty where there is none

    @property
    def name(self) -> str:
        """The market within a sentence."""
        return market_name(self.facts["market"])

    @property
    def title(self) -> str:
        """The market as a heading."""
        return market_title(self.facts["market"])


def read(folder: Path) -> TippingFiles:
    """Read the files that ``abm tip`` wrote into a results folder.

    Raises
    ------
    ResultsError
        They are missing or unreadable.
    """
    return TippingFiles(*read_analysis(folder, "tip", _TABLES, "search for tipping points"))
