"""Files of different configurations in one results folder stay apart, and nothing is computed twice."""

import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from abm import load, run
from abm.base.errors import Interrupted, ResultsError
from abm.experiment.config import Experiment, parse_experiment
from abm.experiment.configurations import LATEST
from abm.experiment.result_files import MANIFEST, RUNS, STATUS, SUMMARY, run_file
from abm.report import write_report


def experiment(replicates: int = 2, **changes: Any) -> Experiment:
    market = {"consumers": 60, "shoppers": 1e6, "initial_adoption": 0.2}
    levers = [{"kind": "subsidy", "market": "us", "start": 1, "weeks": 2, "discount": 0.3}]
    config = {"name": "x", "weeks": 4, "replicates": replicates, "markets": {"us": market},
              "scenarios": [{"name": "deal", "levers": levers}]}  # fmt: skip
    return parse_experiment(config | changes)


def keys(folder: Path) -> set[str]:
    """Return the runs that a glob of one folder finds."""
    return {file.stem for file in folder.glob("*.parquet")}


def simulated(folder: Path) -> int:
    file = load(folder).home / STATUS
    return len(file.read_text().splitlines()) if file.is_file() else 0


def test_a_glob_finds_the_runs_of_the_manifest_and_no_others(tmp_path: Path) -> None:
    for asked in (experiment(), experiment(weeks=5), experiment(3), experiment(scenarios=[]), experiment()):
        results = run(asked, out=tmp_path)
        assert keys(tmp_path / RUNS) == set(results.manifest["runs"])
        deals = {key for key in results.manifest["runs"] if key.startswith("deal")}
        for part in ("ledger", "adoption_by_group"):
            assert (tmp_path / part).exists() == bool(deals)
        assert keys(tmp_path / "ledger") == deals
        assert pd.read_parquet(tmp_path / SUMMARY).equals(results.summary)
    assert len(list((tmp_path / "configurations").iterdir())) == 4
    links = [path for path in tmp_path.iterdir() if path.is_symlink()]
    assert all(path.exists() for path in links)
    assert all(not os.path.isabs(path.readlink()) for path in links)  # noqa: PTH117 - as written in the link


def test_runs_of_other_configurations_are_taken_over(tmp_path: Path) -> None:
    few, more = run(experiment(1), out=tmp_path), run(experiment(3), out=tmp_path)
    assert simulated(tmp_path) == 4
    for part in (RUNS, "ledger", "adoption_by_group"):
        for file in (few.home / part).glob("*.parquet"):
            assert file.samefile(more.home / part / file.name)
    back = run(experiment(2), out=tmp_path)
    assert simulated(tmp_path) == 0
    fresh = run(experiment(2), out=tmp_path / "fresh")
    assert back.table.equals(fresh.table)
    assert back.ledger.equals(fresh.ledger)


def test_a_run_that_cannot_be_read_is_not_taken_over(tmp_path: Path) -> None:
    first = run(experiment(1), out=tmp_path)
    run_file(first.home, first.manifest["runs"][0]).write_bytes(b"cut off")
    assert len(run(experiment(2), out=tmp_path).table) == 2 * 2 * 5


def test_results_that_were_loaded_stay_what_they_were(tmp_path: Path) -> None:
    """Whatever else is run into the same folder, and also where nothing was read before."""
    table = run(experiment(), out=tmp_path).table
    old = load(tmp_path)
    new = run(experiment(weeks=9), out=tmp_path)
    assert old.table.equals(table)
    assert old.summary["scenario"].tolist() == ["baseline", "deal"]
    assert old.ledger["week"].max() <= 4
    assert not old.summary.equals(new.summary)
    assert load(old.home).table.equals(table)


def test_what_was_read_can_be_written_into(tmp_path: Path) -> None:
    results = run(experiment(), out=tmp_path)
    for part in ("table", "summary", "ledger", "adoption_by_group"):
        before = getattr(results, part)
        changed = getattr(results, part)
        changed.iloc[:, 0] = "other"
        changed["more"] = 1
        assert getattr(results, part).equals(before)
    results.manifest["runs"].clear()
    assert len(results.manifest["runs"]) == 4


