"""Every kind of lever: what it changes, what it costs, what it refuses."""

from collections.abc import Iterator
from pathlib import Path

import numba
import numpy as np
import pytest

from abm import Market, simulate
from abm.base.errors import InputError
from abm.base.parameters import bounds
from abm.engine import state as arrays
from abm.engine.parameter_schedule import Schedule
from abm.experiment.schema import lever_table
from abm.levers import LEVERS, Sales, make_lever
from abm.markets import parameter_paths

US = Market.profile("us").replace(
    {"consumers": 2000 if not numba.config.DISABLE_JIT else 500, "launch": 0, "awareness.initial": 1.0}
)
SALES = Sales(gmv_usd=1000.0, deal_gmv_usd=400.0)


def make(kind: str, **values: object):
    return make_lever({"kind": kind, "market": "us", "start": 3} | values)


def changed(kind: str, path: str, **values: object) -> float:
    group, name = path.split(".")
    return getattr(getattr(make(kind, **values).change(US), group), name)


@pytest.mark.parametrize(
    ("kind", "values", "path", "expected"),
    [
        ("deals_for_you", {"discount": 0.3}, "price.deal", 0.3),
        ("deals_for_you", {"reach": 0.4}, "price.deal_reach", 0.4),
        ("subsidy", {"discount": 0.2}, "price.subsidy", 0.2),
        ("livestream_investment", {"reach": 0.1}, "livestream.reach", 0.25),
        ("livestream_investment", {"reach": 0.95}, "livestream.reach", 1.0),
        ("advertising", {"chance": 0.05}, "awareness.advertising", 0.08),
        ("layoffs", {"service": 0.01}, "trust.service_quality", 0.92),
        ("layoffs", {"merchants": 0.5}, "supply.rate", 0.05),
        ("douyin_experts", {"growth": 0.2, "mismatch": 0.75}, "livestream.growth", 0.65),
        ("douyin_experts", {"merchants": 1.0, "mismatch": 0.5}, "supply.rate", 0.15),
        ("douyin_experts", {"mismatch": 1.0}, "livestream.growth", 0.6),
        ("shop_locally_made", {"trust": 0.1, "taste": 0.05}, "preference.mean", US.preference.mean + 0.25),
        ("shop_locally_made", {"merchants": 0.2}, "supply.half_saturation", 0.12),
        ("shop_locally_made", {"service": 0.5}, "trust.service_quality", 1.0),
        ("add_functions", {"functions": 2.0}, "integration.functions", 5.0),
        ("set", {"values": {"norm.strength": 3.0}}, "norm.strength", 3.0),
    ],
)
def test_each_acts_on_its_parameter(kind: str, values: dict[str, object], path: str, expected: float) -> None:
    assert changed(kind, path, **values) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("kind", "values", "age", "expected"),
    [
        ("deals_for_you", {"discount": 0.5}, 0, 200.0),
        ("deals_for_you", {"discount": 0.5, "paid_share": 0.25}, 0, 50.0),
        ("subsidy", {"discount": 0.1}, 3, 100.0),
        ("livestream_investment", {"reach": 0.1, "cost_per_viewer": 0.5}, 0, 0.05 * 228e6),
        ("advertising", {"chance": 0.01, "cost_per_person": 2.0}, 0, 0.02 * 228e6),
        ("layoffs", {"jobs": 52.0, "wage": 100_000.0}, 0, -100_000.0),
        ("douyin_experts", {"experts": 52.0, "wage": 100_000.0}, 0, 100_000.0),
        ("shop_locally_made", {"weekly_cost": 7.0}, 0, 7.0),
        ("launch", {"entry_cost": 9.0}, 0, 9.0),
        ("launch", {"entry_cost": 9.0}, 1, 0.0),
        ("add_functions", {"functions": 2.0, "cost_per_function": 10.0}, 0, 20.0),
        ("shutdown", {}, 0, 0.0),
        ("set", {"values": {"norm.strength": 3.0}}, 0, 0.0),
    ],
)
def test_each_costs_what_it_says(kind: str, values: dict[str, object], age: int, expected: float) -> None:
    assert make(kind, **values).cost(US, SALES, age) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        ("deals_for_you", {"discount": 1.5}, ["lever.discount", "1.5", "0 to 1", "share of price"]),
        ("subsidy", {"budget": -1.0}, ["lever.budget", "-1", "0 to"]),
        ("subsidy", {"dicsount": 0.1}, ["lever.dicsount", "unknown key", "discount"]),
        ("layoffs", {"service": "much"}, ["lever.service", "much", "must be a number"]),
        ("douyin_experts", {"mismatch": float("nan")}, ["lever.mismatch", "nan", "finite"]),
        ("launch", {"weeks": 4}, ["lever.weeks", "4", "shutdown"]),
        ("advertising", {"start": "soon"}, ["lever.start", "soon"]),
        ("set", {}, ["lever.values", "is required"]),
    ],
)
def test_bad_values_are_refused_with_key_value_and_range(
    kind: str, values: dict[str, object], words: list[str]
) -> None:
    with pytest.raises(InputError) as caught:
        make(kind, **values)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "nothing"),
    [
        ("deals_for_you", {"discount": 0.0}),
        ("deals_for_you", {"reach": 0.0}),
        ("subsidy", {"discount": 0.0}),
        ("subsidy", {"budget": 0.0}),
        ("livestream_investment", {"reach": 0.0}),
        ("advertising", {"chance": 0.0}),
        ("layoffs", {"jobs": 0.0, "service": 0.0, "merchants": 0.0}),
        ("douyin_experts", {"mismatch": 1.0, "experts": 0.0}),
        ("shop_locally_made", {"trust": 0.0, "service": 0.0, "merchants": 0.0, "taste": 0.0, "weekly_cost": 0.0}),
        ("add_functions", {"functions": 0.0}),
        ("set", {"values": {"price.sensitivity": 2.0}}),
    ],
)
def test_a_null_lever_changes_no_byte_but_what_it_names(kind: str, nothing: dict[str, object]) -> None:
    usual = simulate(US, weeks=12, seed=4)
    pulled = simulate(US, weeks=12, seed=4, levers=[{"kind": kind, "market": "us", "start": 3, "weeks": 5} | nothing])
    behaviour = [column for column in range(arrays.N_TALLIES) if column != arrays.DISCOUNTED]  # who is reached
    assert np.array_equal(usual.tallies[..., behaviour], pulled.tallies[..., behaviour])
    assert usual.table.drop(columns="discount").equals(pulled.table.drop(columns="discount"))
    assert pulled.table["cost_usd"].eq(0).all()


