from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from abm.analysis.effects.precision import replicates_needed, widest
from abm.api import run
from abm.experiment.config import parse_experiment
from abm.experiment.stopping import StoppingRule

pytestmark = pytest.mark.needs_compiled


def summary(half: float, mean: float = 1.0, **values: object) -> pd.DataFrame:
    row = {"scenario": "a", "market": "us", "gmv_share_change": mean, "gmv_share_change_high": mean + half} | values
    return pd.DataFrame([row])


def test_it_stops_when_the_interval_is_narrow() -> None:
    assert replicates_needed(summary(0.09), StoppingRule(relative=0.1), 4) is None
    assert replicates_needed(summary(0.5), StoppingRule(half_width=0.5), 4) is None


def test_it_asks_for_as_many_as_the_spread_suggests() -> None:
    assert replicates_needed(summary(0.2), StoppingRule(half_width=0.1), 8) == 32
    assert replicates_needed(summary(0.11), StoppingRule(half_width=0.1), 8) == 10
    assert replicates_needed(summary(9.0), StoppingRule(half_width=0.1), 8) == 32
    assert replicates_needed(summary(0.2), StoppingRule(half_width=0.1, most=20), 8) == 20
    assert replicates_needed(summary(0.2), StoppingRule(half_width=0.1, most=20), 20) is None


def test_a_scenario_that_changes_nothing_is_precise_already() -> None:
    assert widest(summary(0.0, 0.0), StoppingRule(relative=0.1)) == 0


def test_only_the_named_rows_count() -> None:
    both = pd.concat([summary(0.01), summary(5.0, scenario="b")])
    assert replicates_needed(both, StoppingRule(half_width=0.1, scenario="a"), 4) is None
    assert replicates_needed(both, StoppingRule(half_width=0.1), 4) == 16


def test_a_run_with_automatic_replicates_gets_as_precise_as_asked(tmp_path: Path) -> None:
    experiment = parse_experiment(
        {
            "name": "auto", "weeks": 10, "seed": 3, "replicates": "auto",
            "precision": {"outcome": "adoption", "half_width": 0.01, "least": 2, "most": 64},
            "markets": {"us": {"consumers": 400, "preference": {"mean": -1.0}}},
        }
    )  # fmt: skip
    results = run(experiment, out=tmp_path, workers=1)
    row = results.summary.iloc[0]
    n = results.manifest["replicates"]
    assert row["adoption_high"] - row["adoption"] <= 0.01
    assert 2 < n < 64
    assert results.table["replicate"].nunique() == n == len(results.manifest["runs"])
    again = run(experiment, out=tmp_path, workers=1)
    assert np.isclose(again.summary["adoption"], row["adoption"], rtol=0, atol=0).all()
    assert not (tmp_path / "adoption_by_group").exists()  # nothing is done to anybody
