"""What is validated runs to a complete report: configs made from the schema."""

from pathlib import Path

import pytest

from tests.experiment.config_generator import COMPLETE, REFUSED, never_accepted, try_configs


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_dozen_configs_are_refused_in_plain_words_or_run_to_their_report(tmp_path: Path, seed: int) -> None:
    outcome = try_configs(12, seed, tmp_path)
    assert not outcome.failures
    assert outcome.counts[COMPLETE] >= 2
    assert outcome.counts[COMPLETE] + outcome.counts[REFUSED] == 12


@pytest.mark.slow
def test_every_parameter_lever_and_design_is_among_what_runs(tmp_path: Path) -> None:
    outcome = try_configs(400, 0, tmp_path)
    assert not outcome.failures
    assert outcome.counts[COMPLETE] >= 400 / 3
    assert not never_accepted(outcome)
