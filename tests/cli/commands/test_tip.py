"""``abm tip`` as a user types it."""

import pytest
from typer.testing import CliRunner

from abm.cli.app import app

pytestmark = pytest.mark.needs_compiled


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
