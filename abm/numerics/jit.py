"""How functions are compiled, in one place.

Rules and routines are written for compiled code; Python still runs them as they are, line by line. ``rule`` marks small
pure functions, which become part of whoever calls them. ``routine`` marks larger ones, which may stay functions of
their own, and ``stage`` those that only call others: they become part of their caller before anything is compiled,
because to compile a week level by level would compile everything three times.
``compiled`` marks the entry points called from Python: these run without Python's global lock (so threads can share a
week) and are kept on disk between sessions. Numba notices a change only in the file that holds an entry point, not in
the rules it calls; so the cache lives in a folder named after all sources. ``bare`` entry points count no references to
arrays, which halves the time of a week, and so can allocate nothing: they are handed all their arrays. The same holds
for rules and routines. Division by zero gives 0 instead of an error (as NumPy's model has it), because a check would
keep loops from becoming vector instructions; rules guard it.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba import njit
from numba.extending import register_jitable


def source_hash(package: Path) -> str:
    """Return a hash over every Python source file of the package."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder(package: Path) -> Path:
    """Return where compiled code is kept: under NUMBA_CACHE_DIR, XDG_CACHE_HOME or ~/.cache; else temporary."""
    base = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    root = Path(base) if base else Path.home() / ".cache"
    if not os.access(root if root.exists() else root.parent, os.W_OK):
        root = Path(tempfile.gettempdir())
    return root / "abm-compiled" / source_hash(package)


numba.config.CACHE_DIR = str(cache_folder(Path(__file__).parents[1]))


_PLAIN = {"error_model": "numpy", "no_cfunc_wrapper": True}  # nobody calls any of this from C
_BARE = {**_PLAIN, "_nrt": False}


def rule(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let compiled code make a function part of itself."""
    register_jitable(forceinline=True, **_BARE)(function)
    return function


def routine(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let compiled code call a function."""
    register_jitable(forceinline=False, **_BARE)(function)  # said, or it would be taken over from the caller
    return function


stage: Callable[..., Any] = njit(inline="always")
compiled: Callable[..., Any] = njit(nogil=True, cache=True, **_PLAIN)
bare: Callable[..., Any] = njit(nogil=True, cache=True, **_BARE)
