import numpy as np
import pytest

from abm import Market
from abm.analysis.cached_executor import CachedExecutor
from abm.analysis.market_run import MarketRun
from abm.analysis.result_cache import ResultCache
from abm.analysis.tipping.critical_size import CriticalSizeSearch, bisect, sequential, still_needed
from abm.analysis.tipping.interventions import Intervention, order_of_seeds, standard_interventions, with_seeds
from abm.base.calendar import DEFAULT_START
from abm.engine.simulation import Simulation

pytestmark = pytest.mark.needs_compiled


def batches(outcomes):
    return iter([[outcome] for outcome in outcomes])


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [([1, 1, 1, 0], (3, 3)), ([0, 0, 0, 1], (3, 0)), ([1, 0, 1, 1, 1, 0], (5, 4)), ([1, 0] * 8, (8, 4))],
)
def test_the_sequential_test_stops_when_the_likelihood_ratio_is_decisive(outcomes, expected):
    """Net three of a kind: (3/4 : 1/4)^3 = 27 > 19 = .95 : .05."""
    assert sequential(batches(outcomes), 8) == expected


def test_errors_of_the_sequential_test_are_those_promised():
    rng = np.random.default_rng(1)
    wrong = n_runs = 0
    for _ in range(2000):
        n, tipped = sequential(batches(rng.random(100) < 0.25), 100)
        wrong += 2 * tipped > n
        n_runs += n
    assert wrong / 2000 < 0.05
    assert n_runs / 2000 < 7


def test_batches_are_no_larger_than_needed():
    assert [still_needed(0, 0, 15), still_needed(1, 1, 15), still_needed(2, 1, 15), still_needed(4, 2, 5)] == [
        3,
        2,
        3,
        1,
    ]


@pytest.mark.parametrize("critical", [0.003, 0.37, 0.98])
def test_bisection_brackets_the_critical_size(critical):
    size, low, high = bisect(lambda x: x >= critical, 1.0, 0.01)
    assert low < critical <= high
    assert high - low <= 0.01
    assert size == (low + high) / 2


def test_bisection_of_what_never_or_always_tips():
    assert bisect(lambda x: False, 0.8, 0.01)[0] is None
    assert bisect(lambda x: True, 0.8, 0.01)[0] == 0.0


def market_runs(market: Market, n: int = 7, weeks: int = 0) -> list[MarketRun]:
    return [MarketRun(market, weeks, DEFAULT_START, 4, replicate) for replicate in range(n)]


def neutral(n: int, j: float = 6, b: float = -3, **changes) -> Market:
    return Market(name="m", consumers=n, norm={"strength": j}, preference={"mean": b}).replace(changes)


def test_seeds_are_those_of_initial_adoption():
    market = neutral(1000)
    begin = Simulation([market], seed=4, replicate=2).snapshot()
    seeded = with_seeds(begin, 0.3, order_of_seeds(1000, 4, 2, "m"))
    started = Simulation([market.replace({"initial_adoption": 0.3})], seed=4, replicate=2).snapshot()
    np.testing.assert_array_equal(seeded.state.mode, started.state.mode)


@pytest.mark.parametrize("n", [20_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_the_critical_initial_adoption_is_the_unstable_fixed_point(n):
    """J = 6, b = -3: between the states .0707 and .9293 lies the unstable .5 (theory of Brock & Durlauf)."""
    search = CriticalSizeSearch(market_runs(neutral(n)), 0.5, 80, CachedExecutor(ResultCache()))
    found = search.critical(Intervention("seeds", 1.0), 0.01)
    assert found.size == pytest.approx(0.5, abs=0.02)
    assert found.low < 0.5 + 0.01
    assert found.high > 0.5 - 0.01


def test_the_critical_discount_lifts_the_market_over_the_bifurcation_point():
    """Everybody pays less as long as it lasts: b + eta d passes the bifurcation point -2.585 at d = .0415, eta = 10."""
    market = neutral(20_000, price={"sensitivity": 10.0, "reach": 1.0}, initial_adoption=0.07)
    search = CriticalSizeSearch(market_runs(market, weeks=20), 0.5, 60, CachedExecutor(ResultCache()))
    found = search.critical(Intervention("discount", 0.2, weeks=300), 0.01)
    assert found.size == pytest.approx((3 - 2.58491) / 10, abs=0.003)


def test_without_a_high_state_no_intervention_lasts():
    search = CriticalSizeSearch(market_runs(neutral(2000, 2, -2)), 0.5, 60, CachedExecutor(ResultCache()))
    found = search.critical(Intervention("seeds", 1.0), 0.05)
    assert found.size is None
    assert found.runs["n_tipped"].sum() == 0


def test_standard_interventions_differ_in_name_weeks_or_reach():
    interventions = standard_interventions()
    assert len({(intervention.name, intervention.weeks, intervention.reach) for intervention in interventions}) == len(
        interventions
    )
    assert all(intervention.levers(0.5, "m", 3) for intervention in interventions if intervention.name != "seeds")
