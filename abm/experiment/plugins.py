"""Plugins: files from outside the package that add a mechanism, a lever, a network family, an outcome or a market.

``plugins = ["privacy.py", "brazil.toml"]`` in a config names files relative to it: Python files register what they add
with the same decorators as the package itself, TOML files are market profiles. Installed packages name modules in the
entry-point group ``abm.plugins``.
"""

import hashlib
import sys
import traceback
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from abm.base.errors import InputError, Problem
from abm.base.registry import Registry, further_source
from abm.engine.dispatch.checking import compile_rules
from abm.engine.outcomes import OUTCOMES
from abm.levers import LEVERS
from abm.markets.profile import PROFILES, add_profile
from abm.mechanisms import MECHANISMS
from abm.networks import FAMILIES
from abm.numerics.jit import cache_in_use, keep_compiled_in

GROUP: Final = "abm.plugins"
_PREFIX: Final = "abm_plugin_"  # of the modules that plugins become
_REGISTRIES: Final[tuple[Registry, ...]] = (MECHANISMS, LEVERS, FAMILIES, OUTCOMES, PROFILES)  # type: ignore[type-arg]
_LOADED: Final[dict[Path, str]] = {}  # file -> hash of all its source; what is registered stays for the whole process
_CONTENT: Final[dict[Path, str]] = {}  # file -> hash of the file alone


def load_plugins(files: Iterable[str | Path], folder: Path = Path()) -> None:
    """Load plugins, each once in a process.

    Parameters
    ----------
    files : iterable of path
        Relative ones start from ``folder``.
    folder : Path

    Raises
    ------
    InputError
        With every plugin that cannot be loaded: file, line and what is wrong.
    """
    problems = []
    for file in files:
        try:
            load_plugin(folder / file, named=str(file))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)


def load_plugin(file: str | Path, *, named: str = "") -> None:
    """Load one plugin, unless it was loaded before; what it registers is there for the whole process.

    Parameters
    ----------
    file : path
        A Python file, or a market profile (TOML).
    named : str
        What messages call it; its path without it.

    Raises
    ------
    InputError
        There is no such file, it was changed since it was loaded, it cannot be run, what it registers is refused, or a
        rule in it cannot be compiled.
    """
    path, named = Path(file).resolve(), named or str(file)
    if not path.is_file() or path.suffix not in {".py", ".toml"}:
        reason = "no such file" if not path.is_file() else "a plugin is a .py file, or a market profile in .toml"
        raise InputError([Problem("plugins", named, reason)])
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    if path in _LOADED:
        if _CONTENT[path] != content:
            raise InputError([Problem("plugins", named, "was changed since it was loaded; start Python anew")])
        return
    before, cache = _registered(), cache_in_use()
    try:
        if path.suffix == ".toml":
            add_profile(path)
        else:
            _run(path, content)
        if _registered() == before:
            raise InputError([Problem("plugins", None, "registers nothing", str(file))])
        for name in MECHANISMS:
            if ("mechanism", name) not in before:
                compile_rules(name, str(file))
    except BaseException:
        _forget(before)
        if cache_in_use() != cache:
            keep_compiled_in(cache)
        raise
    source = b"" if path.suffix == ".toml" else further_source(f"{_PREFIX}{content[:16]}") or b""
    _LOADED[path], _CONTENT[path] = hashlib.sha256(content.encode() + source).hexdigest(), content


def load_in_worker(plugins: Sequence[Path], modules: Sequence[str]) -> None:
    """Load in a worker process what the process that started it has loaded.

    Parameters
    ----------
    plugins : sequence of path
    modules : sequence of str
        Those of ``further_modules``.
    """
    load_plugins(plugins)
    for name in modules:
        import_module(name)


def load_installed() -> None:
    """Load what installed packages name in the entry-point group ``abm.plugins``.

    Raises
    ------
    InputError
        A package's plugin cannot be loaded.
    """
    for name in _installed():
        try:
            import_module(name)
        except InputError as error:
            raise InputError(problem._replace(file=name) for problem in error.problems) from None
        except Exception as error:
            raise InputError([Problem("plugins", name, f"an installed plugin cannot be loaded: {error!r}")]) from None


@cache
def _installed() -> tuple[str, ...]:
    return tuple(point.module for point in entry_points(group=GROUP))


def loaded_plugins() -> tuple[Path, ...]:
    """Return the files that were loaded, in that order: a worker process loads the same."""
    return tuple(_LOADED)


def further_modules() -> list[str]:
    """Return the modules outside the package that have registered something, plugins apart: imported, or installed."""
    modules = {_home(item) for registry in _REGISTRIES for item in registry.values()}
    return sorted(name for name in modules if name and not name.startswith(("abm.", _PREFIX)) and name != "__main__")


def plugin_hashes() -> list[str]:
    """Return a hash of everything from outside that is registered, sorted: part of what a run's results depend on."""
    sources = [further_source(name) or b"" for name in further_modules()]
    return sorted([*_LOADED.values(), *(hashlib.sha256(source).hexdigest() for source in sources)])


def _home(item: Any) -> str:
    """Return the module in which something registered was written; profiles are files."""
    if isinstance(item, Path):
        return ""
    return str(getattr(getattr(item, "of", None) or getattr(item, "build", None) or item, "__module__", ""))


def _run(path: Path, content: str) -> ModuleType:
    """Run a file as a module whose name other processes can import after they loaded it, too."""
    name = f"{_PREFIX}{content[:16]}"
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except InputError as error:
        del sys.modules[name]
        raise InputError(problem._replace(file=str(path)) for problem in error.problems) from None
    except Exception as error:
        del sys.modules[name]
        reason = f"line {_line(error, path)}: {type(error).__name__}: {error}"
        raise InputError([Problem("plugins", None, reason, str(path))]) from None
    return module


def _line(error: Exception, path: Path) -> int:
    """Return the line of a file at which something went wrong."""
    if isinstance(error, SyntaxError) and error.lineno is not None:
        return error.lineno
    frames: Sequence[traceback.FrameSummary] = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 0 for frame in reversed(frames) if frame.filename == str(path)), 0)


def _registered() -> set[tuple[str, str]]:
    return {(registry.kind, name) for registry in _REGISTRIES for name in registry}


def _forget(before: set[tuple[str, str]]) -> None:
    """Take back what a plugin registered that could not be loaded."""
    for registry in _REGISTRIES:
        for name in [name for name in registry if (registry.kind, name) not in before]:
            registry.remove(name, used=False)  # refused before any week was compiled for it
