"""Frozen numbers: they change only with a new model version, through ``python -m tests.baselines.refresh``."""

import json
from pathlib import Path

import pytest

from tests.baselines import refresh, runs


@pytest.mark.needs_compiled
@pytest.mark.parametrize("name", runs.all_runs())
def test_numbers_are_those_of_this_version(name: str) -> None:
    frozen = json.loads(refresh.file_of(name).read_text())
    assert {key: frozen[key] for key in runs.versions()} == runs.versions(), "versions differ: refresh the baselines"
    found = runs.tallies(name)
    assert found.keys() == frozen["tallies"].keys()
    for market, columns in frozen["tallies"].items():
        for column, weeks in columns.items():
            assert found[market][column] == weeks, f"{market}, {column}: raise MODEL_VERSION if this was meant"


def test_every_baseline_has_its_run() -> None:
    assert {file.name for file in refresh.FOLDER.glob("*.json")} == {
        refresh.file_of(name).name for name in runs.all_runs()
    }


def test_the_runs_move() -> None:
    """Guard against frozen nothing: every column of the busy runs moves."""
    for name in runs.all_runs():
        frozen = json.loads(refresh.file_of(name).read_text())
        moving = [c for market in frozen["tallies"].values() for c, weeks in market.items() if len(set(weeks)) > 3]
        missing = {c.lower() for c in runs.COLUMNS} - set(moving)
        assert missing <= ({"to_single"} if "no way back" in name else set()), name


def small(monkeypatch: pytest.MonkeyPatch) -> None:
    markets = [runs.Market(consumers=20)]
    monkeypatch.setattr(runs, "all_runs", lambda: {"one": (markets, []), "two": (markets, [])})
    monkeypatch.setattr(runs, "WEEKS", 2)


def test_refresh_refuses_the_same_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    assert len(refresh.refresh(tmp_path)) == 2
    before = (tmp_path / "one.json").read_bytes()
    (tmp_path / "one.json").write_bytes(before.replace(b'"n_super": [0', b'"n_super": [9'))
    with pytest.raises(refresh.SameVersion, match="raise MODEL_VERSION"):
        refresh.refresh(tmp_path)
    assert (tmp_path / "one.json").read_bytes() != before
    monkeypatch.setattr(runs, "MODEL_VERSION", runs.MODEL_VERSION + 1)
    assert len(refresh.refresh(tmp_path)) == 2
    assert b'"n_super": [0' in (tmp_path / "one.json").read_bytes()


def test_refresh_adds_new_runs_but_changes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    refresh.refresh(tmp_path)
    (tmp_path / "two.json").unlink()
    stamp = (tmp_path / "one.json").stat().st_mtime_ns
    assert [path.name for path in refresh.refresh(tmp_path)] == ["two.json"]
    assert (tmp_path / "one.json").stat().st_mtime_ns == stamp
