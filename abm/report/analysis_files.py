"""The files that an analysis leaves in a results folder: its facts and its tables."""

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from abm.base.errors import ResultsError


def read_analysis(
    folder: Path, name: str, tables: Sequence[str], what: str
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """Return facts and tables of analysis ``name``; a table that was not asked for is empty.

    Parameters
    ----------
    folder : Path
        The results folder.
    name : str
        Name of the analysis, its folder and its facts.
    tables : sequence of str
        Tables by name.
    what : str
        What the message of an error calls it.

    Returns
    -------
    tuple[dict[str, Any], dict[str, pandas.DataFrame]]

    Raises
    ------
    ResultsError
        There is no such analysis, called ``what`` in the message, or it is unreadable.
    """
    own = Path(folder) / name
    try:
        facts = json.loads((own / f"{name}.json").read_text(encoding="utf-8"))
        files = {table: own / f"{table}.parquet" for table in tables}
        read = {table: pd.read_parquet(file) if file.is_file() else pd.DataFrame() for table, file in files.items()}
    except (OSError, ValueError) as error:
        raise ResultsError(f"{own}: no {what} that can be read here ({error})") from None
    return facts, read


def command_of(facts: Mapping[str, Any], name: str, options: Mapping[str, Any]) -> str:
    """Return the command that makes the analysis again: as typed, or for one asked for from Python made up from facts.

    Parameters
    ----------
    facts : mapping
        Of the analysis.
    name : str
        Of its command.
    options : mapping
        What was asked, by option; those that are None or 0 are left out.
    """
    words = shlex.split(str(facts.get("command") or f"abm run {facts.get('file') or 'CONFIG'}"))
    if words[1:2] != ["run"]:
        return shlex.join(words)
    asked = [word for option, value in options.items() if value for word in (f"--{option}", str(value))]
    return shlex.join(["abm", name, *words[2:], *asked])


def settings_of(facts: Mapping[str, Any]) -> str:
    """Return config and parameters of the markets as JSON; empty where the files hold none."""
    found = {key: facts[key] for key in ("config", "markets") if key in facts}
    return json.dumps(found, indent=1, ensure_ascii=False) if found else ""


def made_with(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return versions and hashes, as (name, value)."""
    software = ", ".join(f"{name} {version}" for name, version in (facts.get("versions") or {}).items())
    found = {
        "model and random numbers": f"version {facts['model_version']}, {facts['rng_version']}",
        "software": software,
        "platform": facts.get("platform"),
        "config hash": facts.get("config_hash"),
        "run in": facts.get("folder"),
    }
    return [(name, str(value)) for name, value in found.items() if value]
