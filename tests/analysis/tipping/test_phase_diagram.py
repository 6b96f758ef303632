import numpy as np
import pytest

from abm import Market
from abm.analysis.cached_executor import CachedExecutor
from abm.analysis.market_run import MarketRun
from abm.analysis.result_cache import ResultCache
from abm.analysis.tipping.phase_diagram import Axis, PhaseDiagram
from abm.base.calendar import DEFAULT_START

pytestmark = pytest.mark.needs_compiled

MARKET = Market(name="m", consumers=2000)


def market_run(market: Market = MARKET) -> MarketRun:
    return MarketRun(market, 0, DEFAULT_START, 3, 0)


def test_two_states_are_found_where_the_theory_has_them():
    phase = PhaseDiagram(Axis("preference.mean", -4.0, -2.0, 5), Axis("norm.strength", 2.0, 8.0, 4), weeks=156)
    jobs = phase.jobs([market_run()])
    cache = ResultCache()
    CachedExecutor(cache).run([job for some in jobs.values() for job in some])
    table = phase.table([market_run()], cache)
    assert len(table) == 20
    theory = phase.theory(market_run(), fineness=1)
    np.testing.assert_allclose(theory[["x", "y"]], table[["x", "y"]])
    clear = np.abs(theory["depth"]) > 0.15  # chance tips a market of 2,000 near the bifurcation points
    assert (table["two"] == (theory["depth"] > 0))[clear].all()
    assert table["two"].any()


def test_no_theory_for_a_network():
    phase = PhaseDiagram(Axis("preference.mean", -4.0, -2.0, 3), Axis("norm.strength", 2.0, 8.0, 3), weeks=4)
    west = Market.profile("west").replace({"consumers": 100})
    assert phase.theory(market_run(west)).empty


@pytest.mark.parametrize("n", [2, 7])
def test_axes(n):
    values = Axis("norm.strength", 0.0, 3.0, n).values
    assert (values[0], values[-1], len(values)) == (0.0, 3.0, n)
