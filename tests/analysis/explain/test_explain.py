import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from abm.analysis.explain.explain import ExplainQuestion, Explanation, explain_gap
from abm.analysis.explain.mechanism_groups import group_order
from abm.base.errors import InputError
from abm.experiment.config import parse_experiment

pytestmark = pytest.mark.needs_compiled

SMALL = {"profile": "west", "consumers": 300, "launch": 4}


def experiment(high: dict, low: dict | None = None, **settings):
    markets = {"a": {**SMALL, **(low or {})}, "b": {**SMALL, **high}}
    return parse_experiment({"name": "small", "weeks": 60, "seed": 5, "replicates": 3, "markets": markets, **settings})


def run(tmp_path: Path, high: dict, low: dict | None = None, settings: dict | None = None, **question) -> Explanation:
    asked = ExplainQuestion(**{"outcome": "adoption", "horizon": 0} | question)
    return explain_gap(experiment(high, low, **settings or {}), asked, out=tmp_path)


FOUR = {"norm": {"strength": 3.0}, "preference": {"mean": -1.5}, "trust": {"initial": 0.8}, "launch": 0}


def test_parts_add_up_to_the_gap(tmp_path):
    found = run(tmp_path, FOUR)
    gap = found.facts["gap"]["mean"]
    assert gap > 0.1
    assert found.table["value"].sum() == pytest.approx(gap, abs=1e-9)
    assert found.facts["subsets"] == 16
    assert (found.table.loc[found.table["differs"], "standard_error"] > 0).all()
    assert found.facts["left_by_first_in"]["mean"] == pytest.approx(gap - found.table["first_in"].sum(), abs=1e-9)


def test_the_files(tmp_path):
    found = run(tmp_path, FOUR)
    table = pd.read_parquet(tmp_path / "explain" / "shapley.parquet")
    assert {"mechanism", "value", "standard_error", "first_in", "last_in"} <= set(table)
    assert set(table["mechanism"]) == set(group_order())
    pd.testing.assert_frame_equal(table, found.table)
    pairs = pd.read_parquet(tmp_path / "explain" / "interactions.parquet")
    assert len(pairs) == 6
    assert json.loads((tmp_path / "explain" / "explain.json").read_text())["gap"] == found.facts["gap"]


def test_identical_markets_give_zeros_exactly(tmp_path):
    found = run(tmp_path, {}, horizon=52)
    numbers = found.table.drop(columns=["mechanism", "differs"])
    assert (numbers == 0).all().all()
    assert found.facts["gap"] == {"mean": 0.0, "standard_error": 0.0}
    assert (found.history[["value", "first_in", "last_in", "gap"]] == 0).all().all()


def test_a_mechanism_that_does_nothing_gets_nothing(tmp_path):
    """A discount nobody is sensitive to, and live streams without weight."""
    idle = {"price": {"discount": 0.4, "sensitivity": 0.0}, "livestream": {"reach": 0.9, "weight": 0.0}}
    low = {"price": {"sensitivity": 0.0}, "livestream": {"weight": 0.0}}
    table = run(tmp_path, {**FOUR, **idle}, low).table.set_index("mechanism")
    for name in ("price", "livestream"):
        assert table.loc[name, "differs"]
        assert (table.loc[name].drop("differs") == 0).all()


def test_a_mechanism_with_little_to_do_is_zero_within_its_error(tmp_path):
    """Another network of the same kind: only chance differs."""
    low = {"network": {"family": "random", "degree": 10}}
    high = {"network": {"family": "regular", "degree": 10}, "preference": {"mean": -1.5}}
    table = run(tmp_path, high, low, {"replicates": 6}).table.set_index("mechanism")
    row = table.loc["network"]
    assert abs(row["value"]) < 5 * row["standard_error"]
    assert table.loc["preference", "value"] > 10 * table.loc["preference", "standard_error"]


def test_symmetric_mechanisms_are_equal(tmp_path):
    """Half a unit of utility less, once by taste and once by clutter: f(S) is the same, so the parts are."""
    low = {"preference": {"mean": 0.0}, "integration": {"functions": 2, "benefit": 0.0, "clutter": 0.0}}
    high = {"preference": {"mean": -0.5}, "integration": {"functions": 2, "benefit": 0.0, "clutter": 0.5}}
    table = run(tmp_path, high, low).table.set_index("mechanism")
    assert table.loc["preference", "value"] == pytest.approx(table.loc["integration", "value"], abs=1e-15)
    assert table.loc["preference", "value"] < -0.01


