"""Tasks in processes of their own: all done, what goes wrong is said, and Ctrl-C is the starter's business."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from abm.errors import InputError, Problem
from abm.processes import WorkerLost, in_processes

pytestmark = pytest.mark.filterwarnings("ignore:A worker stopped:UserWarning")


def note(file: Path) -> None:
    file.write_text(str(os.getpid()))


def refuse(number: int) -> None:
    if number == 3:
        raise InputError([Problem("number", number, "too odd")])


def die(number: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_all_is_done_elsewhere(tmp_path: Path) -> None:
    files = [tmp_path / str(number) for number in range(6)]
    done: list[Path] = []
    in_processes(note, files, 2, done.append)
    assert sorted(done) == files
    assert str(os.getpid()) not in {file.read_text() for file in files}


def test_nothing_to_do_is_done() -> None:
    in_processes(refuse, [], 2, print)


def test_an_error_comes_back_as_it_was() -> None:
    with pytest.raises(InputError, match="number = 3: too odd") as caught:
        in_processes(refuse, list(range(6)), 2, lambda _: None)
    assert caught.value.problems == [Problem("number", 3, "too odd")]


def test_a_lost_process_is_said() -> None:
    with pytest.raises(WorkerLost, match="ended from outside"):
        in_processes(die, [1], 2, lambda _: None)


_SLEEPY = """
import sys, time
from abm.processes import in_processes
from tests.test_processes import snore

print("ready", flush=True)
try:
    in_processes(snore, list(range(100)), 2, lambda number: print(number, flush=True))
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


def snore(number: int) -> None:
    time.sleep(0.2)


@pytest.mark.parametrize("starting", [True, False])
def test_ctrl_c_stops_after_the_tasks_at_hand(starting: bool) -> None:
    """Ctrl-C goes to the whole group of processes, while they start or later: nobody but the starter says a word."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SLEEPY], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    if starting:
        time.sleep(0.3)
    else:
        process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    said, complaints = process.communicate(timeout=60)
    assert said.splitlines()[-1] == "stopped"
    assert len(said.splitlines()) < 50
    assert complaints == ""
