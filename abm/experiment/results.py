"""Result files: each run written whole or not at all, found again by its key."""

import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from abm.base.errors import ResultsError

MANIFEST, STATUS, SUMMARY = "manifest.json", "status.jsonl", "summary.parquet"
RUNS, ADOPTION_BY_GROUP, LEDGER = "runs", "adoption_by_group", "ledger"  # folders with one file per run


@dataclass(frozen=True)
class Results:
    """The results of an experiment: its folder, its manifest, and all runs as one table."""

    path: Path
    manifest: dict[str, Any]

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per run, week and market (columns: docs/results.md).

        Raises
        ------
        ResultsError
            Runs are missing or unreadable.
        """
        keys = self.manifest["runs"]
        missing = [key for key in keys if not run_file(self.path, key).is_file()]
        if missing:
            raise ResultsError(
                f"{self.path}: {len(missing)} of {len(keys)} runs are missing (first: {missing[0]}); "
                f"run the experiment again to complete them"
            )
        return _read_all([run_file(self.path, key) for key in keys])

    @cached_property
    def adoption_by_group(self) -> pd.DataFrame:
        """One row per run, market, trait and group: how many were in mode super when; may be empty."""
        return self._parts(ADOPTION_BY_GROUP)

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """One row per run, week and lever: what it cost, US$; empty if nothing cost anything."""
        return self._parts(LEDGER)

    def _parts(self, name: str) -> pd.DataFrame:
        files = [file for key in self.manifest["runs"] if (file := part_file(self.path, name, key)).is_file()]
        return _read_all(files) if files else pd.DataFrame()

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per scenario, sweep point and market: outcomes and differences to baseline."""
        return pd.read_parquet(self.path / SUMMARY)


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


def run_file(folder: Path, key: str) -> Path:
    """Return where a run's table is kept.

    Parameters
    ----------
    folder : Path
        Of the results.
    key : str
        The run's.
    """
    return part_file(folder, RUNS, key)


def part_file(folder: Path, part: str, key: str) -> Path:
    """Return where a run's table of one kind is kept: ``runs``, ``adoption_by_group`` or ``ledger``.

    Parameters
    ----------
    folder : Path
        Of the results.
    part : str
        Kind of table.
    key : str
        The run's.
    """
    return folder / part / f"{key}.parquet"


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet, whole or not at all.

    Parameters
    ----------
    table : DataFrame
    path : Path
    """
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    write_whole(path, lambda file: pq.write_table(arrow, file, compression="zstd"))


def write_json(values: Mapping[str, Any], path: Path) -> None:
    """Write a JSON file, whole or not at all; dates become ISO text.

    Parameters
    ----------
    values : mapping
    path : Path
    """
    text = json.dumps(values, indent=2, default=str, ensure_ascii=False) + "\n"
    write_whole(path, lambda file: Path(file).write_text(text, encoding="utf-8"))


def write_whole(path: Path, write: Callable[[str], Any]) -> None:
    """Let ``write`` fill a temporary file beside ``path``, bring it to disk, and only then give it its name.

    Parameters
    ----------
    path : Path
    write : function of a file name
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    os.close(handle)
    try:
        write(temporary)
        with open(temporary, "rb") as file:  # noqa: PTH123 - a descriptor to sync
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def remove_unfinished(folder: Path) -> None:
    """Remove the temporary files of tables that were being written when their process was ended."""
    for part in (RUNS, ADOPTION_BY_GROUP, LEDGER):
        for file in (folder / part).glob(".*.tmp"):
            file.unlink(missing_ok=True)


def append_status(folder: Path, entry: Mapping[str, Any]) -> None:
    """Add one line to the run log.

    Parameters
    ----------
    folder : Path
        Of the results.
    entry : mapping
    """
    with (folder / STATUS).open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry, default=str) + "\n")


def _read_all(files: Sequence[Path]) -> pd.DataFrame:
    """Return the tables of some runs as one, a swept number as float if it is in any of them."""
    tables = [_read_run(file) for file in files]
    try:
        together: pd.DataFrame = pa.concat_tables(tables, promote_options="permissive").to_pandas()
    except (pa.ArrowTypeError, pa.ArrowInvalid):  # dates and numbers were swept together, for example
        together = pd.concat([table.to_pandas() for table in tables], ignore_index=True)
    return together


def _read_run(file: Path) -> pa.Table:
    try:
        with pq.ParquetFile(file, pre_buffer=False) as parquet:  # half the time of read_table
            return parquet.read(use_threads=False)
    except (OSError, pa.ArrowInvalid) as error:
        raise ResultsError(f"{file}: cannot be read ({error}); delete it and run again") from None
