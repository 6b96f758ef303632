import pandas as pd
import pytest

from abm import Market
from abm.analysis.cached_executor import CachedExecutor
from abm.analysis.market_run import MarketRun
from abm.analysis.result_cache import ResultCache
from abm.analysis.tipping.hysteresis import Ramp, jumps
from abm.analysis.tipping.mean_field import bifurcation_points
from abm.base.calendar import DEFAULT_START

pytestmark = pytest.mark.needs_compiled


def loop(ramp: Ramp, market: Market, n: int = 1) -> pd.DataFrame:
    jobs = [ramp.job(MarketRun(market, 0, DEFAULT_START, 3, replicate)) for replicate in range(n)]
    return ramp.table(CachedExecutor(ResultCache()).run(jobs))


def market(n: int, j: float = 6.0) -> Market:
    return Market(name="m", consumers=n, norm={"strength": j})


@pytest.mark.parametrize(("n", "speed"), [(10_000, 1e-3), pytest.param(20_000, 2e-4, marks=pytest.mark.slow)])
def test_the_ramp_finds_the_bifurcation_points(n, speed):
    """At J = 6 the market jumps up at b = -2.585 and back at -3.415; a faster ramp overshoots (by .034 at 1e-3)."""
    ramp = Ramp("preference.mean", -3.8, -2.2, 160, round(0.01 / speed))
    assert ramp.speed == pytest.approx(speed)
    found = jumps(loop(ramp, market(n), 2))
    lower, upper = bifurcation_points(6)
    within = 0.03 if speed < 5e-4 else 0.06
    assert found["up"].to_numpy() == pytest.approx(upper, abs=within)
    assert found["down"].to_numpy() == pytest.approx(lower, abs=within)
    assert (found["width"] > 0.7).all()


def test_no_loop_without_two_states():
    found = jumps(loop(Ramp("preference.mean", -3.0, 0.0, 30, 20), market(2000, 2.0)))
    assert found["width"].iloc[0] < 0.1
    assert found[["up", "down"]].isna().all(axis=None)


def test_the_table_has_both_ways():
    table = loop(Ramp("norm.strength", 0.0, 4.0, 4, 3), market(200), 2)
    assert len(table) == 2 * 2 * 5
    assert table[table["way"] == "down"]["value"].tolist()[:5] == [4.0, 3.0, 2.0, 1.0, 0.0]
