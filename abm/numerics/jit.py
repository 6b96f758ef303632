"""How functions are compiled; Python still runs every one of them as it is, line by line.

=========================== ==========================================================================================
``inline``                  small pure functions, which become part of the functions that call them
``device_function``         larger ones, which may stay functions of their own: compiled once, not once for each caller
``ast_inline``              functions that only call others; they become part of their caller before anything is
                            compiled, because to compile a week level by level would compile everything three times
``entry_point``             called from Python: releases Python's global lock, so that threads can share the work, and
                            is kept on disk between sessions
``entry_point_without_nrt`` the same without Numba's runtime: no references to arrays are counted, which halves the
                            time of a week, and nothing can be allocated: all arrays are parameters
``intrinsic``               functions that generate machine instructions
=========================== ==========================================================================================

Annotations of compiled functions are for readers and mypy: Numba infers its own types, and takes every ``int`` as int64
and every ``float`` as float64.

Numba notices a change only in the file that holds an entry point, not in what it calls; so the cache lives in a
folder named after all sources that are compiled. Division by zero gives 0 instead of an error (as NumPy's model has
it), because a check would keep loops from becoming vector instructions; callers guard it.
"""

import atexit
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numba
import numpy as np
from numba import njit
from numba.core.caching import NullCache
from numba.extending import overload, register_jitable

from abm.base.owned_folder import owned_folder

if TYPE_CHECKING:  # compiled functions say ``int`` where Numba has int64

    def int64(value: Any) -> int:
        """Return a number as int64."""
else:
    int64 = np.int64

COMPILED = ("engine", "mechanisms", "networks", "numerics", "verify")  # the folders with anything that is compiled


def source_hash(package: Path) -> str:
    """Return a hash over every Python source file from which compiled code is made."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(path for folder in COMPILED for path in (package / folder).rglob("*.py")):
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


def depend_on_source(source: bytes | None) -> None:
    """Keep what is compiled from now on apart: it depends on source code outside the package, too.

    Parameters
    ----------
    source : bytes or None
        The source code; None if it is not known (a notebook, a prompt): then nothing is kept on disk.
    """
    if source is None:
        keep_nothing_compiled()
    else:
        keep_compiled_in(cache_in_use() / f"with-{hashlib.sha256(source).hexdigest()[:16]}")


def keep_nothing_compiled() -> None:
    """Keep nothing on disk, beyond the life of this process, of what is compiled from now on."""
    numba.config.CACHE_DIR = _temporary_cache()  # for entry points that are declared later
    for function in _ENTRY_POINTS:
        function._cache = NullCache()  # what Numba itself gives a function without cache=True


@cache
def _temporary_cache() -> str:
    until_exit = ExitStack()
    atexit.register(until_exit.close)
    return str(until_exit.enter_context(owned_folder("abm-compiled-once-")))


def keep_compiled_in(folder: Path) -> None:
    """Keep what is compiled from now on in another folder."""
    numba.config.CACHE_DIR = str(folder)
    for function in _ENTRY_POINTS:
        function.enable_caching()


def cache_in_use() -> Path:
    """Return the folder in which compiled code is kept now."""
    return Path(numba.config.CACHE_DIR)


def use_private_cache(folder: Path, shared: Path) -> None:
    """Let this process keep what it compiles in a folder of its own, which begins with what is in the shared one.

    For processes side by side: to save a compiled function, Numba reads its index file, changes it and writes it back,
    so two processes that save at the same moment would mix up their files. Numba fixes a function's folder when the
    function is declared; call this before modules with compiled functions are imported.

    Parameters
    ----------
    folder : Path
        This process's own.
    shared : Path
        The one to begin with.
    """
    for file in shared.rglob("*.nb[ic]"):
        own = folder / file.relative_to(shared)
        own.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".nbi":  # an index, as it is now
            shutil.copyfile(file, own)
        else:  # compiled code; Numba replaces a file as a whole, so the link's target is never written to
            own.symlink_to(file)
    numba.config.CACHE_DIR = str(folder)


def mark_compiled(name: str) -> None:
    """Note, beside the compile cache, that something is now in it; nothing without compilation."""
    if not numba.config.DISABLE_JIT:
        _touch(cache_in_use() / f"{name}.compiled")


def is_compiled(name: str) -> bool:
    """Say whether ``mark_compiled`` was called with this name, in this process or an earlier one."""
    return (cache_in_use() / f"{name}.compiled").is_file()


@cache
def _touch(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()


_OPTIONS = {"error_model": "numpy", "no_cfunc_wrapper": True}  # nobody calls any of this from C
WITHOUT_NRT = {**_OPTIONS, "_nrt": False}


_ENTRY_POINTS: list[Any] = []  # Numba's dispatchers of all entry points


def _kept[F: Callable[..., Any]](dispatcher: F) -> F:
    if not numba.config.DISABLE_JIT:
        _ENTRY_POINTS.append(dispatcher)
    return dispatcher


def inline[F: Callable[..., Any]](function: F) -> F:
    """Let compiled code make a function part of itself."""
    register_jitable(forceinline=True, **WITHOUT_NRT)(function)
    return function


def device_function[F: Callable[..., Any]](function: F) -> F:
    """Let compiled code call a function."""
    register_jitable(forceinline=False, **WITHOUT_NRT)(function)  # said, or it would be taken over from the caller
    return function


def ast_inline[F: Callable[..., Any]](function: F) -> F:
    """Let a function become part of the compiled code that calls it before that is compiled."""
    return cast(F, njit(inline="always")(function))


def entry_point[F: Callable[..., Any]](function: F) -> F:
    """Compile a function that Python calls."""
    return _kept(cast(F, njit(nogil=True, cache=True, **_OPTIONS)(function)))


def entry_point_without_nrt[F: Callable[..., Any]](function: F) -> F:
    """Compile a function that Python calls and that allocates nothing."""
    return _kept(cast(F, njit(nogil=True, cache=True, **WITHOUT_NRT)(function)))


def intrinsic(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let compiled code use machine instructions that a function generates (Numba's ``intrinsic``)."""
    return cast(Callable[..., Any], numba.extending.intrinsic(function))


def specialized(plain: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Say what compiled code calls in place of ``plain``: a function put together from the types of its arguments.

    The decorated function is handed Numba's types of the arguments and returns the function to compile.
    """
    decorate: Callable[[Callable[..., Any]], Callable[..., Any]] = overload(
        plain, jit_options={**WITHOUT_NRT, "forceinline": True}, strict=False
    )
    return decorate
