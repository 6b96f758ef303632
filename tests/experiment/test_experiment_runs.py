"""The runs of an experiment: which come first where runs go to processes."""

from datetime import date

from abm import Market
from abm.experiment.experiment_runs import one_of_each_kind
from abm.experiment.run_spec import RunSpec


def spec(replicate: int, *families: str) -> RunSpec:
    markets = tuple(Market(name=f"m{i}", network={"family": family}) for i, family in enumerate(families))
    return RunSpec("baseline", replicate, 0, date(2024, 1, 1), 5, markets, ())


def test_the_first_run_of_each_kind_of_network_comes_first() -> None:
    specs = [spec(0, "ring"), spec(1, "ring"), spec(0, "random", "ring"), spec(1, "ring", "random"), spec(0, "random")]
    assert {(one.replicate, len(one.markets)) for one in one_of_each_kind(specs)} == {(0, 1), (0, 2)}
    assert len(one_of_each_kind(specs)) == 3
    assert one_of_each_kind([]) == []
