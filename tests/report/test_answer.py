"""The sections on effects and the answer: their numbers are those of the comparison."""

import html
import re
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from abm.analysis.compare import compare
from abm.cli import app
from abm.experiment import parse_experiment
from abm.report import write_report
from abm.report.answer import people
from abm.report.outcomes import Outcomes
from abm.report.wording import dollars
from abm.runner import run
from abm.store import Results

DEAL = {"kind": "deals_for_you", "market": "us", "start": 30, "weeks": 2, "discount": 0.4, "reach": 0.9}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    config: dict[str, Any] = {
        "name": "story", "question": "Does <b>it</b> work?", "weeks": 100, "start": date(2023, 9, 11), "seed": 5,
        "replicates": 4, "markets": {"us": {"profile": "us", "consumers": 4000, "stockpile": {"ahead": 2.0}}},
        "target": {"market": "us", "year": 2024, "gmv_usd": 9e9},
        "scenarios": [
            {"name": "deals", "levers": [DEAL]},
            {"name": "subsidy", "levers": [{"kind": "subsidy", "market": "us", "start": 0, "discount": 0.5}]},
            {"name": "both", "extends": ["deals", "subsidy"]},
            {"name": "nothing", "levers": [{**DEAL, "discount": 0.0}]},
            {"name": "layoffs", "levers": [{"kind": "layoffs", "market": "us", "start": 30, "service": 0.2}]},
        ],
    }  # fmt: skip
    return run(parse_experiment(config), out=tmp_path_factory.mktemp("story"), workers=2)


@pytest.fixture(scope="module")
def page(results: Results) -> str:
    return write_report(results.path).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def answer(page: str) -> str:
    part = page[page.index('id="answer"') : page.index('id="made"')]
    return html.unescape(re.sub(r"<[^>]+>", "", part)).replace("\u00a0", " ")


def test_the_page_ends_with_the_answer_to_its_question(page: str, answer: str) -> None:
    assert page.index('id="forest"') < page.index('id="answer"')
    assert "<b>it</b> work?" in answer  # as text: escaped on the page
    assert "Does <b>it</b>" not in page
    assert "In short:" in answer
    assert "95 % intervals over 4 replicates" in answer


def test_the_answer_takes_its_numbers_from_the_comparison(results: Results, answer: str) -> None:
    comparison = compare(results)
    outcomes = Outcomes(comparison.effects, comparison.who)
    for measure in ("gmv_during", "gmv_after", "cost"):
        value = outcomes.of("deals", measure).value
        assert dollars(abs(value)).replace("\u00a0", " ") in answer
    assert people(outcomes.of("deals", "adopters_after").value).replace("\u00a0", " ") in answer
    assert "nothing changes nothing: every difference is exactly 0" in answer
    assert "it saves US$" in answer
    assert "who stocked up buys less" in answer
    assert "The parts of both together" in answer


def test_the_answer_says_whether_the_aim_is_reached(answer: str) -> None:
    assert "The aim was US$ 9.0 bn in the United States in 2024." in answer
    assert "It is reached by subsidy" in answer


def test_figures_show_timeline_forest_and_who_switches(page: str) -> None:
    for name in ("timeline", "forest", "who"):
        section = page[page.index(f'<section id="{name}"') :]
        section = section[: section.index("</section>")]
        assert section.count("<svg") >= 2
    assert "Stocking up, and the dip" in page


def test_the_command_prints_the_same_and_writes_csv(results: Results, tmp_path: Path) -> None:
    target = tmp_path / "effects.csv"
    done = CliRunner().invoke(app, ["compare", str(results.path), "--csv", str(target)], env={"COLUMNS": "200"})
    assert done.exit_code == 0
    for scenario in ("deals", "subsidy", "both", "nothing", "layoffs"):
        assert scenario in done.output
    assert "beyond the sum of its parts" in done.output
    written = pd.read_csv(target)
    assert written["value"].to_numpy() == pytest.approx(compare(results).effects["value"].to_numpy(), nan_ok=True)
