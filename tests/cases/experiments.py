"""Experiments of a few lines, run to their report as ``abm run`` does it."""

import contextlib
import io
from pathlib import Path

import pytest

from abm import run
from abm.base.errors import InputError
from abm.cli.result_tables import print_summary
from abm.experiment.config import load_experiment
from abm.experiment.results import Results
from abm.report import write_report


def config(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def complete(file: Path, *overrides: str) -> Results:
    """Return the results of a config of which all runs, the summary and the report are there."""
    results = run(file, out=file.parent / "out", workers=1, overrides=overrides)
    with contextlib.redirect_stdout(io.StringIO()):
        print_summary(results.summary, results.manifest)
    assert write_report(results.path).is_file()
    return results


def refusal(file: Path, *overrides: str) -> str:
    """Return why a config is refused."""
    with pytest.raises(InputError) as caught:
        load_experiment(file, overrides)
    return str(caught.value)
