from datetime import date

import numpy as np
import pytest

from abm import Market, simulate
from abm.analysis.effects.summary import outcomes
from abm.analysis.market_run import OUTCOMES, MarketRun, check_outcome, year_weights
from abm.base.errors import InputError

pytestmark = pytest.mark.needs_compiled

START = date(2020, 1, 6)


def west(**changes) -> Market:
    return Market.profile("west").replace({"consumers": 600, "launch": 20} | changes)


def market_run(market: Market, weeks: int = 90) -> MarketRun:
    return MarketRun(market, weeks, START, seed=3, replicate=1)


@pytest.mark.parametrize(
    "changes",
    [{}, {"launch": 0}, {"launch": 400}, {"network.family": "complete"}, {"initial_adoption": 0.2},
     {"habit.initial": 0.7, "awareness.initial": 0.3, "choice.reversible": False, "occasion_rate": 0.1}],
)  # fmt: skip
def test_the_shared_wait_before_launch_changes_nothing(changes):
    """Bit for bit what a plain run gives, although the weeks before the launch were run for another market."""
    market = west(**changes)
    shared = market_run(market)
    other = MarketRun(west(**changes | {"norm.strength": 3.0}), 90, START, 3, 1, shared.memo)
    other.tallies()
    plain = simulate(market, weeks=90, seed=3, replicate=1, start=START, threads=1)
    np.testing.assert_array_equal(shared.tallies(), plain.tallies[:, 0])
    np.testing.assert_array_equal(shared.end().state.habit[:600], plain.population.state.habit[:600])


def test_outcomes_are_those_of_the_summary():
    market = west(initial_adoption=0.3, launch=0).replace({"preference.mean": -0.5})
    result = market_run(market, 120).job.run()
    table = simulate(market, weeks=120, seed=3, replicate=1, start=START).table.assign(scenario="baseline")
    row = outcomes(table).iloc[0]
    assert result["gmv_share"] == pytest.approx(row["gmv_share"], rel=0.002)  # a straddling week's spend is rounded
    assert result["adoption"] == row["adoption"]
    first = table.loc[table["adoption"] >= 0.5, "week"]
    assert result["weeks_to_50"] == (first.iloc[0] if len(first) else 120)


def test_a_level_never_reached_takes_all_weeks():
    assert market_run(west(launch=400), 60).job.run() == {name: 60 if "weeks" in name else 0 for name in OUTCOMES}


def test_weights_are_those_of_the_last_full_year():
    weights = year_weights(110, START)
    assert weights.sum() == pytest.approx(1)
    assert np.flatnonzero(weights).min() in (51, 52)
    assert weights[:50].sum() == 0
    np.testing.assert_allclose(year_weights(4, START), [0, 0.25, 0.25, 0.25, 0.25])


def test_keys_differ_whenever_results_could():
    jobs = [market_run(west()), market_run(west(), 91), market_run(west(**{"norm.strength": 1.3}))]
    jobs.append(MarketRun(west(), 90, START, 3, 2))
    assert len({one.job.key for one in jobs}) == 4
    assert market_run(west()).job.key == market_run(west()).job.key


def test_unknown_outcomes_are_refused():
    with pytest.raises(InputError, match='did you mean "adoption"'):
        check_outcome("adopton")
