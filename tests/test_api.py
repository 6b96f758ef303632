import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from abm import load, run, simulate
from abm.base.errors import InputError, Interrupted, ResultsError
from abm.experiment.config import load_experiment
from abm.experiment.result_files import MANIFEST, STATUS, part_file, run_file, write_table, write_whole
from abm.experiment.results import Results
from tests.small_experiment import CONFIG


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(CONFIG)
    return path


def test_results_hold_every_run_week_and_market(config: Path, tmp_path: Path) -> None:
    table = run(config, out=tmp_path / "r").table
    assert len(table) == 2 * 2 * 2 * 61 * 2
    assert list(table.columns) == [
        "scenario", "replicate", "seed", "week", "date", "market", "consumers", "aware", "super",
        "switched_to_super", "switched_to_single", "adoption", "gmv_share", "gmv_usd", "gmv_net_usd", "live_gmv_usd",
        "spend_usd", "merchants", "livestream_reach", "mean_trust", "mean_habit", "discount", "cost_usd",
        "markets.west.norm.strength",
    ]  # fmt: skip
    assert not table.isna().any().any()


def test_a_run_is_what_simulate_returns(config: Path, tmp_path: Path) -> None:
    table = run(config, out=tmp_path / "r").table
    spec = list(load_experiment(config).runs())[-1]
    alone = simulate(
        spec.markets, weeks=60, seed=3, replicate=spec.replicate, levers=spec.levers, start=spec.start
    ).table  # fmt: skip
    part = table[
        (table["scenario"] == spec.scenario) & (table["replicate"] == spec.replicate)
        & (table["markets.west.norm.strength"] == spec.point["markets.west.norm.strength"])
    ]  # fmt: skip
    pd.testing.assert_frame_equal(part[alone.columns].reset_index(drop=True), alone)


def test_scenarios_differ_only_from_the_lever_on(config: Path, tmp_path: Path) -> None:
    table = run(config, out=tmp_path / "r").table
    baseline, deal = (
        table[table["scenario"] == name].drop(columns="scenario").reset_index(drop=True)
        for name in ("baseline", "deal")
    )
    differs = (baseline != deal).any(axis=1)
    assert differs.any()
    assert set(baseline.loc[differs, "market"]) == {"west"}
    assert baseline.loc[differs, "week"].min() == 6


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_result_files_are_the_same_bytes_for_any_number_of_workers(config: Path, tmp_path: Path, workers: int) -> None:
    first, second = run(config, out=tmp_path / "a", workers=3), run(config, out=tmp_path / "b", workers=workers)
    for key in first.manifest["runs"]:
        assert run_file(first.path, key).read_bytes() == run_file(second.path, key).read_bytes()
    assert (first.path / "summary.parquet").read_bytes() == (second.path / "summary.parquet").read_bytes()


