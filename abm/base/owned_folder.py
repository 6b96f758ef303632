"""Temporary folders that go with the process that made them: at its end, or, where it was killed, by a later one."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def owned_folder(prefix: str) -> Iterator[Path]:
    """Make a temporary folder and remove it afterwards; remove those of the same prefix that nobody owns any more.

    The owner holds a lock on the folder, which the system releases when the process ends, however it ends.

    Parameters
    ----------
    prefix : str
        Of the folder's name; for folders made by this function only.
    """
    _remove_abandoned(prefix)
    folder, lock = _make_locked(prefix)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _make_locked(prefix: str) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix))
        lock = _locked(folder)
        if lock is not None and folder.is_dir():
            return folder, lock  # else another process has just taken it for an abandoned one


def _remove_abandoned(prefix: str) -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        lock = _locked(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _locked(folder: Path) -> int | None:
    """Return a lock on a folder; None if it is gone, somebody else's, or a living process holds one."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
        else:
            return descriptor
    return None
