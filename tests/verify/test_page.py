"""The page and the command: everything is told, nothing is loaded, and a failure is a failure."""

import re
import sys
from pathlib import Path

import pytest

import abm.verify
from abm.cli.app import main
from abm.verify.check import Check, CheckSettings, Comparison, Plot, Series, equal, near
from abm.verify.page import render_page, write_page

PLOT = Plot(
    "A <plot>", "week", "share",
    [
        Series("theory & more", [0, 1, 2], [0.0, 0.5, 1.0], "theory"), Series("", [0, 1, 2], [0.0, 0.6, 1.0]),
        Series("edge", [1.5], [0.0], "limit", 1), Series("close", [0, 1, 2], [0.0, 0.4, 0.99], "theory", 2),
    ],
    "Rounded & small.",
)  # fmt: skip


def check(line: int, *comparisons: Comparison) -> Check:
    return Check(line, f"Check {line}", "Somebody (1999)", "x' = f(x) < 1", comparisons, [PLOT])


GOOD, BAD = check(1, near("a number", 1.0, 1.01, 0.1)), check(2, equal("a <count>", 3, 4), equal("b", 1, 1))


def test_page_tells_everything_and_loads_nothing() -> None:
    page = render_page([(GOOD, 0.5), (BAD, 1.25)], CheckSettings.quick())
    assert "1 of 3 comparisons fail" in page
    assert "a &lt;count&gt;" in page
    assert "<count>" not in page
    assert "Check 2: a &lt;count&gt;: expected 3, got 4" in page
    assert page.count("<svg") == 2
    assert "Dashed: edge. Rounded &amp; small." in page
    assert not re.search(r'(src|href)="(?!#)', page)
    assert "@import" not in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_page_of_success() -> None:
    page = render_page([(GOOD, 0.5)], CheckSettings())
    assert "All 1 comparisons hold" in page
    assert "FAILS" not in page


def test_page_is_written_into_a_new_folder(tmp_path: Path) -> None:
    target = write_page([(GOOD, 0.5)], CheckSettings(), tmp_path / "some" / "where")
    assert target.read_text().startswith("<!DOCTYPE html>")


def command(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["abm", "verify", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.mark.parametrize(("checks", "status"), [([GOOD], 0), ([GOOD, BAD], 1), ([check(3)], 1)])
def test_status_is_that_of_the_checks(
    checks: list[Check],
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(abm.verify, "CHECKS", [lambda settings, done=done: done for done in checks])
    assert command(monkeypatch, "--quick", "--out", str(tmp_path)) == status
    said = capsys.readouterr().out
    assert ("FAILS" in said) == (checks[-1] is BAD)
    assert "comparisons hold" in said
    assert (tmp_path / "verification.html").is_file()


def test_effort_and_seed_are_passed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen = []
    monkeypatch.setattr(abm.verify, "CHECKS", [lambda settings: seen.append(settings) or GOOD])
    command(monkeypatch, "--quick", "--seed", "7", "--out", str(tmp_path))
    command(monkeypatch, "--seed", "9", "--out", str(tmp_path))
    assert seen == [CheckSettings.quick(7), CheckSettings(seed=9)]


def test_a_folder_that_cannot_be_made_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert command(monkeypatch, "--out", str(tmp_path / "file")) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