@pytest.mark.parametrize("part", ["table", "summary", "ledger", "adoption_by_group"])
def test_parts_of_an_unfinished_experiment_refuse(part: str, tmp_path: Path) -> None:
    run(experiment(), out=tmp_path)

    def stop(done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="goes on from there"):
        run(experiment(6, weeks=8), out=tmp_path, workers=1, progress=stop)
    results = load(tmp_path)
    assert not results.manifest["complete"]
    with pytest.raises(ResultsError, match=rf"{part}.*not complete, .* runs are missing.*run the experiment again"):
        getattr(results, part)
    assert "still missing" in repr(results)
    assert "<td>12</td>" in results._repr_html_()
    with pytest.raises(ResultsError, match="not complete"):
        write_report(tmp_path)
    assert not (tmp_path / SUMMARY).exists()
    assert len(getattr(run(experiment(6, weeks=8), out=tmp_path), part))


@pytest.mark.parametrize("part", ["table", "summary", "ledger", "adoption_by_group"])
def test_parts_refuse_where_the_manifest_says_so(part: str, tmp_path: Path) -> None:
    """Also where all files are there: the process may have been killed before the summary was written."""
    results = run(experiment(), out=tmp_path)
    file = results.home / MANIFEST
    file.write_text(json.dumps(results.manifest | {"complete": False}))
    with pytest.raises(ResultsError, match="not complete, no summary yet"):
        getattr(load(tmp_path), part)


def test_a_summary_beside_another_manifest_refuses(tmp_path: Path) -> None:
    results = run(experiment(), out=tmp_path)
    (results.home / MANIFEST).write_text(json.dumps(results.manifest | {"config_hash": "0" * 64}))
    with pytest.raises(ResultsError, match="made by another configuration"):
        _ = load(tmp_path).summary
    (results.home / SUMMARY).unlink()
    with pytest.raises(ResultsError, match="is missing; run the experiment again"):
        _ = load(tmp_path).summary


def test_where_links_cannot_be_made_this_is_said_and_all_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    run(experiment(), out=tmp_path)
    results = run(experiment(3), out=tmp_path)
    write_report(tmp_path)
    assert any(f"links cannot be made in {tmp_path}" in note for note in results.manifest["notes"])
    assert keys(results.home / RUNS) == set(results.manifest["runs"])
    assert len(load(tmp_path).table) == 6 * 5
    assert load(tmp_path).manifest["complete"]
    assert simulated(tmp_path) == 2
    assert (tmp_path / "report.html").read_bytes() == (results.home / "report.html").read_bytes()
    assert not (tmp_path / LATEST).exists()
    assert not (tmp_path / RUNS).exists()


def test_a_folder_of_a_version_without_configurations_is_kept_aside(tmp_path: Path) -> None:
    (tmp_path / RUNS).mkdir()
    (tmp_path / RUNS / "old.parquet").write_bytes(b"old")
    (tmp_path / MANIFEST).write_text('{"runs": ["old"]}')
    (tmp_path / "explain").mkdir()
    results = run(experiment(), out=tmp_path)
    assert keys(tmp_path / RUNS) == set(results.manifest["runs"])
    assert (tmp_path / "configurations" / "earlier" / RUNS / "old.parquet").read_bytes() == b"old"
    assert (tmp_path / "configurations" / "earlier" / MANIFEST).is_file()
    assert (tmp_path / "explain").is_dir()


def test_a_configuration_is_known_by_its_runs_and_not_by_how_it_is_written() -> None:
    same = experiment(question="another", target={"market": "us", "year": 2020, "gmv_usd": 1.0})
    assert same.config_hash == experiment().config_hash
    assert (
        len({e.config_hash for e in (experiment(), experiment(3), experiment(seed=1), experiment(scenarios=[]))}) == 4
    )


def test_results_show_themselves_in_two_lines(tmp_path: Path) -> None:
    results = run(experiment(), out=tmp_path)
    assert repr(results).splitlines()[0].endswith("; 4 runs")
    assert repr(results).splitlines()[1:] == ["markets us; scenarios baseline; deal"]
    assert results._repr_html_().count("<tr") == 3
