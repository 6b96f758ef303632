"""The command ``abm`` in a process of its own."""

import subprocess
import sys
from pathlib import Path


def abm(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from abm.cli.app import main; main()", *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False, timeout=300)
