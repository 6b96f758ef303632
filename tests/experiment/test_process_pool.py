"""Calls in worker processes: all done, errors are reported, Ctrl-C is the starter's business, caches are private."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numba
import pytest

from abm.base.errors import InputError, Problem
from abm.experiment.process_pool import WorkerLost, run_in_processes
from tests.experiment import compiled_example

pytestmark = pytest.mark.filterwarnings("ignore:A worker stopped:UserWarning")

PATIENCE = 300.0  # seconds; only a test that fails waits so long


def write_process_id(file: Path) -> None:
    file.write_text(str(os.getpid()))


def refuse(number: int) -> None:
    if number == 3:
        raise InputError([Problem("number", number, "too odd")])


def die(number: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_all_calls_are_made_in_other_processes(tmp_path: Path) -> None:
    files = [tmp_path / str(number) for number in range(6)]
    done: list[Path] = []
    run_in_processes(write_process_id, files, 2, done.append)
    assert sorted(done) == files
    assert str(os.getpid()) not in {file.read_text() for file in files}


def test_without_items_nothing_happens() -> None:
    run_in_processes(refuse, [], 2, print)


def test_an_error_arrives_unchanged() -> None:
    with pytest.raises(InputError, match="number = 3: too odd") as caught:
        run_in_processes(refuse, list(range(6)), 2, lambda _: None)
    assert caught.value.problems == [Problem("number", 3, "too odd")]


def test_a_lost_process_is_reported() -> None:
    with pytest.raises(WorkerLost, match="ended from outside"):
        run_in_processes(die, [1], 2, lambda _: None)


def start_sleepers(temporary: Path, n_brief: int = 2) -> subprocess.Popen[str]:
    """Start a program with worker processes, the first in a group of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.experiment.sleepers", str(n_brief)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, cwd=Path(__file__).parents[2], env=os.environ | {"TMPDIR": str(temporary)},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def wait_until_busy(process: subprocess.Popen[str]) -> None:
    """Wait until both short calls are done: the long ones have begun, or are about to."""
    assert process.stdout is not None
    assert [process.stdout.readline() for _ in range(2)] == ["done\n"] * 2


def group_is_gone(group: int) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def caches(temporary: Path) -> list[Path]:
    return list(temporary.glob("abm-worker-caches-*"))


@pytest.mark.parametrize("after", [0.0, 0.1, 0.3, None])
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_stops_at_once(after: float | None, times: int, tmp_path: Path) -> None:
    """Ctrl-C goes to the whole group of processes, while they start or later: only the starter prints.

    However busy the machine is: it counts whenever it comes, and what was not stopped would take an hour.
    """
    process = start_sleepers(tmp_path)
    if after is None:
        wait_until_busy(process)
    else:
        time.sleep(after)
    for _ in range(times):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.01)
    said, complaints = process.communicate(timeout=PATIENCE)
    assert said.splitlines()[-1] == "stopped"
    assert complaints == ""
    assert group_is_gone(process.pid)
    assert caches(tmp_path) == []


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_processes_end_with_the_one_that_started_them(how: signal.Signals, tmp_path: Path) -> None:
    process = start_sleepers(tmp_path)
    wait_until_busy(process)
    process.send_signal(how)
    process.communicate(timeout=PATIENCE)
    assert group_is_gone(process.pid)
    assert caches(tmp_path) == []


def test_the_end_leaves_no_folder(tmp_path: Path) -> None:
    said, complaints = start_sleepers(tmp_path, n_brief=9).communicate(timeout=PATIENCE)
    assert (said.splitlines(), complaints) == (["done"] * 9, "")
    assert caches(tmp_path) == []


def test_what_killed_processes_leave_a_later_start_removes(tmp_path: Path) -> None:
    """But nothing of those that live."""
    killed, alive = start_sleepers(tmp_path), start_sleepers(tmp_path)
    for process in (killed, alive):
        wait_until_busy(process)
    assert len(caches(tmp_path)) == 2
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate(timeout=PATIENCE)
    assert group_is_gone(killed.pid)
    assert len(caches(tmp_path)) == 2
    start_sleepers(tmp_path, n_brief=9).communicate(timeout=PATIENCE)
    assert len(caches(tmp_path)) == 1
    os.killpg(alive.pid, signal.SIGKILL)
    alive.communicate(timeout=PATIENCE)


@pytest.mark.parametrize("function", [refuse, die])
def test_errors_leave_no_folder(
    function: Callable[[int], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises((InputError, WorkerLost)):
        run_in_processes(function, list(range(6)), 2, lambda _: None)
    assert caches(tmp_path) == []


@pytest.mark.needs_compiled
def test_workers_that_compile_at_the_same_time_have_caches_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each loads what is compiled already and saves what is not where nobody else does; the results are right."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "shared"))
    compiled_example.compile_in_another_process(1)
    before = {file: file.read_bytes() for file in (tmp_path / "shared").rglob("*") if file.is_file()}
    assert {file.suffix for file in before} == {".nbi", ".nbc"}
    items = [(tmp_path / str(i), 1 + i % 4) for i in range(8)]
    run_in_processes(compiled_example.write_doubles, items, 4, lambda _: None)
    reports = [json.loads(folder.read_text()) for folder, _ in items]
    assert all(report["right"] for report in reports)
    assert len({report["cache"] for report in reports}) == len({report["process"] for report in reports}) > 1
    assert not any(report["cache"].startswith(str(tmp_path / "shared")) for report in reports)
    first = [report for report, (_, n_dimensions) in zip(reports, items, strict=True) if n_dimensions == 1]
    assert all(report["loaded"] for report in first), "compiled before, so not compiled again"
    assert not any(Path(report["cache"]).exists() for report in reports), "removed with the processes"
    assert before == {file: file.read_bytes() for file in (tmp_path / "shared").rglob("*") if file.is_file()}
