import numpy as np
import pytest

from abm import Market
from abm.analysis.jobs import Answers, Meter, work_off
from abm.analysis.market_run import Trial
from abm.analysis.tipping.phase_diagram import Axis, Phase
from abm.calendar import DEFAULT_START

MARKET = Market(name="m", consumers=2000)


def trial(market: Market = MARKET) -> Trial:
    return Trial(market, 0, DEFAULT_START, 3, 0)


def test_two_states_are_found_where_the_theory_has_them():
    phase = Phase(Axis("preference.mean", -4.0, -2.0, 5), Axis("norm.strength", 2.0, 8.0, 4), weeks=156)
    tasks = phase.tasks([trial()])
    answers = Answers()
    work_off([task for some in tasks.values() for task in some], answers, Meter(None))
    table = phase.table([trial()], answers)
    assert len(table) == 20
    theory = phase.theory(trial(), fineness=1)
    np.testing.assert_allclose(theory[["x", "y"]], table[["x", "y"]])
    clear = np.abs(theory["depth"]) > 0.15  # chance tips a market of 2,000 near the folds
    assert (table["two"] == (theory["depth"] > 0))[clear].all()
    assert table["two"].any()


def test_no_theory_for_a_network():
    phase = Phase(Axis("preference.mean", -4.0, -2.0, 3), Axis("norm.strength", 2.0, 8.0, 3), weeks=4)
    west = Market.profile("west").replace({"consumers": 100})
    assert phase.theory(trial(west)).empty


@pytest.mark.parametrize("n", [2, 7])
def test_axes(n):
    values = Axis("norm.strength", 0.0, 3.0, n).values
    assert (values[0], values[-1], len(values)) == (0.0, 3.0, n)
