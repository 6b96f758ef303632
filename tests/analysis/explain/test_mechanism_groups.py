import pytest

from abm import Market
from abm.analysis.explain.mechanism_groups import differences, group_of, group_order, mixed, two_markets
from abm.base.errors import InputError
from abm.markets.market import parameter_paths

pytestmark = pytest.mark.needs_compiled


def west_asia(**changes) -> tuple[Market, Market]:
    return Market.profile("west").replace(changes), Market.profile("asia").replace(changes)


def test_every_parameter_is_in_a_group_or_a_size():
    without = {path for path, _ in parameter_paths() if group_of(path) is None}
    assert without == {"name", "consumers", "shoppers", "annual_spend", "returns"}
    assert set(group_order()) <= {group_of(path) for path, _ in parameter_paths()}


def test_the_shipped_markets_differ_in_ten_groups():
    low, high = west_asia()
    assert {"price", "supply"}.isdisjoint(differences(low, high))
    assert list(differences(low, high))[-1] == "occasion"
    assert differences(low, high)["trust"] == {"trust.initial": 0.70, "trust.service_quality": 0.96}
    assert set(differences(low, high, "parameter")) >= {"trust.initial", "network.degree", "launch"}


def test_all_changes_make_the_high_market_under_the_low_name():
    low, high = west_asia()
    result = mixed(low, differences(low, high).values())
    assert result.name == "west"
    assert not differences(result, high)
    assert result.shoppers == low.shoppers


def test_no_changes_make_the_low_market():
    low, _ = west_asia()
    assert mixed(low, []) is low


def test_a_start_given_in_another_way_is_replaced_as_a_whole():
    low = Market(name="a", initial_adoption=0.2)
    high = Market(name="b", seed_adopters=5)
    result = mixed(low, differences(low, high).values())
    assert (result.initial_adoption, result.seed_adopters) == (0.0, 5)


def test_which_two_markets():
    markets = {name: Market(name=name) for name in ("a", "b", "c")}
    assert [m.name for m in two_markets({"a": markets["a"], "b": markets["b"]}, None, None)] == ["a", "b"]
    assert [m.name for m in two_markets({"a": markets["a"], "b": markets["b"]}, "b", None)] == ["b", "a"]
    assert [m.name for m in two_markets(markets, "c", "a")] == ["c", "a"]


@pytest.mark.parametrize(
    ("names", "low", "high", "message"),
    [("abc", None, None, "3 markets"), ("a", None, None, "1 market "), ("ab", "x", None, "no such market"),
     ("abc", "a", None, "name two")],
)  # fmt: skip
def test_not_two_markets_is_refused(names, low, high, message):
    with pytest.raises(InputError, match=message):
        two_markets({name: Market(name=name) for name in names}, low, high)


def test_ties_abroad_are_refused():
    tied = Market(name="a", network={"family": "ring", "degree": 4, "ties_abroad": 0.1})
    with pytest.raises(InputError, match="ties_abroad"):
        two_markets({"a": tied, "b": Market(name="b")}, None, None)
