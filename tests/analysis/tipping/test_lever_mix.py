from pathlib import Path

import pandas as pd
import pytest

from abm import Market
from abm.analysis.cached_executor import CachedExecutor
from abm.analysis.market_run import MarketRun
from abm.analysis.result_cache import ResultCache
from abm.analysis.tipping.lever_mix import LeverMix, read_lever_mix
from abm.analysis.tipping.lever_mix_search import LeverMixSearch, score
from abm.base.calendar import DEFAULT_START
from abm.base.errors import InputError

pytestmark = pytest.mark.needs_compiled

# J = 6, b = -3, low: .42 more in b for a few weeks tips it (see test_critical_size)
MARKET = Market(
    name="m", consumers=1000, norm={"strength": 6.0}, preference={"mean": -3.0}, price={"sensitivity": 10.0},
    shoppers=1e6, annual_spend=1000.0, initial_adoption=0.07,
)  # fmt: skip
SUBSIDY = {"kind": "subsidy", "discount": {"low": 0.0, "high": 0.3}}


def search(tmp_path: Path, mix: LeverMix, n: int = 2) -> pd.DataFrame:
    baseline = [MarketRun(MARKET, 10, DEFAULT_START, 4, replicate) for replicate in range(n)]
    return LeverMixSearch(mix, baseline, 0.5, 40, tmp_path / "optuna.journal", CachedExecutor(ResultCache())).run()


def test_the_cheapest_mix_that_tips_is_found(tmp_path):
    table = search(tmp_path, LeverMix([SUBSIDY], budget=1e9, weeks=30, trials=25))
    assert len(table) == 25
    best = table.loc[table["score"].idxmin()]
    assert best["tips"]
    assert best["within_budget"]
    tipped = table[table["tips"]]
    assert best["cost_usd"] == tipped["cost_usd"].min()
    assert best["subsidy_1.discount"] < table["subsidy_1.discount"].max() / 2
    assert not table.loc[table["subsidy_1.discount"] < 0.02, "tips"].any()


def test_a_budget_too_small(tmp_path):
    table = search(tmp_path, LeverMix([SUBSIDY], budget=1000.0, weeks=30, trials=8))
    assert (table["score"] > 1).all()
    assert not (table["tips"] & table["within_budget"]).any()


def test_a_stopped_search_goes_on_as_if_it_had_not_stopped(tmp_path):
    whole = search(tmp_path / "a", LeverMix([SUBSIDY], budget=1e9, weeks=30, trials=14))
    journal = (tmp_path / "a" / "optuna.journal").read_text().splitlines()
    cut = tmp_path / "b" / "optuna.journal"
    cut.parent.mkdir()
    cut.write_text("\n".join(journal[: len(journal) * 2 // 3]) + "\n")  # killed in the middle, perhaps of a trial
    again = search(tmp_path / "b", LeverMix([SUBSIDY], budget=1e9, weeks=30, trials=14))
    pd.testing.assert_frame_equal(whole, again)


def test_scores_rank_what_matters():
    cheap, dear = score(0.2, 2.0, tips=True), score(0.9, 2.0, tips=True)
    too_dear, near, far = score(1.5, 2.0, tips=True), score(0.1, 0.9, tips=False), score(0.0, 0.1, tips=False)
    assert cheap < dear < too_dear < near < far


def test_sets_and_whole_numbers_have_ranges_too(tmp_path):
    file = tmp_path / "mix.toml"
    file.write_text(
        """
        budget = 1e6
        trials = 3
        [[levers]]
        kind = "set"
        values = { "norm.strength" = { low = 1.0, high = 2.0 }, "price.discount" = 0.1 }
        [[levers]]
        kind = "add_functions"
        functions = { low = 1, high = 4 }
        """
    )
    mix = read_lever_mix(file)
    first, second = mix.chosen(lambda name, low, high: low + 0.4 * (high - low), "m", 12)
    assert first.values == {"norm.strength": 1.4, "price.discount": 0.1}
    assert (first.start, first.weeks, first.market) == (12, 52, "m")
    assert second.functions == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [("budget = 5", "levers: needs at least one table"),
     ("budgt = 5\n[[levers]]\nkind = 'set'", 'did you mean "budget"'),
     ("budget = -1\n[[levers]]\nkind = 'set'", "above 0"),
     ("budget = 1\n[[levers]]\nkind = 'subsdy'\ndiscount = { low = 0.0, high = 1.0 }", 'did you mean "subsidy"'),
     ("budget = 1\n[[levers]]\nkind = 'subsidy'\ndiscount = { low = 0.5, high = 0.2 }", "low below high"),
     ("budget = 1\n[[levers]]\nkind = 'subsidy'\ndiscount = { low = 0.5, high = 2.0 }", "discount"),
     ("budget = 1\n[[levers]]\nkind = 'subsidy'\ndiscount = 0.5", "at least one range"),
     ("budget = ", "not valid TOML")],
)  # fmt: skip
def test_wrong_mixes_are_refused(tmp_path, text, message):
    file = tmp_path / "mix.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=message):
        read_lever_mix(file)
