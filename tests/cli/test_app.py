"""The commands as a user types them: output, exit status, and no traceback whatever the input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import abm
from tests.small_experiment import CONFIG

pytestmark = pytest.mark.needs_compiled

ROOT = Path(__file__).parents[2]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(CONFIG)
    return path


def test_run_prints_a_comparison_and_writes_a_report(config: Path, tmp_path: Path) -> None:
    done = abm("run", config.name, "--workers", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for word in ("Does it run?", "baseline", "deal", "west", "asia", "results/small"):
        assert word in done.stdout
    report = (tmp_path / "results" / "small" / "report.html").read_text()
    assert "Does it run?" in report
    assert abm("report", "results/small", cwd=tmp_path).returncode == 0


def test_validate_says_fine_or_names_every_problem(config: Path, tmp_path: Path) -> None:
    assert "8 runs" in abm("validate", config.name, cwd=tmp_path).stdout
    config.write_text(CONFIG.replace("weeks = 60", "weeks = 0").replace("seed = 3", "sed = 3"))
    done = abm("validate", config.name, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "abm: small.toml: weeks = 0: out of range; allowed: 1 to 100,000",
        'abm: small.toml: sed: unknown key; did you mean "seed"?',
    ]


@pytest.mark.parametrize(
    "words",
    [
        ("run", "none.toml"), ("validate", "."), ("report", "nowhere"), ("markets", "narnia"),
        ("run", "small.toml", "--set", "weeks"),
        ("run", "small.toml", "--set", "markets.west.consumers=1_000_000_000_000"),
        ("run", "small.toml", "--set", "markets.west.norm.strength=nan"), ("run", "small.toml", "--workers", "0"),
        ("run", "small.toml", "--out", "small.toml/x"), ("dance",),
    ],
)  # fmt: skip
def test_wrong_input_is_refused_in_plain_words(config: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    done = abm(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small.toml"]


def test_markets_lists_profiles_and_shows_evidence() -> None:
    assert "southeast_asia" in abm("markets").stdout
    shown = abm("markets", "us").stdout
    assert "norm.strength" in shown
    assert "assumed" in shown


def test_schema_accepts_what_validate_accepts_and_knows_every_parameter() -> None:
    schema = json.loads(abm("schema").stdout)
    market = schema["$defs"]["Market"]["properties"]
    assert {"profile", "consumers", "norm", "network"} <= set(market)
    assert schema["$defs"]["Norm"]["properties"]["strength"]["maximum"] == 100
    assert schema["properties"]["weeks"]["minimum"] == 1


def test_help_does_not_import_what_it_does_not_need() -> None:
    code = (
        "import sys; sys.argv = ['abm', '--help']\nfrom abm.cli.app import main\ntry: main()\nexcept SystemExit: pass\n"
    )
    code += "print([m for m in ('numba', 'pandas', 'mesa', 'pydantic', 'matplotlib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "[]"
