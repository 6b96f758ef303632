"""A small experiment for the commands that analyse."""

from pathlib import Path

import pytest

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
