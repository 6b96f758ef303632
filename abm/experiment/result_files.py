"""Result files: each written whole or not at all, found again by its run's key."""

import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from abm.base.errors import ResultsError

MANIFEST, STATUS, SUMMARY = "manifest.json", "status.jsonl", "summary.parquet"
RUNS, ADOPTION_BY_GROUP, LEDGER = "runs", "adoption_by_group", "ledger"  # folders with one file per run
CONFIGURATIONS = "configurations"  # folder with one folder per configuration
MADE_BY = b"abm.config_hash"  # key in the metadata of a table


def configuration_folder(folder: Path, config_hash: str) -> Path:
    """Return where a configuration of an experiment or analysis keeps its files.

    Parameters
    ----------
    folder : Path
        Of the results.
    config_hash : str
        The configuration's.
    """
    return folder / CONFIGURATIONS / config_hash[:12]


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


def write_table(table: pd.DataFrame, path: Path, *, made_by: str = "") -> None:
    """Write a table as Parquet, whole or not at all.

    Parameters
    ----------
    table : DataFrame
    path : Path
    made_by : str
        Hash of the configuration, kept in the file.
    """
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    if made_by:
        arrow = arrow.replace_schema_metadata({**arrow.schema.metadata, MADE_BY: made_by.encode()})
    write_whole(path, lambda file: pq.write_table(arrow, file, compression="zstd"))


def write_json(values: Mapping[str, Any], path: Path) -> None:
    """Write a JSON file, whole or not at all; dates become ISO text.

    Parameters
    ----------
    values : mapping
    path : Path
    """
    text = json.dumps(values, indent=2, default=str, ensure_ascii=False) + "\n"
    write_whole(path, lambda file: Path(file).write_text(text, encoding="utf-8", errors="backslashreplace"))


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


def read_all(files: Sequence[Path]) -> pd.DataFrame:
    """Return the tables of some runs as one, a swept number as float if it is in any of them."""
    tables = [read_one(file) for file in files]
    try:
        together: pd.DataFrame = pa.concat_tables(tables, promote_options="permissive").to_pandas()
    except (pa.ArrowTypeError, pa.ArrowInvalid):  # dates and numbers were swept together, for example
        together = pd.concat([table.to_pandas() for table in tables], ignore_index=True)
    return together


def read_one(file: Path) -> pa.Table:
    """Return a table as it is in its file.

    Raises
    ------
    ResultsError
        It cannot be read.
    """
    try:
        with pq.ParquetFile(file, pre_buffer=False) as parquet:  # half the time of read_table
            return parquet.read(use_threads=False)
    except (OSError, pa.ArrowInvalid) as error:
        raise ResultsError(f"{file}: cannot be read ({error}); delete it and run again") from None
