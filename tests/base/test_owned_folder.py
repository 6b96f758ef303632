"""Temporary folders: removed by their owner, or by a later one if the owner is gone, and by nobody else."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from abm.base.owned_folder import owned_folder

OWNER = """
import os, sys
from abm.base.owned_folder import owned_folder
with owned_folder("mine-") as folder:
    (folder / "file").touch()
    print(folder, flush=True)
    sys.stdin.readline()
    os._exit(1)  # as if it was killed
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_it_is_there_only_within(temporary: Path) -> None:
    with owned_folder("mine-") as folder:
        (folder / "deep").mkdir()
        (folder / "deep" / "file").touch()
        assert folder.parent == temporary
    assert not folder.exists()
    with pytest.raises(ZeroDivisionError), owned_folder("mine-") as folder:
        raise ZeroDivisionError
    assert list(temporary.iterdir()) == []


def test_two_at_a_time_leave_each_other_alone() -> None:
    with owned_folder("mine-") as first, owned_folder("mine-") as second:
        assert first != second
        assert first.is_dir()
        assert second.is_dir()


def test_those_of_living_processes_stay_and_those_of_dead_ones_go(temporary: Path) -> None:
    (temporary / "other-1").mkdir()
    (temporary / "mine-file").touch()
    (temporary / "mine-link").symlink_to(temporary / "other-1")
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        theirs = Path(owner.stdout.readline().strip())
        with owned_folder("mine-"):
            assert theirs.is_dir()
        owner.communicate("end\n")
    assert theirs.is_dir()
    with owned_folder("mine-"):
        assert not theirs.exists()
    assert {file.name for file in temporary.iterdir()} == {"other-1", "mine-file", "mine-link"}
