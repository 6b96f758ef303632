import numpy as np
import pandas as pd
import pytest

from abm import Market
from abm.analysis.cached_executor import CachedExecutor
from abm.analysis.explain.decomposition import Decomposition, RunSettings
from abm.analysis.explain.path_dependence import Histories, States, parts_at, start_states, state_job, states_of
from abm.analysis.market_run import MarketRun
from abm.analysis.result_cache import ResultCache
from abm.base.calendar import DEFAULT_START
from abm.experiment.memo import Memo

pytestmark = pytest.mark.needs_compiled

SETTINGS = RunSettings(weeks=30, start=DEFAULT_START, seed=2, replicates=2)


def neutral(name: str, j: float, b: float, start: float = 0.0, n: int = 4000) -> Market:
    return Market(name=name, consumers=n, initial_adoption=start, norm={"strength": j}, preference={"mean": b})


def gap(low: Market, high: Market) -> Decomposition:
    return Decomposition(low, high, SETTINGS, memos={0: Memo(), 1: Memo()})


def curves(low: Market, high: Market, horizon: int = 104) -> pd.DataFrame:
    histories = Histories(gap(low, high), horizon)
    cache = ResultCache()
    CachedExecutor(cache).run(histories.jobs())
    return histories.curves(cache)


def ends(market: Market, weeks: int = 240) -> States:
    jobs = [state_job(MarketRun(market, 0, DEFAULT_START, 1, replicate), weeks) for replicate in range(2)]
    cache = ResultCache()
    CachedExecutor(cache).run(jobs)
    return states_of(jobs, cache)


def test_same_wishes_other_start_is_all_history():
    """J = 6, b = -3 has two stable states: .0707 and .9293 (docs/model.md, Brock & Durlauf)."""
    parts = parts_at(curves(neutral("low", 6, -3, 0.1), neutral("high", 6, -3, 0.9)), "adoption", [104])
    by_part = parts[~parts["with_trust"]].set_index("part")["value"]
    assert by_part["history"] == pytest.approx(0.9293 - 0.0707, abs=0.01)
    assert by_part["taste"] == by_part["mechanisms"] == 0


def test_same_start_other_wishes_is_all_taste():
    parts = parts_at(curves(neutral("low", 0, -3), neutral("high", 0, 1)), "adoption", [52, 104])
    last = parts[(parts["horizon"] == 104) & ~parts["with_trust"]].set_index("part")
    assert last.loc["taste", "value"] == pytest.approx(last.loc["taste", "gap"], abs=0.002)
    assert abs(last.loc["history", "value"]) < 0.002


def test_parts_add_up_at_every_horizon():
    low, high = (Market.profile(name).replace({"consumers": 300, "launch": 0}) for name in ("west", "asia"))
    parts = parts_at(curves(low, high), "gmv_share", [52, 104])
    for _, rows in parts.groupby(["horizon", "with_trust"]):
        assert rows["value"].sum() == pytest.approx(rows["gap"].iloc[0], abs=1e-9)


def test_the_runs_that_are_compared():
    table = curves(neutral("low", 6, -3, 0.1), neutral("high", 6, -3, 0.9), horizon=52)
    assert table.groupby(["taste", "mechanisms", "history", "with_trust", "replicate"]).ngroups == 20
    assert table["week"].unique().tolist() == list(range(4, 53, 4))


@pytest.mark.parametrize(
    ("j", "b", "verdict", "low", "high"),
    [(6, -3, "two", 0.0707, 0.9293), (2, -1, "one", 0.5, 0.5), (0, -1, "one", 0.2689, 0.2689)],
)
def test_stable_states_of_the_theory(j, b, verdict, low, high):
    found = ends(neutral("m", j, b))
    assert found.verdict == verdict
    assert found.low.mean() == pytest.approx(low, abs=0.015)
    assert found.high.mean() == pytest.approx(high, abs=0.015)


def test_starts_that_are_still_closing_are_not_two_states():
    """Habits that take years: after 400 weeks nobody can tell."""
    slow = Market(name="m", consumers=2000, preference={"mean": -2.0}, habit={"strength": 3.0, "rate": 0.003})
    assert ends(slow, 400).verdict in ("closing", "undecided")


def test_the_two_starts():
    west = Market.profile("west").replace({"consumers": 200, "launch": 0})
    starts = start_states(MarketRun(west, 0, DEFAULT_START, 1, 0))
    tables = {}
    for name, begin in starts.items():
        simulation = MarketRun(west, 0, DEFAULT_START, 1, 0).simulation()
        simulation.restore(begin)
        tables[name] = simulation.trajectory().table.iloc[0]
    assert (tables["low"]["super"], tables["high"]["super"]) == (0, 200)
    assert (tables["low"]["mean_habit"], tables["high"]["mean_habit"]) == (0.0, 1.0)
    assert tables["low"]["merchants"] == 0.05
    assert tables["high"]["merchants"] == 1.0
    assert tables["low"]["mean_trust"] == pytest.approx(0.45, abs=1e-4)
    assert tables["high"]["mean_trust"] == pytest.approx(0.93, abs=1e-4)
    assert np.all([tables[name]["aware"] == 200 for name in starts])
