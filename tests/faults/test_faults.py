"""The catalogue stays plantable as the code changes, and planting does what it says.

All faults one after the other: ``python -m tests.faults``.
"""

import subprocess
from pathlib import Path

import pytest

from tests.faults.__main__ import ROOT, CannotPlant, chosen, main, noticed_by, plant
from tests.faults.catalogue import FAULTS
from tests.faults.fault import Fault


def test_there_are_enough_of_them() -> None:
    assert len(FAULTS) >= 20
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_text_occurs_exactly_once(fault: Fault) -> None:
    assert (ROOT / fault.file).read_text().count(fault.right) == 1
    assert fault.right != fault.wrong
    for test in fault.tests:
        if test.startswith("tests"):
            assert (ROOT / test).exists()


def test_planting(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("a = 1\nb = 1\n")
    fault = Fault("x", "code.py", "a = 1", "a = 2", ())
    assert plant(fault, tmp_path) == "a = 1\nb = 1\n"
    assert (tmp_path / "code.py").read_text() == "a = 2\nb = 1\n"
    for text in ("a = 1", "= ", "nothing"):
        with pytest.raises(CannotPlant):
            plant(fault._replace(right=text), tmp_path)


def done(status: int, out: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.CompletedProcess([], status, out, "")


def test_who_noticed() -> None:
    assert noticed_by(done(0, "1 passed")) == ""
    assert (
        noticed_by(done(1, "E   assert 1 == 2\nFAILED tests/test_x.py::test_y - assert")) == "tests/test_x.py::test_y"
    )
    for status, out in ((2, "interrupted"), (4, "no such file"), (5, "no tests ran"), (1, ""),
                        (1, "E   NameError: name\nFAILED tests/test_x.py::test_y")):  # fmt: skip
        with pytest.raises(CannotPlant):
            noticed_by(done(status, out))


def test_no_fault_of_that_name_is_a_failure() -> None:
    assert main(["no such fault"]) != 0


def test_faults_are_chosen_by_name_or_file() -> None:
    assert chosen([]) == list(FAULTS)
    assert {fault.file for fault in chosen(["abm/networks"])} == {f.file for f in FAULTS if "networks/" in f.file}
    assert [fault.name for fault in chosen(["nine rounds"])] == ["nine rounds of Philox"]


def test_the_list_tells_what_cannot_be_planted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(FAULTS)
    monkeypatch.setattr("tests.faults.__main__.FAULTS", (FAULTS[0]._replace(right="nowhere"),))
    assert main(["--list"]) == 2
    assert "text found 0 times" in capsys.readouterr().out


@pytest.mark.slow
def test_a_fault_is_noticed_and_another_text_is_not() -> None:
    assert main(["sign of the habit term"]) == 0
