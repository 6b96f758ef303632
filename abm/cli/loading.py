"""Importing what a command needs, without looking for garbage meanwhile.

Imports make hundreds of thousands of objects that stay. To search them for garbage again and again takes a quarter of
a short command's time; so nothing is searched while they come, and they are not searched later.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Import inside: what has come by the end is taken to stay."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
