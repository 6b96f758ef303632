"""The compiled week against the plain reference, with random values of every parameter over its whole range.

The ranges are read from the parameter classes, so a new mechanism is covered as soon as it is registered. The reference
counts in Python's whole numbers, which do not overflow: a utility or a product beyond 63 bits would show here.
"""

from typing import Any, Literal, get_args, get_origin

import numba
from annotated_types import Ge, Le
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from abm import Market
from abm.mechanisms.base import Mechanism
from tests.engine.comparison import assert_same, run_both

WEEKS, LEVER_START = 5, 2  # weeks, and the week from which a lever changes some of the parameters
GROUPS = {
    name: field.annotation
    for name, field in Market.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Mechanism)
}
MARKET_FIELDS = ("occasion_rate", "basket_sigma", "initial_adoption")
NETWORKS = (
    {"family": "complete"}, {"family": "ring", "degree": 4}, {"family": "small_world", "degree": 6, "rewiring": 0.5},
    {"family": "random", "degree": 1.5}, {"family": "scale_free", "degree": 2},
)  # fmt: skip


def values_of(field: FieldInfo) -> st.SearchStrategy[Any]:
    """Return the values that a parameter may take."""
    if get_origin(field.annotation) is Literal:
        return st.sampled_from(get_args(field.annotation))
    if field.annotation is bool:
        return st.booleans()
    low = next(limit.ge for limit in field.metadata if isinstance(limit, Ge))
    high = next(limit.le for limit in field.metadata if isinstance(limit, Le))
    anywhere = st.floats(low, high)
    usual = st.floats(max(low, -3.0), min(high, 3.0)) if low < 3 else anywhere
    return usual | anywhere


def choices(fields: dict[str, FieldInfo], *, later: bool) -> dict[str, st.SearchStrategy[Any]]:
    """Return strategies by name; ``later`` leaves out those that are fixed at week 0."""
    return {
        name: values_of(field)
        for name, field in fields.items()
        if not (later and (field.json_schema_extra or {})["fixed"])
    }


def groups() -> st.SearchStrategy[dict[str, Any]]:
    """Return values of some parameters of some mechanisms."""
    return st.fixed_dictionaries(
        {}, optional={
            name: st.fixed_dictionaries({}, optional=choices(mechanism.model_fields, later=False))
            for name, mechanism in GROUPS.items()
        },
    )  # fmt: skip


def changes() -> st.SearchStrategy[dict[str, Any]]:
    """Return new values of some parameters that a lever can set."""
    paths = {
        f"{name}.{key}": values
        for name, mechanism in GROUPS.items()
        for key, values in choices(mechanism.model_fields, later=True).items()
    }
    return st.fixed_dictionaries({}, optional=paths)


@settings(max_examples=150 if not numba.config.DISABLE_JIT else 15)
@given(
    own=st.fixed_dictionaries({}, optional={name: values_of(Market.model_fields[name]) for name in MARKET_FIELDS}),
    mechanisms=groups(), lever_values=changes(), network=st.sampled_from(NETWORKS), consumers=st.integers(40, 70),
    seed=st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_kernel_equals_reference_anywhere(
    own: dict[str, Any],
    mechanisms: dict[str, Any],
    lever_values: dict[str, Any],
    network: dict[str, Any],
    consumers: int,
    seed: int,
) -> None:
    market = Market(consumers=consumers, network=network, **own, **mechanisms)
    levers = [{"kind": "set", "market": "market", "start": LEVER_START, "values": lever_values}] if lever_values else []
    assert_same(*run_both([market], levers, WEEKS, seed=seed))


def test_all_mechanisms_are_covered() -> None:
    assert len(GROUPS) == 11
    assert all(choices(mechanism.model_fields, later=False) for mechanism in GROUPS.values())
