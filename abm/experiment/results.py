"""The results of an experiment, read: tables that are those of the manifest, or none."""

import copy
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from abm.base.display import few, html
from abm.base.errors import ResultsError
from abm.experiment.result_files import (
    ADOPTION_BY_GROUP,
    LEDGER,
    MADE_BY,
    MANIFEST,
    SUMMARY,
    configuration_folder,
    part_file,
    read_all,
    read_one,
    run_file,
)


class Results:
    """The results of an experiment: its folder, its manifest, and all runs as one table.

    What is read is the reader's own copy. Tables refuse to be read (ResultsError) while runs are missing, and where
    another configuration made them.

    Parameters
    ----------
    path : path
        Such as ``results/x``, or the folder of one configuration in it.
    manifest : mapping
        Its manifest.
    """

    def __init__(self, path: str | Path, manifest: Mapping[str, Any]) -> None:
        self.path = Path(path)
        self._manifest = copy.deepcopy(dict(manifest))
        home = configuration_folder(self.path, str(self._manifest.get("config_hash")))
        self.home = home if home.is_dir() else self.path  # other results may become the newest later
        self._read: dict[str, pd.DataFrame] = {}

    def __repr__(self) -> str:
        facts, n_runs = self._manifest, len(self._manifest["runs"])
        state = "" if self._is_complete else f", {len(self._missing()):,} still missing"
        markets = few(facts.get("markets") or {})
        scenarios = few(facts.get("scenarios") or {})
        return f"Results: {self.path}; {n_runs:,} runs{state}\nmarkets {markets}; scenarios {scenarios}"

    def _repr_html_(self) -> str:
        heading = str(self).replace("\n", "; ")
        try:
            return html(heading, self.summary[["scenario", "market", "replicates", "adoption", "gmv_share", "gmv_usd"]])
        except (ResultsError, KeyError):
            return html(heading, pd.DataFrame({"runs": [len(self._manifest["runs"])]}))

    @property
    def manifest(self) -> dict[str, Any]:
        """What was asked for, with which versions, and where it ran."""
        return copy.deepcopy(self._manifest)

    @property
    def table(self) -> pd.DataFrame:
        """One row per run, week and market (columns: docs/results.md).

        Raises
        ------
        ResultsError
            The experiment is not complete, or runs are unreadable.
        """
        return self._get("table", lambda: read_all([run_file(self.home, key) for key in self._manifest["runs"]]))

    @property
    def adoption_by_group(self) -> pd.DataFrame:
        """One row per run, market, trait and group: how many were in mode super when; may be empty.

        Raises
        ------
        ResultsError
            As for ``table``.
        """
        return self._get("adoption_by_group", lambda: self._parts(ADOPTION_BY_GROUP))

    @property
    def ledger(self) -> pd.DataFrame:
        """One row per run, week and lever: what it cost, US$; empty if nothing cost anything.

        Raises
        ------
        ResultsError
            As for ``table``.
        """
        return self._get("ledger", lambda: self._parts(LEDGER))

    @property
    def summary(self) -> pd.DataFrame:
        """One row per scenario, sweep point and market: outcomes and differences to baseline.

        Raises
        ------
        ResultsError
            As for ``table``.
        """
        return self._get("summary", self._summary)

    def _get(self, part: str, read: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return a copy of a table that is read once, unless it would not be that of the manifest."""
        if part not in self._read:
            self._refuse_if_unfinished(part)
            self._read[part] = read()
        return self._read[part].copy()

    def _refuse_if_unfinished(self, part: str) -> None:
        missing, n_runs = self._missing(), len(self._manifest["runs"])
        if self._is_complete and not missing:
            return
        which = f"{len(missing)} of {n_runs} runs are missing (first: {missing[0]})" if missing else "no summary yet"
        raise ResultsError(
            f"{self.path}: {part}: the experiment is not complete, {which}; run the experiment again to complete it"
        )

    @property
    def _is_complete(self) -> bool:
        return bool(self._manifest.get("complete", True))

    def _missing(self) -> list[str]:
        return [key for key in self._manifest["runs"] if not run_file(self.home, key).is_file()]

    def _parts(self, name: str) -> pd.DataFrame:
        files = [file for key in self._manifest["runs"] if (file := part_file(self.home, name, key)).is_file()]
        return read_all(files) if files else pd.DataFrame()

    def _summary(self) -> pd.DataFrame:
        file = self.home / SUMMARY
        if not file.is_file():
            raise ResultsError(f"{file}: is missing; run the experiment again, which only writes what is missing")
        table = read_one(file)
        made_by = (table.schema.metadata or {}).get(MADE_BY, b"").decode()
        if made_by != self._manifest.get("config_hash", ""):
            raise ResultsError(
                f"{file}: was made by another configuration than that of {MANIFEST} beside it; "
                f"run the experiment again, which only writes what is missing"
            )
        summary: pd.DataFrame = table.to_pandas()
        return summary


def load(path: str | Path) -> Results:
    """Open the results of an experiment.

    Raises
    ------
    ResultsError
        There are no results in this folder, or their manifest cannot be read.
    """
    folder = Path(path)
    file = folder / MANIFEST
    if not file.is_file():
        raise ResultsError(f"{folder}: no results here ({MANIFEST} is missing)")
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        manifest["runs"]
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise ResultsError(f"{file}: cannot be read ({error})") from None
    return Results(folder, manifest)
