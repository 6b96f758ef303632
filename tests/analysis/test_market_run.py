from datetime import date

import numpy as np
import pytest

from abm import Market, simulate
from abm.analysis.effects.summary import outcomes
from abm.analysis.market_run import OUTCOMES, Trial, check_outcome, year_weights
from abm.errors import InputError

START = date(2020, 1, 6)


def west(**changes) -> Market:
    return Market.profile("west").replace({"consumers": 600, "launch": 20} | changes)


def trial(market: Market, weeks: int = 90) -> Trial:
    return Trial(market, weeks, START, seed=3, replicate=1)


@pytest.mark.parametrize(
    "changes",
    [{}, {"launch": 0}, {"launch": 400}, {"network.family": "complete"}, {"initial_adoption": 0.2},
     {"habit.initial": 0.7, "awareness.initial": 0.3, "choice.reversible": False, "occasion_rate": 0.1}],
)  # fmt: skip
def test_the_shared_wait_before_launch_changes_nothing(changes):
    """Bit for bit what a plain run gives, although the weeks before the launch were run for another market."""
    market = west(**changes)
    shared = trial(market)
    trial_of_another = Trial(west(**changes | {"norm.strength": 3.0}), 90, START, 3, 1, shared.shelf)
    trial_of_another.tallies()
    plain = simulate(market, weeks=90, seed=3, replicate=1, start=START, threads=1)
    np.testing.assert_array_equal(shared.tallies(), plain.tallies[:, 0])
    np.testing.assert_array_equal(shared.end().state.habit[:600], plain.population.state.habit[:600])


def test_outcomes_are_those_of_the_summary():
    market = west(initial_adoption=0.3, launch=0).replace({"preference.mean": -0.5})
    answer = trial(market, 120).task.run()
    table = simulate(market, weeks=120, seed=3, replicate=1, start=START).table.assign(scenario="baseline")
    row = outcomes(table).iloc[0]
    assert answer["gmv_share"] == pytest.approx(row["gmv_share"], rel=0.002)  # a straddling week's spend is rounded
    assert answer["adoption"] == row["adoption"]
    first = table.loc[table["adoption"] >= 0.5, "week"]
    assert answer["weeks_to_50"] == (first.iloc[0] if len(first) else 120)


def test_a_level_never_reached_takes_all_weeks():
    assert trial(west(launch=400), 60).task.run() == {name: 60 if "weeks" in name else 0 for name in OUTCOMES}


def test_weights_are_those_of_the_last_full_year():
    weights = year_weights(110, START)
    assert weights.sum() == pytest.approx(1)
    assert np.flatnonzero(weights).min() in (51, 52)
    assert weights[:50].sum() == 0
    np.testing.assert_allclose(year_weights(4, START), [0, 0.25, 0.25, 0.25, 0.25])


def test_keys_differ_whenever_results_could():
    tasks = [trial(west()), trial(west(), 91), trial(west(**{"norm.strength": 1.3}))]
    tasks.append(Trial(west(), 90, START, 3, 2))
    assert len({one.task.key for one in tasks}) == 4
    assert trial(west()).task.key == trial(west()).task.key


def test_unknown_outcomes_are_refused():
    with pytest.raises(InputError, match='did you mean "adoption"'):
        check_outcome("adopton")
