from collections.abc import Callable

import pandas as pd
import pytest

from abm.analysis.effects.summary import outcomes, summarize

pytestmark = pytest.mark.needs_compiled


def test_a_short_run_is_taken_as_a_whole(make_results: Callable[..., pd.DataFrame]) -> None:
    runs = outcomes(make_results(weeks=20))
    assert runs["year"].tolist() == [0]
    assert 0 < runs["gmv_share"].iloc[0] < 1


def test_changes_are_paired_run_by_run(make_results: Callable[..., pd.DataFrame]) -> None:
    base = pd.concat([make_results().assign(replicate=r, adoption=0.1 * r) for r in range(3)])
    moved = base.assign(scenario="moved", adoption=base["adoption"] + 0.25)
    row = summarize(pd.concat([base, moved])).set_index("scenario").loc["moved"]
    assert row["adoption_change"] == pytest.approx(0.25)
    assert row["adoption_change_high"] - row["adoption_change_low"] == pytest.approx(0, abs=1e-12)
    assert row["adoption_high"] - row["adoption_low"] > 0.1
