"""The command that a page or a manifest prints gives the same numbers again, in another folder."""

import html
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from abm import load

CONFIG = """
name = "x"
question = "Why?"
weeks = 12
replicates = 2
[markets.west]
consumers = 70
initial_adoption = 0.2
norm.strength = 3.0
preference.mean = -1.5
[markets.east]
consumers = 70
initial_adoption = 0.2
preference.mean = 0.5
[[scenarios]]
name = "deal"
levers = [{ kind = "subsidy", market = "west", start = 2, weeks = 4, discount = 0.3 }]
"""
PLUGIN = """
from abm.engine.outcomes import outcome

@outcome("odd", unit="consumers", meaning="a count")
def odd(record):
    return record.tallies[:, 0] % 2
"""
SETS = ["--set", "markets.west.norm.strength = 2.5", "--set", "seed=7", "--set", 'question="It\'s \\"so\\" & more"']


def abm(*words: str, cwd: Path) -> str:
    command = [sys.executable, "-c", "from abm.cli.app import main; main()", *words]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


def printed(page: Path) -> list[str]:
    """Return the words of the command that a page prints."""
    found = re.search(r"<pre>(abm .*?)</pre>", page.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    words = shlex.split(html.unescape(found[1]))
    assert words[0] == "abm"
    return words[1:]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "my config.toml").write_text(CONFIG)
        (tmp_path / name / "odd.py").write_text(PLUGIN)
    return tmp_path / "here", tmp_path / "there"


def test_run_and_compare(folders: tuple[Path, Path]) -> None:
    here, there = folders
    abm("run", "my config.toml", *SETS, "--workers", "1", "--out", "somewhere", cwd=here)
    results = load(here / "somewhere")
    words = printed(here / "somewhere" / "report.html")
    assert shlex.split(results.manifest["command"])[1:] == words
    assert "--out" not in words
    abm(*words, cwd=there)
    again = load(there / "results" / "x")
    assert again.manifest["config"]["seed"] == 7
    assert again.table.equals(results.table)
    assert again.summary.equals(results.summary)
    assert again.manifest["config_hash"] == results.manifest["config_hash"]
    shown = abm("compare", "somewhere", cwd=here)
    assert shlex.split("".join(shown.partition("Made by: ")[2].splitlines()[:1]))[1:] == words
    shutil.rmtree(here / "somewhere")


def test_a_plugin_of_the_command_line_is_part_of_it(folders: tuple[Path, Path]) -> None:
    here, there = folders
    abm("--plugin", "odd.py", "run", "my config.toml", cwd=here)
    words = printed(here / "results" / "x" / "report.html")
    assert words[:2] == ["--plugin", "odd.py"]
    abm(*words, cwd=there)
    assert load(there / "results" / "x").table.equals(load(here / "results" / "x").table)
    assert "odd" in load(there / "results" / "x").table


ANALYSES: list[tuple[str, list[str], list[str]]] = [
    ("explain", ["--outcome", "adoption", "--low", "east", "--high", "west", "--by", "parameter", "--horizon", "0"],
     ["shapley"]),
    ("explain", ["--permutations", "3", "--horizon", "52", "--draws", "my draws.csv"], ["shapley", "draws", "states"]),
    ("tip", ["--market", "east", "--x", "norm.strength:0:3:2", "--y", "preference.mean:-1:1:2", "--settle", "20",
             "--ramp", "preference.mean:-1:2:3:4"], ["states", "phase", "loop"]),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("name", "options", "tables"), ANALYSES, ids=["explain", "explain with draws", "tip"])
def test_analyses(name: str, options: list[str], tables: list[str], folders: tuple[Path, Path]) -> None:
    for folder in folders:
        (folder / "my draws.csv").write_text("markets.west.norm.strength\n1.0\n2.0\n")
    here, there = folders
    abm(name, "my config.toml", *SETS, *options, "--workers", "2", "--out", "out", cwd=here)
    words = printed(here / "out" / f"{name}.html")
    assert [option for option in options if option not in words] == []
    abm(*words, cwd=there)

    def facts(folder: Path) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((folder / name / f"{name}.json").read_text(encoding="utf-8"))
        return {key: value for key, value in found.items() if key != "folder"}

    first, second = facts(here / "out"), facts(there / "results" / "x")
    assert first == second
    assert first["config"]["seed"] == 7
    assert first["markets"]["west"]["norm"]["strength"] == 2.5
    assert {"command", "config_hash", "model_version", "rng_version", "versions", "overrides"} <= set(first)
    for table in tables:
        one, other = (pd.read_parquet(f / name / f"{table}.parquet") for f in (here / "out", there / "results" / "x"))
        assert one.equals(other)


@pytest.mark.slow
def test_verify(tmp_path: Path) -> None:
    abm("verify", "--quick", "--seed", "3", cwd=tmp_path)
    page = (tmp_path / "results" / "verification" / "verification.html").read_text(encoding="utf-8")
    words = printed(tmp_path / "results" / "verification" / "verification.html")
    assert words == ["verify", "--quick", "--seed", "3"]
    abm(*words, "--out", "again", cwd=tmp_path)
    again = (tmp_path / "again" / "verification.html").read_text(encoding="utf-8")
    got = re.compile(r'<td class="number">[^<]*</td>\s*<td class="number">[^<]*</td>\s*<td class="(?:good|fail)">')
    first, second = (re.findall(got, text[text.index('<section id="check1">') :]) for text in (page, again))
    assert first == second != []
