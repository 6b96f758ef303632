"""How the runs of an experiment are allocated."""

from types import SimpleNamespace

import pytest

from abm import Market
from abm.experiment.allocation import LARGE, PYTHON, Allocation, allocate
from abm.numerics.thread_pool import SMALL
from tests.experiment.run_specs import market, spec


def test_large_runs_go_one_by_one() -> None:
    assert allocate([spec(Market())] * 5, 4) == Allocation(4, 1, in_processes=False)
    assert allocate([spec(Market())], 4) == Allocation(1, 1, in_processes=False)
    assert allocate([spec(market(consumers=SMALL))], 4) == Allocation(1, 4, in_processes=False)
    assert allocate([spec(Market()), spec(market(consumers=LARGE))], 4) == Allocation(1, 4, in_processes=False)


def test_many_runs_get_processes() -> None:
    small = spec(market(consumers=2_000))
    assert allocate([small] * 1_000, 2) == Allocation(2, 1, in_processes=True)
    assert not allocate([small] * 100, 2).in_processes
    assert not allocate([small] * 10_000, 1).in_processes, "one worker has nobody to take turns with"


def test_mesa_stays_in_this_process() -> None:
    assert not allocate([spec(market(consumers=2_000))] * 1_000, 2, "mesa").in_processes


def test_a_daemon_has_no_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multiprocessing.current_process", lambda: SimpleNamespace(daemon=True))
    assert not allocate([spec(market(consumers=2_000))] * 1_000, 2).in_processes


@pytest.mark.parametrize("n_workers", [2, 3, 16])
def test_processes_are_started_where_they_save_more_than_they_cost(n_workers: int) -> None:
    small = spec(market(consumers=2_000))
    least = next(n for n in range(1, 10_000) if allocate([small] * n, n_workers).in_processes)
    saved = least * PYTHON * (1 - 1 / n_workers)
    assert 4.0 < saved < 4.1
