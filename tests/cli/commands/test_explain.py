"""``abm explain`` as a user types it."""

import re

import pytest
from typer.testing import CliRunner

from abm.cli.app import app

pytestmark = pytest.mark.needs_compiled


def test_explain_prints_parts_and_findings(config, tmp_path):
    done = CliRunner().invoke(app, ["explain", str(config), "--horizon", "52", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    text = re.sub(r"\s+", " ", done.output)
    for words in ("taste for one app", "what others do", "together", "hence exactly 0", "after one year"):
        assert words in text
    assert (tmp_path / "out" / "explain.html").is_file()
    assert (tmp_path / "out" / "explain" / "shapley.parquet").is_file()
