"""An environment for each peer that needs packages which the project does not."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".benchmarks" / "environments"


class CannotBuild(Exception):
    """The packages of a peer are not to be had here."""


def python_of(name: str, packages: Sequence[str]) -> str:
    """Return the Python that runs a peer; its environment is built by uv when it is missing.

    Raises
    ------
    CannotBuild
    """
    if not packages:
        return sys.executable
    folder = FOLDER / name
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        _run("uv", "venv", "--quiet", "--clear", "--python", "3.12", str(folder))
        _run("uv", "pip", "install", "--quiet", "--python", str(python), *packages)
        (folder / "complete").touch()
    return str(python)


def _run(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise CannotBuild(f"{command[0]} is not installed") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise CannotBuild(lines[0] if lines else f"{command[0]} failed")
