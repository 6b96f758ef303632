"""Plugins are loaded once in a process; tests/test_extending.py loads each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from abm.base.errors import InputError
from abm.engine.outcomes import OUTCOMES
from abm.experiment import plugins
from abm.experiment.plugins import load_plugin, load_plugins, loaded_plugins, plugin_hashes

TEXT = """
from abm.engine.outcomes import outcome

@outcome("unaware", unit="consumers", meaning="do not know that one can shop in the super-app")
def unaware(record):
    return record.market.consumers - record.tallies[:, 0]
"""


@pytest.fixture
def plugin(tmp_path: Path) -> Iterator[Path]:
    """A file with an outcome, which is taken back afterwards."""
    file = tmp_path / "unaware.py"
    file.write_text(TEXT)
    yield file
    plugins._LOADED.pop(file.resolve(), None)
    if "unaware" in OUTCOMES:
        OUTCOMES.remove("unaware")


def test_a_plugin_is_loaded_once(plugin: Path) -> None:
    load_plugins(["unaware.py", plugin], plugin.parent)
    load_plugin(plugin)
    assert "unaware" in OUTCOMES
    assert loaded_plugins().count(plugin.resolve()) == 1
    assert len(plugin_hashes()) == len(loaded_plugins())


def test_a_plugin_that_was_changed_is_refused(plugin: Path) -> None:
    load_plugin(plugin)
    plugin.write_text(TEXT.replace("unaware", "unknown"))
    with pytest.raises(InputError, match="was changed since it was loaded"):
        load_plugin(plugin)


def test_every_wrong_plugin_is_named(plugin: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_plugins(["first.py", plugin.name, "second.txt"], plugin.parent)
    assert len(caught.value.problems) == 2
    assert "first.py" in str(caught.value)
    assert "second.txt" in str(caught.value)


def test_what_a_wrong_plugin_registered_is_taken_back(plugin: Path) -> None:
    n_removed = OUTCOMES.n_removed
    plugin.write_text(TEXT + "\nraise RuntimeError('at the end')\n")
    with pytest.raises(InputError, match="line 8: RuntimeError: at the end"):
        load_plugin(plugin)
    assert "unaware" not in OUTCOMES
    assert OUTCOMES.n_removed == n_removed  # what is on disk is used as before