def test_result_files_are_the_same_bytes_in_processes(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(config, out=tmp_path / "a", workers=2)
    monkeypatch.setattr("abm.experiment.allocation.PYTHON", 100.0)
    steps: list[tuple[int, int]] = []
    second = run(config, out=tmp_path / "b", workers=2, progress=lambda done, total: steps.append((done, total)))
    assert first.manifest["runs"] == second.manifest["runs"]
    for key in first.manifest["runs"]:
        assert run_file(first.path, key).read_bytes() == run_file(second.path, key).read_bytes()
    done = [done for done, _ in steps]
    assert done == sorted(done)
    assert done[-1] == steps[0][1]
    assert len(done) > 3, "progress is reported as it is made"
    statuses = [json.loads(line)["run"] for line in (second.path / STATUS).read_text().splitlines()]
    assert sorted(statuses) == sorted(second.manifest["runs"])


def test_stopping_processes_leaves_nothing_half_written(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("abm.experiment.allocation.PYTHON", 100.0)
    left = tmp_path / "r" / "runs" / ".some.parquet.x.tmp"

    def stop(done: int, total: int) -> None:
        if done > total // 8:  # the first task of a process
            left.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="goes on from there"):
        run(config, out=tmp_path / "r", workers=2, progress=stop)
    assert {path.suffix for path in left.parent.iterdir()} == {".parquet"}
    assert len(run(config, out=tmp_path / "r", workers=2).table) == 976


@pytest.mark.parametrize("values", [[0, 2.5], [1, "x"], [0, date(2024, 1, 8)]], ids=str)
def test_tables_of_different_kinds_are_read_as_one(values: list[object], tmp_path: Path) -> None:
    """A swept value may be a number in one run and something else in another."""
    for number, value in enumerate(values):
        write_table(pd.DataFrame({"value": [value]}), part_file(tmp_path, "runs", str(number)))
    table = Results(tmp_path, {"runs": ["0", "1"]}).table
    assert table["value"].tolist() == values


def test_finished_runs_are_not_run_again_and_missing_ones_are(config: Path, tmp_path: Path) -> None:
    results = run(config, out=tmp_path / "r")
    table = results.table
    kept, lost = results.manifest["runs"][:2]
    before = run_file(results.path, kept).stat().st_mtime_ns
    run_file(results.path, lost).unlink()
    again = run(config, out=tmp_path / "r")
    assert run_file(results.path, kept).stat().st_mtime_ns == before
    pd.testing.assert_frame_equal(again.table, table)


def test_the_manifest_says_what_was_run_and_with_what(config: Path, tmp_path: Path) -> None:
    manifest = run(config, out=tmp_path / "r", overrides=["seed=4"]).manifest
    assert manifest["config"]["seed"] == 4
    assert manifest["complete"]
    assert manifest["model_version"] >= 1
    assert {"python", "abm", "numba"} <= set(manifest["versions"])
    assert len(manifest["runs"]) == 8


def test_the_summary_pairs_each_scenario_with_baseline(config: Path, tmp_path: Path) -> None:
    summary = run(config, out=tmp_path / "r").summary
    assert len(summary) == 2 * 2 * 2
    baseline = summary[summary["scenario"] == "baseline"]
    assert (baseline["gmv_share_change"] == 0).all()
    assert (summary.loc[summary["market"] == "asia", "gmv_usd_change"] == 0).all()
    assert set(summary["year"]) == {2023}


def test_stopping_keeps_what_is_finished(config: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done >= total // 2:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="goes on from there"):
        run(config, out=tmp_path / "r", workers=1, progress=stop)
    finished = list((tmp_path / "r" / "runs").iterdir())
    assert 0 < len(finished) < 8
    assert all(path.suffix == ".parquet" for path in finished)
    with pytest.raises(ResultsError, match="runs are missing"):
        _ = load(tmp_path / "r").table
    assert len(run(config, out=tmp_path / "r").table) == 976


def test_a_network_that_cannot_be_built_leaves_nothing_behind(config: Path, tmp_path: Path) -> None:
    config.write_text(config.read_text() + '"markets.west.network.degree" = [3]\n')
    odd = ["markets.west.network={family='regular', degree=2}", "markets.west.consumers=301"]
    with pytest.raises(InputError, match="must be even"):
        run(config, out=tmp_path / "r", overrides=odd)
    assert not (tmp_path / "r").exists()


def test_what_does_not_fit_into_memory_is_refused_before_anything_happens(config: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="GB of memory"):
        run(config, out=tmp_path / "r", overrides=["markets.west.consumers=2_000_000_000"])
    assert not (tmp_path / "r").exists()


def test_results_that_are_not_there_or_broken_are_named(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="no results here"):
        load(tmp_path)
    (tmp_path / MANIFEST).write_text("{")
    with pytest.raises(ResultsError, match="cannot be read"):
        load(tmp_path)
    (tmp_path / MANIFEST).write_text(json.dumps({"runs": ["x"]}))
    (tmp_path / "runs").mkdir()
    run_file(tmp_path, "x").write_bytes(b"not parquet")
    with pytest.raises(ResultsError, match="delete it and run again"):
        _ = load(tmp_path).table


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "t.parquet"
    write_table(pd.DataFrame({"x": np.arange(3)}), target)
    before = target.read_bytes()

    def fail(path: str) -> None:
        Path(path).write_text("half")
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError):
        write_whole(target, fail)
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]
