from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm import Market
from abm.base.errors import InputError
from abm.markets.market import nested, parameter_paths
from abm.markets.profile import load_profile, overlay, profile_names


def test_market_without_arguments_is_neutral() -> None:
    market = Market()
    assert market.awareness.initial == 1.0
    assert market.occasion_rate == 1.0
    assert market.network.family == "complete"
    assert market.choice.noise == "logistic"
    assert market.choice.reversible
    assert market.launch == 0
    for mechanism, weight in (
        ("preference", "mean"), ("preference", "spread"), ("integration", "benefit"), ("integration", "clutter"),
        ("habit", "strength"), ("norm", "strength"), ("trust", "weight"), ("livestream", "weight"),
        ("price", "sensitivity"), ("supply", "weight"), ("trust", "bad_news"),
    ):  # fmt: skip
        assert getattr(getattr(market, mechanism), weight) == 0


def test_replace_takes_dotted_and_nested_paths_and_keeps_the_rest() -> None:
    market = Market.profile("west").replace({"norm.strength": 2.0, "network": {"family": "random", "degree": 4}})
    assert market.norm.strength == 2.0
    assert (market.network.family, market.network.degree) == ("random", 4)
    assert market.trust == Market.profile("west").trust


def test_replace_leaves_the_original_alone() -> None:
    market = Market()
    market.replace({"norm.strength": 1.0})
    assert market == Market()


@pytest.mark.parametrize("name", ["west", "asia", "us", "uk", "china", "japan", "southeast_asia"])
def test_every_profile_is_a_market_and_every_value_has_evidence(name: str) -> None:
    profile = load_profile(name)
    market = Market.profile(name)
    assert market.name == name
    assert isinstance(market.launch, date)
    paths = {path for path, _ in parameter_paths()}
    assert set(_leaves(profile.values)) <= set(profile.evidence)
    assert set(_leaves(profile.values)) <= paths
    for evidence in profile.evidence.values():
        assert evidence.quality in {"found", "derived", "literature", "assumed", "memory"}
        assert evidence.source


def test_profiles_are_those_the_experiments_name() -> None:
    assert profile_names() == ["asia", "china", "japan", "southeast_asia", "uk", "us", "west"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"norm.strenght": 1.0}, ["norm.strenght", "did you mean", "strength"]),
        ({"norm.strength": "much"}, ["norm.strength", "must be a number", "-100 to 100"]),
        ({"norm.strength": float("nan")}, ["norm.strength", "finite"]),
        ({"awareness.advertising": -0.1}, ["awareness.advertising", "-0.1", "0 to 1"]),
        ({"consumers": 0}, ["consumers", "1 to"]),
        ({"consumers": 10**12}, ["consumers", "1,000,000,000,000", "2,147,483,647"]),
        ({"consumers": 10.5}, ["consumers", "whole number"]),
        ({"choice.noise": "cauchy"}, ["choice.noise", "logistic, normal, uniform, none"]),
        ({"choice.reversible": 1}, ["choice.reversible", "true or false"]),
        ({"launch": -1}, ["launch", "0 or more"]),
        ({"initial_adoption": 0.1, "seed_adopters": 3}, ["initial_adoption and seed_adopters", "only one"]),
        ({"seed_adopters": 20_000}, ["seed_adopters", "20,000", "10,000"]),
        ({"seed_consumers": [10_000]}, ["seed_consumers", "0 to 9,999"]),
        ({"annual_spend": {}}, ["annual_spend", "at least one year"]),
        ({"annual_spend": {"soon": 3.0}}, ["annual_spend", "soon"]),
        ({"annual_spend": {2020: -3.0}}, ["annual_spend", "-3"]),
        ({"name": "a b"}, ["name", "letters"]),
        ({"norm": 3}, ["norm", "table"]),
        ({"network.degree": 7}, []),
        ({"network": {"family": "small_world", "degree": 7}}, ["degree = 7", "even"]),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, object], words: list[str]) -> None:
    if not words:
        Market().replace(changes)
        return
    with pytest.raises(InputError) as caught:
        Market().replace(changes)
    for word in words:
        assert word in str(caught.value)


def test_all_problems_are_reported_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Market().replace({"norm.strength": "x", "trust.initial": 2, "consumers": 0})
    assert {problem.key for problem in caught.value.problems} == {"norm.strength", "trust.initial", "consumers"}


def test_nested_joins_paths_of_one_table() -> None:
    assert nested({"a.b": 1, "a.c": 2, "d": 3, "a": {"e": 4}}) == {"a": {"b": 1, "c": 2, "e": 4}, "d": 3}


@given(st.dictionaries(st.sampled_from("abc"), st.integers()), st.dictionaries(st.sampled_from("abc"), st.integers()))
def test_overlay_prefers_the_change_and_alters_neither(base: dict[str, int], changes: dict[str, int]) -> None:
    before = dict(base), dict(changes)
    assert overlay(base, changes) == base | changes
    assert (base, changes) == before


def test_a_yearly_series_is_replaced_whole() -> None:
    west = Market.profile("west").replace({"annual_spend": {2020: 5.0}})
    assert west.annual_spend == {2020: 5.0}


def test_outside_a_series_a_year_spends_what_its_nearest_one_does() -> None:
    market = Market(annual_spend={2022: 100.0, 2023: 200.0})
    assert [market.annual_spend_in(year) for year in (2020, 2022, 2023, 2030)] == [100, 100, 200, 200]
    assert Market(annual_spend=5.0).annual_spend_in(2020) == 5


def _leaves(values: dict[str, object], prefix: str = "") -> list[str]:
    paths = []
    for key, value in values.items():
        nests = isinstance(value, dict) and key != "annual_spend"
        paths += _leaves(value, f"{prefix}{key}.") if nests else [prefix + key]
    return paths
