"""Market profiles: parameter values with the evidence for each, shipped as TOML in ``abm/markets/profiles``."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from abm.base.errors import InputError, Problem
from abm.base.registry import Registry


class Evidence(NamedTuple):
    """Where a value comes from and how far to trust it (found, derived, literature, assumed, memory)."""

    quality: str
    source: str
    note: str = ""


class Profile(NamedTuple):
    """A market's values (nested as in a config) and the evidence per dotted path."""

    name: str
    title: str
    summary: str
    values: dict[str, Any]
    evidence: dict[str, Evidence]


PROFILES: Final[Registry[Path]] = Registry("market profile")  # the files of the profiles, TOML


def add_profile(file: Path) -> None:
    """Register a profile; the file's name without its ending is that of the profile.

    Raises
    ------
    InputError
        There is a profile of this name already.
    """
    PROFILES.add(file.stem, file)


for _file in sorted((Path(__file__).parent / "profiles").glob("*.toml")):
    add_profile(_file)


def profile_names() -> list[str]:
    """Return the names of all profiles, sorted."""
    return sorted(PROFILES)


def load_profile(name: str) -> Profile:
    """Read a profile, with what it inherits.

    Raises
    ------
    InputError
        There is no profile of this name, or its file is not one.
    """
    return _read_profile(name, PROFILES.find(name, "profile"))


@cache
def _read_profile(name: str, file: Path) -> Profile:
    try:
        own = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        own["title"], own["summary"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as error:
        reason = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise InputError([Problem("profile", name, f"is not a market profile: {reason}", str(file))]) from None
    try:
        evidence = {path: Evidence(**entry) for path, entry in own.get("evidence", {}).items()}
    except TypeError:
        reason = 'each path under [evidence] is quoted ("norm.strength") and has quality, source and perhaps note'
        raise InputError([Problem("profile", name, reason, str(file))]) from None
    values = own.get("values", {})
    if "extends" in own:
        parent = load_profile(own["extends"])
        values = overlay(parent.values, values)
        evidence = {**parent.evidence, **evidence}
    return Profile(name, own["title"], own["summary"], values, evidence)


def overlay(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return ``base`` with ``changes`` laid over it, table by table, key by key; neither is altered.

    Parameters
    ----------
    base, changes : dict
    """
    merged = dict(base)
    for key, value in changes.items():
        both_tables = isinstance(value, dict) and isinstance(merged.get(key), dict)
        replaces_whole = key in _WHOLE or not both_tables
        merged[key] = value if replaces_whole else overlay(merged[key], value)
    return merged


_WHOLE = {"annual_spend"}  # a yearly series is one value, not a table of parameters
