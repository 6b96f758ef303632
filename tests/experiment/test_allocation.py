"""How the runs of an experiment are shared out."""

from types import SimpleNamespace

import pytest

from abm import Market
from abm.experiment import allocation as crew
from abm.experiment.allocation import LARGE, Crew, crew_for
from abm.numerics.thread_pool import SMALL
from tests.experiment.test_memory import market, spec


def test_large_runs_go_one_by_one() -> None:
    assert crew_for([spec(Market())] * 5, 4) == Crew(4, 1, in_processes=False)
    assert crew_for([spec(Market())], 4) == Crew(1, 1, in_processes=False)
    assert crew_for([spec(market(consumers=SMALL))], 4) == Crew(1, 4, in_processes=False)
    assert crew_for([spec(Market()), spec(market(consumers=LARGE))], 4) == Crew(1, 4, in_processes=False)


def test_many_runs_get_processes() -> None:
    small = spec(market(consumers=2_000))
    assert crew_for([small] * 1_000, 2) == Crew(2, 1, in_processes=True)
    assert not crew_for([small] * 100, 2).in_processes
    assert not crew_for([small] * 10_000, 1).in_processes, "one worker has nobody to take turns with"


def test_mesa_stays_in_this_process() -> None:
    assert not crew_for([spec(market(consumers=2_000))] * 1_000, 2, "mesa").in_processes


def test_a_daemon_has_no_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multiprocessing.current_process", lambda: SimpleNamespace(daemon=True))
    assert not crew_for([spec(market(consumers=2_000))] * 1_000, 2).in_processes


@pytest.mark.parametrize("n_workers", [2, 3, 16])
def test_processes_are_started_where_they_save_more_than_they_cost(n_workers: int) -> None:
    small = spec(market(consumers=2_000))
    least = next(n for n in range(1, 10_000) if crew_for([small] * n, n_workers).in_processes)
    saved = least * crew.PYTHON * (1 - 1 / n_workers)
    assert 4.0 < saved < 4.1
