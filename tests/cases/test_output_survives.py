"""Output survives its surroundings."""

import os
import subprocess
import sys
from pathlib import Path


def test_unicode_stdout(tmp_path: Path) -> None:
    """A question that the encoding of a log file lacks: the run ends well, and the report is there."""
    config = 'name = "uni"\nquestion = "直播带货 — how far?"\nweeks = 5\n[markets.us]\nconsumers = 50\n'
    (tmp_path / "c.toml").write_text(config, encoding="utf-8")
    command = [sys.executable, "-c", "from abm.cli.app import main; main()", "run", "c.toml"]
    with (tmp_path / "log.txt").open("wb") as log:
        done = subprocess.run(
            command, cwd=tmp_path, env=os.environ | {"PYTHONIOENCODING": "cp1252"}, stdout=log,
            stderr=subprocess.PIPE, check=False, timeout=300,
        )  # fmt: skip
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    text = (tmp_path / "log.txt").read_text(encoding="cp1252")
    assert "???? — how far?" in text
    assert "Report:" in text
    assert "直播带货 — how far?" in (tmp_path / "results" / "uni" / "report.html").read_text(encoding="utf-8")
