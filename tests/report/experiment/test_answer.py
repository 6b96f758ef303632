"""The sections on effects and the answer: their numbers are those of the comparison."""

import html
import re
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from abm.analysis.effects.compare import compare
from abm.analysis.effects.estimate import Estimate
from abm.api import run
from abm.cli.app import app
from abm.experiment.config import parse_experiment
from abm.experiment.results import Results
from abm.report import write_report
from abm.report.experiment.point_results import split
from abm.report.experiment.scenario_effects import ScenarioEffects
from abm.report.experiment.switchers import switchers_section
from abm.report.text.amounts import money, people

pytestmark = pytest.mark.needs_compiled

DEAL = {"kind": "deals_for_you", "market": "us", "start": 30, "weeks": 2, "discount": 0.4, "reach": 0.9}

LAYOFFS = {"kind": "layoffs", "market": "us", "start": 30, "service": 0.2}


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
            {"name": "layoffs", "levers": [LAYOFFS]},
            {"name": "deeper", "extends": "layoffs", "levers": [LAYOFFS]},
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
    assert "moves sales in the United States most" in answer
    assert "95 % intervals over 4 replicates" in answer


def test_the_answer_takes_its_numbers_from_the_comparison(results: Results, answer: str) -> None:
    comparison = compare(results)
    effects = ScenarioEffects(comparison.effects, comparison.by_group)
    for measure in ("gmv_during", "gmv_after", "cost"):
        assert money(effects.of("deals", measure)).replace("\u00a0", " ") in answer
    assert people(effects.of("deals", "adopters_after")).replace("\u00a0", " ") in answer
    assert "It changes nothing: every difference is exactly 0." in answer
    assert "It saves US$" in answer
    assert "Having stocked up, people buy US$" in answer
    assert "Together its parts sell" in answer


def test_the_answer_says_whether_the_aim_is_reached(answer: str) -> None:
    assert "The aim was US$ 9.0 bn in the United States in 2024." in answer
    assert "It is reached by \u201csubsidy\u201d" in answer


def test_a_scenario_that_builds_on_another_is_set_against_it(results: Results, answer: str) -> None:
    table = results.table.groupby(["scenario", "replicate"])["gmv_usd"].sum()
    more = (table["deeper"] - table["layoffs"]).mean()
    assert more < 0
    assert f"{money(Estimate(more, more, more))} (".replace("\u00a0", " ") in answer
    assert "less than \u201clayoffs\u201d, on which it builds" in answer


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


def test_who_switches_is_shown_once_where_it_was_counted_once(results: Results) -> None:
    """Levers that never end, or whose budget runs dry: both counts are made at the end of the run."""
    comparison = compare(results)
    shown = split(results.table, results.manifest)[0]
    once = switchers_section(
        shown, ScenarioEffects(comparison.effects, comparison.by_group)
    )  # one of the levers never ends
    earlier = comparison.by_group.copy()
    earlier.loc[earlier["moment"] == "after", ["value", "low", "high"]] *= 2
    twice = switchers_section(shown, ScenarioEffects(comparison.effects, earlier))
    assert twice is not None
    assert once is not None
    assert [when for _, when in twice.legend] == ["when all levers have ended", "at the end of the run"]
    assert [when for _, when in once.legend] == ["at the end of the run"]
    assert "when all levers have ended" not in once.takeaway
    assert "first count" in twice.caption
    assert "first count" not in once.caption
