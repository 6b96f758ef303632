"""The pages of abm explain and abm tip, on small real runs."""

from pathlib import Path

import pandas as pd
import pytest

from abm.analysis.explain.explain import ExplainQuestion, explain_gap
from abm.analysis.tipping.hysteresis import Ramp
from abm.analysis.tipping.lever_mix import LeverMix
from abm.analysis.tipping.phase_diagram import Axis
from abm.analysis.tipping.question import TipQuestion
from abm.analysis.tipping.tip import tip
from abm.base.errors import InputError, ResultsError
from abm.experiment.config import parse_experiment
from abm.report.explain import findings as explain_findings
from abm.report.explain import text as explain_text
from abm.report.explain.page import write_explain
from abm.report.tipping import findings as tip_findings
from abm.report.tipping import text as tip_text
from abm.report.tipping.page import write_tip

pytestmark = pytest.mark.needs_compiled

MARKET = {"profile": "west", "consumers": 300, "launch": 4}


def pair(high: dict, replicates: int = 2):
    markets = {"a": MARKET, "b": {**MARKET, **high}}
    return parse_experiment(
        {"name": "small", "weeks": 60, "replicates": replicates, "question": "Why <so>?", "markets": markets}
    )


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("explained")
    explain_gap(
        pair({"norm": {"strength": 3.0}, "preference": {"mean": -1.5}}), ExplainQuestion(horizon=104), out=folder
    )
    return write_explain(folder)


def test_the_page_loads_nothing_and_escapes(page):
    text = page.read_text()
    assert "Why &lt;so&gt;?" in text
    assert "<script" not in text
    assert 'src="' not in text
    assert text.count("<svg") == 6
    assert "NaN" not in text
    assert "nan" not in text


def test_the_page_is_the_same_every_time(page):
    before = page.read_bytes()
    assert write_explain(page.parent).read_bytes() == before


def test_the_findings_state_their_numbers(page):
    found = explain_findings.read(page.parent)
    text = " ".join(explain_text.sentences(found))
    gap = found.facts["gap"]["mean"] * 100
    assert f"+{gap:.1f}"[:4] in text
    assert "the same in both markets, hence exactly 0" in text
    assert "launch date" in text  # null here, as it is the same in both
    assert "after 2 years" in text


@pytest.mark.parametrize(
    "question", [ExplainQuestion("weeks_to_2", horizon=0), ExplainQuestion("adoption", permutations=4, horizon=0)]
)
def test_other_outcomes_and_orders(tmp_path, question):
    explain_gap(pair({"preference": {"mean": -1.5}, "norm": {"strength": 2.0}}, 1), question, out=tmp_path)
    text = write_explain(tmp_path).read_text()
    assert ("weeks until 2 %" in text.lower()) == question.outcome.startswith("weeks")
    assert "nan" not in text


def test_identical_markets(tmp_path):
    explain_gap(pair({}), ExplainQuestion(horizon=52), out=tmp_path)
    assert "There is no gap" in write_explain(tmp_path).read_text()


def test_parameter_sets(tmp_path):
    draws = pd.DataFrame({"markets.b.norm.strength": [1.5, 2.0, 2.5]})
    explain_gap(pair({"preference": {"mean": -1.5}}), ExplainQuestion(horizon=0), draws=draws, out=tmp_path)
    assert "Over parameter sets" in write_explain(tmp_path).read_text()


def test_no_explanation(tmp_path):
    with pytest.raises(ResultsError, match="no explanation"):
        write_explain(tmp_path)
    with pytest.raises(ResultsError, match="no search"):
        write_tip(tmp_path)


def neutral(j: float, b: float, replicates: int = 2):
    market = {
        "consumers": 1000, "norm": {"strength": j}, "preference": {"mean": b}, "initial_adoption": 0.05,
        "price": {"sensitivity": 10.0}, "shoppers": 1e6, "annual_spend": 1000.0,
    }  # fmt: skip
    return parse_experiment({"name": "neutral", "weeks": 10, "replicates": replicates, "markets": {"m": market}})


def asked(**changes) -> TipQuestion:
    mix = LeverMix([{"kind": "subsidy", "discount": {"low": 0.0, "high": 0.3}}], 1e9, weeks=20, trials=6)
    axes = {"x": Axis("preference.mean", -4.0, -2.0, 5), "y": Axis("norm.strength", 3.0, 7.0, 3)}
    ramp = Ramp("preference.mean", -3.9, -2.1, 18, 8)
    return TipQuestion(**({"ramp": ramp, "lever_mix": mix, "settle": 40, "phase_weeks": 104, **axes} | changes))


def test_a_market_that_can_be_tipped(tmp_path):
    found = tip(neutral(6, -3), asked(), out=tmp_path)
    assert found.facts["stable_states"] == "two"
    seeds = found.interventions.set_index("intervention").loc["seeds"]
    assert seeds["size"] == pytest.approx(0.5 - 0.07, abs=0.06)  # 7 % are there already
    assert found.facts["mean_field"]["bifurcation_points"] == pytest.approx([-3.41509, -2.58491], abs=1e-5)
    text = write_tip(tmp_path).read_text()
    for words in (
        "It can be tipped",
        "Hysteresis",
        "cheapest mix",
        "bifurcation points b = \u22123.415 and \u22122.585",
    ):
        assert words in text
    assert "nan" not in text


def test_a_market_that_cannot(tmp_path):
    found = tip(neutral(2, -2, 1), asked(lever_mix=None, ramp=None), out=tmp_path)
    assert found.interventions.empty
    text = " ".join(tip_text.sentences(tip_findings.read(tmp_path)))
    assert "No intervention lasts" in text
    assert "<svg" in write_tip(tmp_path).read_text()


def test_a_search_resumes(tmp_path):
    first = tip(neutral(6, -3), asked(), out=tmp_path)
    file = tmp_path / "tip" / "runs.jsonl"
    lines = file.read_text().splitlines()
    file.write_text("\n".join(lines[: len(lines) // 2]) + "\n")
    again = tip(neutral(6, -3), asked(), out=tmp_path)
    pd.testing.assert_frame_equal(first.interventions, again.interventions)
    pd.testing.assert_frame_equal(first.lever_mixes, again.lever_mixes)
    pd.testing.assert_frame_equal(first.loop, again.loop)


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"market": "n"}, "no such market"), ({"x": Axis("norm.strenth", 0, 1, 3)}, 'did you mean "norm.strength"'),
     ({"y": Axis("norm.strength", 0, 1e9, 3)}, "norm.strength"),
     ({"ramp": Ramp("consumers", 1, 5, 2, 2)}, "cannot change")],
)  # fmt: skip
def test_wrong_questions_are_refused(tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        tip(neutral(6, -3), asked(**changes), out=tmp_path)
