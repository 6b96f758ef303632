"""One folder of files for each configuration, and stable links to the newest: old files never mix into a glob.

``results/x/configurations/<hash>/`` holds what one configuration made. ``results/x/latest`` is a link to the newest,
and ``results/x/runs`` (and so on) are links through it, so all of them change over at once.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from abm.experiment.result_files import ADOPTION_BY_GROUP, LEDGER, RUNS, configuration_folder, part_file, write_whole

LATEST: Final = "latest"


def stored_runs(home: Path) -> dict[str, Path]:
    """Return the folder that holds each finished run, by key: a configuration's own, or another beside it.

    Parameters
    ----------
    home : Path
        Folder of a configuration, or any folder with ``runs``.
    """
    beside = home.parent.glob("*") if _is_configuration(home) else ()
    folders = [*(folder for folder in beside if folder != home), home]  # its own come last, and so count
    return {file.stem: folder for folder in folders for file in (folder / RUNS).glob("*.parquet")}


def take_over(home: Path, keys: Iterable[str]) -> None:
    """Bring runs that other configurations of the folder have finished into this one, without a second copy on disk.

    Parameters
    ----------
    home : Path
        Folder of the configuration.
    keys : iterable of str
        Its runs.
    """
    stored = stored_runs(home)
    for key in keys:
        source = stored.get(key, home)
        if source != home and _is_readable(part_file(source, RUNS, key)):
            for part in (ADOPTION_BY_GROUP, LEDGER, RUNS):  # a run counts as finished by its file in runs
                _share(part_file(source, part, key), part_file(home, part, key))


def publish(folder: Path, home: Path) -> list[str]:
    """Make the files of a configuration those that are found in the folder itself.

    Parameters
    ----------
    folder : Path
        Such as ``results/x``.
    home : Path
        Folder of the configuration in it.

    Returns
    -------
    list of str
        What users should know: that links cannot be made there, and where the files are.
    """
    names = sorted(path.name for path in home.iterdir() if not path.name.startswith("."))
    for path in folder.iterdir():
        if path.is_symlink() and path.readlink().parts[:1] == (LATEST,) and path.name not in names:
            path.unlink()  # of an earlier configuration that had more
    try:
        _link(folder / LATEST, home.relative_to(folder))
    except OSError as error:
        _set_aside(path for name in names if (path := folder / name).is_dir())
        for path in (path for path in home.iterdir() if path.is_file() and path.name in names):
            write_whole(folder / path.name, lambda file, path=path: shutil.copyfile(path, file))  # type: ignore[misc]
        reason = error.strerror or str(error)
        return [f"links cannot be made in {folder} ({reason}): the files of single runs are in {home}"]
    _set_aside(path for name in names if (path := folder / name).exists() and not path.is_symlink())
    for name in names:
        _link(folder / name, Path(LATEST, name))
    return []


def _link(path: Path, target: Path) -> None:
    """Make a relative link, or make it lead elsewhere, at once."""
    if path.is_symlink() and path.readlink() == target:
        return
    new = path.with_name(f".{path.name}.{os.getpid()}.link")
    new.unlink(missing_ok=True)
    new.symlink_to(target, target_is_directory=(path.parent / target).is_dir())
    new.replace(path)


def _set_aside(paths: Iterable[Path]) -> None:
    """Keep files that stand where links will be, of a version that had no configurations, as one more of these."""
    found = list(paths)
    if not found:
        return
    folder = configuration_folder(found[0].parent, "earlier")
    folder.mkdir(parents=True, exist_ok=True)
    kept = Path(tempfile.mkdtemp(dir=folder.parent, prefix="earlier-")) if any(folder.iterdir()) else folder
    for path in found:
        path.rename(kept / path.name)


def _share(source: Path, target: Path) -> None:
    if not source.is_file():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:  # another file system, or one without hard links
        write_whole(target, lambda file: shutil.copyfile(source, file))


def _is_readable(file: Path) -> bool:
    try:
        pq.read_metadata(file)
    except (OSError, pa.ArrowInvalid):
        return False
    return True


def _is_configuration(home: Path) -> bool:
    return home == configuration_folder(home.parents[1], home.name)
