"""Output in any encoding, into pipes that close, and where there is no terminal."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFIG = 'name = "x"\nquestion = "直播 — “how far”?"\nweeks = 3\nreplicates = 2\n[markets.us]\nconsumers = 50\n'
ABM = (sys.executable, "-c", "from abm.cli.app import main; main()")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "c.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def abm(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    env = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON"))}
    return subprocess.run([*ABM, *words], cwd=cwd, env=env | environment, capture_output=True, check=False, timeout=300)


LOCALE_C = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize(
    "environment", [{"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "utf-16"}, LOCALE_C], ids=str
)
def test_every_command_survives_any_encoding(environment: dict[str, str], folder: Path) -> None:
    question = ["--set", 'question="‘é–直’"']
    for words in (["run", "c.toml", *question], ["validate", "c.toml"], ["markets", "asia"], ["compare", "results/x"],
                  ["validate", "直.toml"], ["report", "results/x"]):  # fmt: skip
        done = abm(*words, cwd=folder, **environment)
        assert b"Traceback" not in done.stderr
        assert done.returncode == (2 if "直.toml" in words else 0), done.stderr
    page = (folder / "results" / "x" / "report.html").read_text(encoding="utf-8")
    assert "‘é–直’" in page


def test_signs_that_an_encoding_lacks_have_plain_ones_in_their_place(folder: Path) -> None:
    shown = abm("run", "c.toml", cwd=folder, PYTHONIOENCODING="ascii").stdout.decode("ascii")
    assert '?? - "how far"?' in shown
    assert "+-" in shown


@pytest.mark.skipif(sys.platform == "win32", reason="bytes in file names")
def test_a_file_name_that_is_no_text(folder: Path) -> None:
    name = os.fsdecode(b"caf\xe9.toml")
    (folder / "c.toml").rename(folder / name)
    done = abm("run", name, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert abm("compare", "results/x", cwd=folder).returncode == 0


@pytest.mark.parametrize(
    "words", [["run", "c.toml"], ["markets"], ["schema"], ["--help"], ["markets", "west"]], ids=str
)
@pytest.mark.parametrize("both", [False, True])
def test_a_pipe_that_closes_ends_quietly(words: list[str], both: bool, folder: Path) -> None:
    if words[0] == "run":
        abm(*words, cwd=folder)  # what it simulates is not the matter here
        (folder / "results" / "x" / "report.html").unlink()
    read, write = os.pipe()
    os.close(read)
    with open(write, "wb") as pipe:  # noqa: PTH123 - a descriptor
        done = subprocess.run(
            [*ABM, *words], cwd=folder, stdout=pipe, stderr=pipe if both else subprocess.PIPE, check=False, timeout=300
        )
    assert not done.stderr
    assert done.returncode in ({0, 1} if words == ["--help"] else {0})
    assert words[0] != "run" or (folder / "results" / "x" / "report.html").is_file()


def test_without_a_terminal_progress_is_lines_and_nothing_is_coloured(folder: Path) -> None:
    done = abm("run", "c.toml", cwd=folder)
    assert done.stderr.decode().splitlines()[-1].startswith("simulating: 100 %, ")
    for stream in (done.stdout, done.stderr):
        assert b"\x1b" not in stream
        assert b"\r" not in stream
    assert abm("run", "c.toml", cwd=folder).stderr == b"", "nothing was left to simulate"
