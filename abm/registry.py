"""Registries: where mechanisms, levers, network families, outcomes and market profiles are found by name.

Built-in ideas and those of plugins go through the same door: a decorator at the idea itself.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import cast

from abm.errors import InputError, Problem, did_you_mean


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
            raise InputError([Problem(self.kind, name, f"there is a {self.kind} of this name already")])
        self._items[name] = item
        for added, _ in self._listeners:
            added(name, item)
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
        """Remember what a function returns for names of items, until one of these is removed."""
        cached = cache(function)
        self.follow(lambda name, item: None, lambda name, item: cached.cache_clear())
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
