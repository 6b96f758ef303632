"""Registries: where mechanisms, levers, network families, outcomes and market profiles are found by name.

Built-in ideas and those of plugins go through the same door: a decorator at the idea itself.
"""

import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from abm.base.errors import InputError, Problem, did_you_mean


class Registry[Item]:
    """Ideas of one kind by name, in the order in which they were registered.

    Parameters
    ----------
    kind : str
        What is registered, for messages: ``"mechanism"``, ``"lever"`` ...
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.n_removed = 0  # a name may stand for another item after one was removed
        self._items: dict[str, Item] = {}
        self._listeners: list[tuple[Callable[[str, Item], None], Callable[[str, Item], None]]] = []

    def add(self, name: str, item: Item) -> Item:
        """Register an item under its name and return it.

        Parameters
        ----------
        name : str
        item : what is registered

        Raises
        ------
        InputError
            The name is taken, or is not one that configs can use.
        """
        if not name.isidentifier() or name != name.lower():
            raise InputError([Problem(self.kind, name, "a name of lower-case letters, digits and _ is needed")])
        if name in self._items:
            article = "an" if self.kind[0] in "aeiou" else "a"
            raise InputError([Problem(self.kind, name, f"there is {article} {self.kind} of this name already")])
        self._items[name] = item
        try:
            for added, _ in self._listeners:
                added(name, item)
        except BaseException:
            del self._items[name]
            raise
        return item

    def remove(self, name: str, *, used: bool = True) -> None:
        """Forget an item, as tests do after themselves.

        Parameters
        ----------
        name : str
        used : bool
            Whether something may have been compiled for it: then another item of this name needs other classes.
        """
        item = self._items.pop(name)
        self.n_removed += used
        for _, removed in self._listeners:
            removed(name, item)

    def cache[**P, Result](self, function: Callable[P, Result]) -> Callable[P, Result]:
        """Remember what a function returns for names of items, until one comes or goes."""
        cached = cache(function)
        self.follow(lambda name, item: cached.cache_clear(), lambda name, item: cached.cache_clear())
        return cast(Callable[P, Result], cached)

    def follow(self, added: Callable[[str, Item], None], removed: Callable[[str, Item], None]) -> None:
        """Call ``added`` for every item that is there or comes later, and ``removed`` for every one that goes.

        Parameters
        ----------
        added, removed : function of (name, item)
        """
        for name, item in self._items.items():
            added(name, item)
        self._listeners.append((added, removed))

    def find(self, name: str, key: str | None = None) -> Item:
        """Return the item of a name; ``key`` is where the name was written, for the message.

        Parameters
        ----------
        name : str
        key : str, optional

        Raises
        ------
        InputError
            There is no such item; the message names the closest one.
        """
        if name not in self._items:
            raise InputError(
                [Problem(key or self.kind, name, f"no such {self.kind}; {did_you_mean(name, self._items)}")]
            )
        return self._items[name]

    def __getitem__(self, name: str) -> Item:
        return self._items[name]

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def values(self) -> Iterator[Item]:
        """Yield the items in order."""
        return iter(self._items.values())

    def items(self) -> Iterator[tuple[str, Item]]:
        """Yield names and items in order."""
        return iter(self._items.items())


def further_source(module: str, objects: Iterable[Any] = ()) -> bytes | None:
    """Return the source code that some objects of a module depend on, outside this package and installed ones.

    Parameters
    ----------
    module : str
        Where they are defined.
    objects : iterable
        Functions of it; what their modules import from files beside it counts as well.

    Returns
    -------
    bytes or None
        Names and texts of the files; None if there is no file of the module (a notebook, a prompt).
    """
    modules = [module, *(str(getattr(one, "__module__", module)) for one in objects)]
    texts: dict[str, bytes] = {}
    while modules:
        name = modules.pop()
        file = getattr(sys.modules.get(name), "__file__", None)
        if name in texts or not _is_further(name, file):
            continue
        if file is None or not Path(file).is_file():
            return None
        texts[name] = Path(file).read_bytes()
        for value in vars(sys.modules[name]).values():
            modules.append(value.__name__ if isinstance(value, ModuleType) else str(getattr(value, "__module__", name)))
    return b"".join(name.encode() + b"\0" + texts[name] for name in sorted(texts))


def _is_further(name: str, file: str | None) -> bool:
    """Say whether a module is neither of this package nor installed."""
    if name == "abm" or name.startswith("abm.") or name in sys.builtin_module_names or name not in sys.modules:
        return False
    installed = {Path(path).resolve() for path in sysconfig.get_paths().values()}
    return file is None or not installed & set(Path(file).resolve().parents)
