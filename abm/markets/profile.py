"""Market profiles: parameter values with the evidence for each, shipped as TOML in ``abm/markets/profiles``."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from abm.errors import InputError, Problem, did_you_mean


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


def profile_names() -> list[str]:
    """Return the names of all shipped profiles, sorted."""
    folder = resources.files("abm.markets") / "profiles"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


@cache
def load_profile(name: str) -> Profile:
    """Read a shipped profile, with what it inherits.

    Raises
    ------
    InputError
        There is no profile of this name.
    """
    if name not in profile_names():
        raise InputError([Problem("profile", name, f"no such profile; {did_you_mean(name, profile_names())}")])
    text = (resources.files("abm.markets") / "profiles" / f"{name}.toml").read_text(encoding="utf-8")
    own = tomllib.loads(text)
    evidence = {path: Evidence(**entry) for path, entry in own.get("evidence", {}).items()}
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
