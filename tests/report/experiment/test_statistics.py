"""What the sentences and tables say is what the table holds."""

import pandas as pd
import pytest

from abm.analysis.effects.summary import summarize
from abm.analysis.effects.yearly import yearly
from abm.report.experiment import in_short as sentences
from abm.report.experiment import statistics
from abm.report.experiment import summary_table as summary
from abm.report.experiment.adoption import state_takeaway
from abm.report.experiment.gap import gap_takeaway
from abm.report.experiment.observed import compare_with_published, observed_section, ratio_table
from abm.report.experiment.point_results import split
from abm.report.experiment.scenarios import scenario_takeaway
from abm.report.text import number_format as wording
from tests.report.fake_runs import EFFECT, make_table


@pytest.fixture(scope="module")
def results(table, manifest):
    return split(table, manifest)[0]


def test_levels_match_the_yearly_sums(results, table):
    years = yearly(table)
    last = years[(years["year"] == 2021) & (years["scenario"] == "baseline")]
    text = sentences.in_short([results])[0]
    assert text.startswith("In 2021")
    for market in ("west", "asia"):
        rows = last[last["market"] == market]
        assert wording.percent(rows["gmv_share"].mean()) in text
        assert wording.dollars(rows["gmv_usd"].mean()) in text
    assert text.index("in Asia") < text.index("in the West")


def test_gap_sentence(results, table):
    years = yearly(table)
    wide = years[years["scenario"] == "baseline"].pivot_table(index="year", columns="market", values="gmv_share")
    gap = 100 * (wide["asia"] - wide["west"])
    text = sentences.in_short([results])[1]
    assert f"grew from {gap[2020]:.1f} in 2020 to {gap[2021]:.1f} percentage points in 2021" in text


def test_summary_agrees_with_the_analysis(results, table):
    rows = summary.rows(results)
    expected = summarize(table).set_index(["market", "scenario"])
    assert len(rows) == 4
    for row in rows:
        found = expected.loc[(row.market.lower(), row.scenario)]
        adoption, share, gmv = row.cells
        assert adoption.value == wording.percent(found["adoption"])
        assert share.value == wording.percent(found["gmv_share"])
        assert (
            share.around == f"{wording.percent(found['gmv_share_low'])} to {wording.percent(found['gmv_share_high'])}"
        )
        assert gmv.value == wording.dollars(found["gmv_usd"])
        if row.scenario == "push" and row.market == "West":
            assert share.difference.startswith(wording.points(found["gmv_share_change"]))


def test_difference_is_exactly_zero_where_nothing_differs(results):
    asia = next(row for row in summary.rows(results) if row.market == "Asia" and row.scenario == "push")
    assert [cell.difference for cell in asia.cells] == ["exactly 0"] * 3


def test_scenario_takeaway_names_the_effect(results):
    text = scenario_takeaway(results)
    assert "\u201cpush\u201d on the West" in text
    assert f"+{100 * EFFECT:.2f} points" in text


def test_scenario_without_effect():
    table = make_table().query("scenario == 'baseline'")
    results = split(pd.concat([table, table.assign(scenario="idle")]), {})[0]
    assert "exactly 0" in scenario_takeaway(results)


def test_opening_is_the_first_week_of_the_final_separation(results):
    row = statistics.opening(results, "asia", "west")
    asia, west = (results.paths("baseline", market, "gmv_share") for market in ("asia", "west"))
    apart = asia.min(0) > west.max(0)
    assert row is not None
    assert apart[row:].all()
    assert not apart[row - 1]
    assert wording.format_date(results.dates[row]) in gap_takeaway(results)
    assert "opened its shop only on 1\u00a0Jun\u00a02020" in gap_takeaway(results)


def test_equal_markets_never_part():
    results = split(make_table(levels=(0.2, 0.2)), {})[0]
    assert "still overlap" in gap_takeaway(results)


def test_state_takeaway_measures_awareness_as_a_share(table):
    less = table["aware"].where(table["market"] != "west", 100)
    assert "awareness: 0.90 in Asia against 0.10 in the West" in state_takeaway(split(table.assign(aware=less), {})[0])


def test_ratio_to_published_sales(results, table):
    observed = pd.DataFrame(
        {"market": ["asia"], "year": [2021], "gmv_usd": [1e10], "low": [9e9], "high": [2e10], "quality": ["memory"]}
    )
    years = compare_with_published(results, observed)
    [(year, [(ratio, _)])] = ratio_table(results, years)  # no column for a market without any figure
    sums = yearly(table)
    rows = sums[(sums["market"] == "asia") & (sums["year"] == 2021) & (sums["scenario"] == "baseline")]
    assert year == 2021
    assert ratio == f"{rows['gmv_usd'].mean() / 1e10:.2f} \u2713"
    assert "in 1 of 1 market-years" in observed_section(results, years).takeaway


def test_missing_replicates_are_paired_by_number(table):
    partial = table[(table["scenario"] == "baseline") | (table["replicate"] == 2)]
    results = split(partial, {})[0]
    assert results.replicates("push", "baseline") == [2]
    none = table[(table["scenario"] == "baseline") != (table["replicate"] == 2)]
    assert split(none, {})[0].others == []
