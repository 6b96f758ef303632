"""Tables fit the terminal, and nothing of them is lost or torn where it is narrow."""

from io import StringIO

import pytest

from abm.cli import console
from abm.cli.console import Terminal
from abm.cli.plan_table import print_plan
from abm.cli.profile_tables import print_profile, print_profiles
from abm.cli.tables import print_figures, print_texts
from abm.experiment.allocation import Allocation
from abm.experiment.plan import Plan, TimingProbe
from abm.verify.check import Comparison
from abm.verify.terminal import WIDTH, comparison_line, comparison_lines

WIDTHS = pytest.mark.parametrize("width", [30, 40, 60, 80, 120])


@pytest.fixture
def page(width: int, monkeypatch: pytest.MonkeyPatch) -> StringIO:
    written = StringIO()
    terminal = Terminal(file=written, width=width, highlight=False)
    for place in ("abm.cli.console.terminal", "abm.cli.plan_table.terminal"):
        monkeypatch.setattr(place, terminal)
    return written


HEADINGS = ["extra GMV\nmeanwhile, US$ m", "adopters when\nit ends, thousand", "against\nbaseline, points"]


@WIDTHS
@pytest.mark.parametrize("total", [False, True])
def test_figures(width: int, total: bool, page: StringIO) -> None:
    rows = [["deals", "west", "+6,444.2 ±169.9", "53,867.0", "+0.123"], ["push", "east", "0", "", "-1.5 ±0.25"]]
    print_figures("A question?", ["scenario", "market"], HEADINGS, rows, total=total)
    text = page.getvalue()
    assert max(len(line) for line in text.splitlines()) <= width
    for word in " ".join(
        [*HEADINGS, "scenario" if width > 80 else "", *(cell for row in rows for cell in row)]
    ).split():
        assert word in text, "whole, wherever the line breaks"


@WIDTHS
def test_texts(width: int, page: StringIO) -> None:
    rows = [["southeast_asia", "370 m", "2021-02-04", "People who buy from live streams every week of the year."]]
    print_texts(["profile", "shoppers", "launch", "what it stands for"], rows, ["shoppers"])
    text = page.getvalue()
    assert max(len(line) for line in text.splitlines()) <= width
    for word in " ".join(rows[0]).split():
        assert word in text


@WIDTHS
def test_profiles(width: int, page: StringIO) -> None:
    print_profiles()
    print_profile("west")
    for word in ("southeast_asia", "Douyin:", "stands", "norm.strength"):
        assert word in page.getvalue()


@WIDTHS
def test_a_plan(width: int, page: StringIO) -> None:
    allocation = Allocation(2, 1, in_processes=False)
    print_plan(
        Plan(
            n_runs=4, n_consumers=600, consumer_weeks=144_000, allocation=allocation, bytes_needed=5e8,
            bytes_available=2e10, n_fitting=59_000_000, probe=TimingProbe(600, 60, 0.0, 0.0),
            seconds=(1.0, 2.0), refusal=None,
        )
    )  # fmt: skip
    lines = page.getvalue().splitlines()
    assert width >= 80 or max(len(line) for line in lines) <= width
    starts = [line.split()[0] for line in lines if not line.startswith(" ")]
    assert starts == ["runs", "consumers", "consumer-weeks", "memory", "time"], "what is wrapped is indented"


def test_a_comparison_with_theory_in_two_lines() -> None:
    comparison = Comparison("share of adopters", "0.5", "0.501", "± 0.01", passed=True)
    assert len(comparison_line(comparison)) <= WIDTH
    assert comparison_lines(comparison) == [
        "  share of adopters", "    expected 0.5, got 0.501, tolerance ± 0.01: holds"
    ]  # fmt: skip


@pytest.mark.parametrize(("columns", "narrow"), [(None, False), ("40", True), ("200", False)])
def test_a_file_is_as_wide_as_need_be(columns: str | None, narrow: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns:
        monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(console, "terminal", Terminal(file=StringIO()))
    assert console.is_narrower_than(140) == narrow
