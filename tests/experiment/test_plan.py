"""What an experiment will take, said beforehand."""

from pathlib import Path

import pytest

from abm.base.errors import InputError
from abm.experiment import plan
from abm.experiment.allocation import PYTHON, Allocation
from abm.experiment.plan import TimingProbe, run_probe, seconds_of
from tests.cli.command import abm
from tests.experiment.run_specs import ALONE, market, spec
from tests.small_experiment import CONFIG


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(CONFIG)
    return path


def test_runs_and_consumer_weeks_are_those_of_the_config(config: Path) -> None:
    found = plan.plan(config, 2)
    assert found.n_runs == 8
    assert found.allocation == Allocation(2, 1, in_processes=False)
    assert found.refusal is None
    assert found.n_consumers < found.n_fitting
    assert 0 < found.seconds[0] < found.seconds[1] < 600
    assert plan.plan(config, 2, ("replicates=1",)).n_runs * 2 == found.n_runs


def test_command_prints_it(config: Path, tmp_path: Path) -> None:
    done = abm("plan", config.name, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for word in ("runs", "consumer-weeks", "memory", "time", "probe", "GB at the peak"):
        assert word in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["small.toml"], "a plan writes nothing"


@pytest.mark.parametrize("command", ["plan", "run"])
def test_what_cannot_fit_is_refused_by_both_commands(command: str, config: Path, tmp_path: Path) -> None:
    done = abm(command, config.name, "--set", "markets.west.consumers=2_000_000_000", cwd=tmp_path)
    assert done.returncode == 2
    assert "GB of memory" in done.stderr
    assert "consumers = 2,0" in done.stderr
    assert ("fit on this machine" in done.stdout) == (command == "plan")
    assert not (tmp_path / "results").exists()


def test_what_is_wrong_with_a_config_is_said(config: Path) -> None:
    with pytest.raises(InputError, match="weeks = 0"):
        plan.plan(config, 1, ("weeks=0",))


def test_trial_is_small_and_keeps_what_the_network_needs() -> None:
    big = market("communities", consumers=300_000_000, communities=5).replace({"seed_adopters": 1_000_000})
    probe = run_probe(spec(big, market("procedural", consumers=999_999_998, name="x"), weeks=3), 1)
    assert probe.n_consumers <= 100_100
    assert probe.weeks == 3
    assert 0 < probe.week < probe.building * 100
    few = run_probe(spec(market(consumers=11, degree=10)), 1)
    assert few.n_consumers == 11


def test_time_grows_with_runs_and_is_less_certain_for_large_ones() -> None:
    probe = TimingProbe(100_000, 5, building=1e-6, week=1e-8)
    small, large = spec(market(consumers=100_000)), spec(market(consumers=10_000_000))
    least, most = seconds_of([small] * 10, ALONE, probe)
    assert least < 10 * (0.1 + 5 * 1e-3 + PYTHON) < most
    pair, processes = Allocation(2, 1, in_processes=False), Allocation(2, 1, in_processes=True)
    assert seconds_of([small] * 10, processes, probe) == pytest.approx((least / 2, most / 2))
    assert least / 2 < seconds_of([small] * 10, pair, probe)[0] < least, "threads take turns in Python"
    wider = seconds_of([large], ALONE, probe)
    assert wider[1] / wider[0] == pytest.approx(3 * most / least)
