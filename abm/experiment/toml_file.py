"""Reading TOML configs: inheritance with ``extends`` and single values replaced with ``--set``."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from abm.base.errors import InputError, Problem
from abm.experiment.config_paths import replaced
from abm.markets.profile import overlay


def read_config(path: Path, overrides: Sequence[str] = ()) -> dict[str, Any]:
    """Return a config as nested tables, with what it inherits and with ``overrides`` laid over it.

    Parameters
    ----------
    path : Path
    overrides : sequence of str
        Such as ``"markets.us.norm.strength=2"``.

    Raises
    ------
    InputError
        The file is missing or not TOML, ``extends`` runs in a circle, or an override is malformed.
    """
    values = _read(path, ())
    problems = []
    for override in overrides:
        try:
            values = replaced(values, *parse_override(override))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return values


def plain_name(name: str) -> str:
    """Return ``name`` if it can name a file everywhere.

    Raises
    ------
    ValueError
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,63}", name):
        raise ValueError(f"{name!r}: letters, digits, _ and - only, at most 64")
    return name


def parse_override(text: str) -> tuple[str, Any]:
    """Return ``"a.b=1"`` as the path ``"a.b"`` and its value, which is TOML, or plain text where it is not.

    Raises
    ------
    InputError
        There is no ``=`` or no key.
    """
    path, equals, value = text.partition("=")
    keys = [key.strip(" \t\"'") for key in path.split(".")]
    if not equals or not all(keys):
        raise InputError([Problem("--set", text, "must look like markets.us.norm.strength=2")])
    try:
        parsed = tomllib.loads(f"value = {value.strip()}")["value"]
    except tomllib.TOMLDecodeError:
        parsed = value.strip()
    return ".".join(keys), parsed


def _read(path: Path, readers: tuple[Path, ...]) -> dict[str, Any]:
    resolved = path.resolve()
    if resolved in readers:
        chain = " -> ".join(reader.name for reader in (*readers, resolved))
        raise InputError([Problem("extends", None, f"runs in a circle: {chain}", str(path))])
    own = _parse(path)
    if not isinstance(own.get("extends"), str):
        return own
    parent = _read(path.parent / own["extends"], (*readers, resolved))
    if isinstance(parent.get("plugins"), list):
        parent["plugins"] = [
            _from(file, path.parent / own["extends"], path) if isinstance(file, str) else file
            for file in parent["plugins"]
        ]
    for value in _table(parent.get("markets")).values():
        _make_relative(value, path.parent / own["extends"], path)
    if isinstance(parent.get("sweep"), dict):
        parent["sweep"] = _sweep_from(parent["sweep"], path.parent / own["extends"], path)
    return overlay(parent, own)


def _parse(path: Path) -> dict[str, Any]:
    if not path.is_file():
        reason = "is a folder, not a config file" if path.is_dir() else "no such file"
        raise InputError([Problem("", None, reason, str(path))])
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # some editors put a byte-order mark in front
    except UnicodeDecodeError as error:
        raise InputError([Problem("", None, f"must be saved as UTF-8 ({error})", str(path))]) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError([Problem("", None, f"not valid TOML: {error}", str(path))]) from None
    except OSError as error:
        raise InputError([Problem("", None, f"cannot be read: {error.strerror}", str(path))]) from None


def _make_relative(market: Any, parent: Path, child: Path) -> None:
    """Keep an inherited edge list's path pointing where the parent meant it."""
    network = _table(_table(market).get("network"))
    if isinstance(network.get("file"), str):
        network["file"] = _from(network["file"], parent, child)


def _sweep_from(sweep: dict[str, Any], parent: Path, child: Path) -> dict[str, Any]:
    """Return an inherited sweep whose edge lists are those that the parent meant."""

    def moved(key: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {inner: moved(f"{key}.{inner}", part) for inner, part in value.items()}
        if isinstance(value, list):
            return [moved("" if isinstance(part, dict) else key, part) for part in value]
        return _from(value, parent, child) if key.endswith("network.file") and isinstance(value, str) else value

    return {key: moved(key, value) for key, value in sweep.items()}


def _from(file: str, parent: Path, child: Path) -> str:
    """Return the path of a file that a config names, as another config has to name it."""
    return str((parent.parent / file).resolve().relative_to(child.parent.resolve(), walk_up=True))


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