def test_what_is_finished_is_not_run_again(tmp_path):
    first = run(tmp_path, FOUR)
    file = tmp_path / "explain" / "runs.jsonl"
    lines = file.read_text().splitlines()
    file.write_text("\n".join(lines[:20]) + '\n{"key": "cut off')  # as a killed job leaves it
    calls = []
    asked = ExplainQuestion(outcome="adoption", horizon=0)
    again = explain_gap(experiment(FOUR), asked, out=tmp_path, progress=lambda done, total: calls.append((done, total)))
    pd.testing.assert_frame_equal(first.table, again.table)
    assert calls[-1][0] == calls[-1][1]
    assert len(file.read_text().splitlines()) == len(lines) + 1  # the cut line stays; its run was made again


def test_threads_do_not_matter(tmp_path):
    one = explain_gap(experiment(FOUR), ExplainQuestion(horizon=0), out=tmp_path / "one", workers=1)
    two = explain_gap(experiment(FOUR), ExplainQuestion(horizon=0), out=tmp_path / "two", workers=3)
    pd.testing.assert_frame_equal(one.table, two.table)


def test_orders_drawn_come_near_all_subsets(tmp_path):
    exact = run(tmp_path, FOUR).table.set_index("mechanism")
    drawn = run(tmp_path, FOUR, permutations=60)
    table = drawn.table.set_index("mechanism").loc[exact.index]
    assert drawn.table["value"].sum() == pytest.approx(drawn.facts["gap"]["mean"], abs=1e-9)
    assert (np.abs(table["value"] - exact["value"]) < 0.02).all()
    assert (table["first_in"] == exact["first_in"]).all()
    assert drawn.pairs.empty


def test_parameter_by_parameter(tmp_path):
    found = run(tmp_path, FOUR | {"trust": {"initial": 0.8, "service_quality": 0.99}}, by="parameter")
    assert set(found.table["mechanism"]) == {
        "norm.strength", "preference.mean", "trust.initial", "trust.service_quality", "launch",
    }  # fmt: skip
    assert found.table["value"].sum() == pytest.approx(found.facts["gap"]["mean"], abs=1e-9)


def test_many_parameter_sets(tmp_path):
    draws = pd.DataFrame({"markets.b.norm.strength": [1.2, 2.0, 3.0], "markets.a.norm.strength": [1.2, 1.2, 1.2]})
    found = explain_gap(experiment(FOUR), ExplainQuestion("adoption", horizon=0), draws=draws, out=tmp_path)
    table = found.table.set_index("mechanism")
    assert found.draws.groupby("draw")["value"].sum().to_numpy() == pytest.approx(
        found.draws.groupby("draw")["gap"].first().to_numpy(), abs=1e-9
    )
    assert table.loc["norm", "draw_low"] < table.loc["norm", "value"] < table.loc["norm", "draw_high"]
    assert not found.draws.query("draw == 0 and mechanism == 'norm'")["value"].any()  # equal in the first set
    assert table["value"].sum() == pytest.approx(found.facts["gap"]["mean"], abs=1e-9)


@pytest.mark.parametrize(
    ("column", "message"), [("norm.strength", "must be markets"), ("markets.c.norm.strength", "must be markets"),
                            ("markets.a.norm.strenth", "did you mean")],
)  # fmt: skip
def test_wrong_parameter_sets_are_refused(tmp_path, column, message):
    with pytest.raises(InputError, match=message):
        explain_gap(experiment(FOUR), draws=pd.DataFrame({column: [1.0]}), out=tmp_path)


def test_unknown_outcomes_are_refused(tmp_path):
    with pytest.raises(InputError, match="gmv_share"):
        run(tmp_path, FOUR, outcome="gmv_sahre")


@pytest.mark.parametrize("horizon", [1, 51])
def test_a_horizon_of_less_than_a_year_is_refused(horizon: int, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"horizon = .*allowed: 0, or 52 weeks"):
        explain_gap(experiment(FOUR), ExplainQuestion(horizon=horizon), out=tmp_path)