def test_a_closed_shop_sells_nothing_and_keeps_its_merchants() -> None:
    table = simulate(US, weeks=30, seed=1, levers=[make("shutdown", start=10, weeks=6)]).table
    closed = table["week"].between(11, 16)
    assert table.loc[closed, "gmv_share"].eq(0).all()
    assert table.loc[closed, "merchants"].eq(table.loc[10, "merchants"]).all()
    assert table.loc[20:, "gmv_share"].gt(0).any()


def test_a_launch_takes_the_place_of_the_markets_own() -> None:
    late = US.replace({"launch": 20})
    opened = Schedule([late], [make("launch", start=5)], _start()).parameters(0, 25)["launched"][:, 0]
    assert np.flatnonzero(opened)[0] == 5
    assert (
        np.flatnonzero(Schedule([US], [make("launch", start=9)], _start()).parameters(0, 25)["launched"][:, 0])[0] == 9
    )


def test_levers_compose_in_the_order_listed() -> None:
    more = make("add_functions", functions=2.0)
    fixed = make("set", values={"integration.functions": 4.0})
    assert Schedule([US], [fixed, more], _start()).market_at(3, 0).integration.functions == 6
    assert Schedule([US], [more, fixed], _start()).market_at(3, 0).integration.functions == 4


def test_rounds_of_layoffs_and_subsidies_add_up() -> None:
    twice = Schedule([US], [make("layoffs", service=0.01)] * 2, _start()).market_at(3, 0)
    assert twice.trust.service_quality == pytest.approx(0.91)
    both = Schedule([US], [make("subsidy", discount=0.1), make("subsidy", discount=0.2)], _start()).market_at(3, 0)
    assert both.price.subsidy == pytest.approx(0.3)


def test_a_deal_leaves_everyday_prices_to_those_it_does_not_reach() -> None:
    """A deal of nobody's reach is no worse than none, though the profile's own price advantage holds for all."""
    base = Schedule([US], [], _start()).parameters(3, 4)[0, 0]
    deal = Schedule([US], [make("deals_for_you", reach=0.25)], _start()).parameters(3, 4)[0, 0]
    assert deal["price.value"] == base["price.value"]
    assert deal["price.rank"] == base["price.rank"]
    assert (deal["price.deal_rank"], deal["price.deal_value"]) == (2**14, round(0.3 * US.price.sensitivity * 2**32))


def test_every_field_says_what_it_means_with_unit_and_source() -> None:
    for kind, lever in LEVERS.items():
        for name, field in lever.model_fields.items():
            if name == "kind":
                continue
            assert field.description, (kind, name)
            assert field.json_schema_extra["unit"], (kind, name)
            assert field.json_schema_extra["source"], (kind, name)
        assert kind in lever_table()


def _start():
    from abm.base.calendar import DEFAULT_START

    return DEFAULT_START


def test_the_documentation_has_the_table_of_levers() -> None:
    assert lever_table() in (Path(__file__).parents[2] / "docs" / "levers.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", [kind for kind in LEVERS if kind != "set"])
@pytest.mark.parametrize("end", [0, 1])
def test_no_lever_takes_a_parameter_beyond_its_range(kind: str, end: int) -> None:
    """Whatever a market is like, and however large the lever: it acts as far as there is room."""
    most = {name: bounds(field)[1] for name, field in LEVERS[kind].model_fields.items()}
    lever = make(kind, **{name: high for name, high in most.items() if high is not None and name != "weeks"})
    limits = {path: limit for path, limit in ends_of_ranges(end) if limit is not None}
    lever.change(US.replace(limits))
    for path, limit in limits.items():
        lever.change(US.replace({path: limit}))


def ends_of_ranges(end: int) -> Iterator[tuple[str, float | None]]:
    """Yield the least (0) or greatest (1) value of every parameter that a lever can change."""
    for path, fixed in parameter_paths():
        table, _, key = path.rpartition(".")
        model = type(getattr(US, table)) if table else Market
        if not fixed:
            yield path, bounds(model.model_fields[key])[end]
