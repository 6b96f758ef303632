import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from abm.cli.analysis_commands import axis_of, ramp_of, read_table
from abm.cli.app import app
from abm.errors import InputError

pytestmark = pytest.mark.needs_compiled

CONFIG = """
name = "small"
weeks = 60
replicates = 2
[markets.west]
profile = "west"
consumers = 300
launch = 4
[markets.asia]
profile = "west"
consumers = 300
launch = 4
norm.strength = 3.0
preference.mean = -1.5
"""


@pytest.fixture
def config(tmp_path) -> Path:
    file = tmp_path / "small.toml"
    file.write_text(CONFIG)
    return file


def test_explain_prints_parts_and_findings(config, tmp_path):
    done = CliRunner().invoke(app, ["explain", str(config), "--horizon", "52", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    text = re.sub(r"\s+", " ", done.output)
    for words in ("taste for one app", "what others do", "together", "hence exactly 0", "after one year"):
        assert words in text
    assert (tmp_path / "out" / "explain.html").is_file()
    assert (tmp_path / "out" / "explain" / "shapley.parquet").is_file()


def test_tip_prints_findings(config, tmp_path):
    arguments = [
        "--x",
        "norm.strength:0:2:2",
        "--y",
        "habit.strength:0:2:2",
        "--ramp",
        "norm.strength:0:2:2:4",
        "--settle",
        "8",
    ]
    done = CliRunner().invoke(app, ["tip", str(config), *arguments, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "tip.html").is_file()


@pytest.mark.parametrize(
    "text", ["norm.strength", "norm.strength:2:1", "norm.strength:a:b", "norm.strength:0:1:1", "n:0:1:2:3:4"]
)
def test_wrong_axes_and_ramps_are_refused(text):
    with pytest.raises(InputError):
        axis_of("x", text)
    if text != "norm.strength:0:1:1":
        with pytest.raises(InputError):
            ramp_of(text)


def test_axes_and_ramps():
    assert axis_of("x", "norm.strength:-1:2.5").values[[0, -1]].tolist() == [-1.0, 2.5]
    assert ramp_of("norm.strength:0:1:10:4").speed == pytest.approx(0.025)


def test_tables(tmp_path):
    file = tmp_path / "draws.csv"
    file.write_text("markets.west.norm.strength\n1.5\n")
    assert read_table(file).iloc[0, 0] == 1.5
    with pytest.raises(InputError, match="no such file"):
        read_table(tmp_path / "none.csv")
