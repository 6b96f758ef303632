"""Tasks in processes of their own: all done, what goes wrong is said, and Ctrl-C is the starter's business."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from abm.errors import InputError, Problem
from abm.experiment.process_pool import WorkerLost, in_processes

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
import signal, sys
from abm.experiment.process_pool import in_processes
from tests.experiment.test_process_pool import snore

signal.signal(signal.SIGINT, signal.default_int_handler)  # who starts the tests may ignore it
print("ready", flush=True)
try:
    in_processes(snore, list(range(100)), 2, lambda number: print(number, flush=True))
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


def snore(number: int) -> int:
    time.sleep(0.2)
    return os.getpid()


def sleepy() -> subprocess.Popen[str]:
    """Start a program that does tasks in processes, the first in a group of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SLEEPY], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def group_is_gone(group: int, seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("after", [0.3, None])
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_stops_at_once(after: float | None, times: int) -> None:
    """Ctrl-C goes to the whole group of processes, while they start or later: nobody but the starter says a word."""
    process = sleepy()
    if after is None:
        assert process.stdout is not None
        process.stdout.readline()
    else:
        time.sleep(after)
    for _ in range(times):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.01)
    said, complaints = process.communicate(timeout=60)
    assert said.splitlines()[-1] == "stopped"
    assert len(said.splitlines()) < 20
    assert complaints == ""
    assert group_is_gone(process.pid)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_processes_end_with_the_one_that_started_them(how: signal.Signals) -> None:
    process = sleepy()
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(how)
    process.communicate(timeout=60)
    assert group_is_gone(process.pid)
