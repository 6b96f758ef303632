"""State of one's own holds what is assigned, or refuses it by name."""

from typing import Any

import numpy as np
import pytest

from abm.agents import OwnAttribute
from abm.base.errors import InputError
from tests.agents.pair import model_with

NAN = float("nan")


@pytest.mark.parametrize(
    ("default", "value", "dtype"),
    [
        (0, 0.25, "float64"), (0, True, "int64"), (False, 2, "int64"), (False, 0.5, "float64"), ("a", "abc", "<U3"),
        (0.5, 7, "float64"), (0, np.uint8(255), "int64"), (0.0, np.float32(0.5), "float64"), (None, "any", "object"),
        (0, 2**62, "int64"), (0, -(2**63), "int64"), (0.0, NAN, "float64"),
    ],
)  # fmt: skip
def test_own_attributes_hold_what_is_assigned(default: Any, value: Any, dtype: str) -> None:
    agents = model_with(score=default).agents
    agents[3].score = value
    np.testing.assert_equal(agents[3].score, value)
    assert agents.get("score").dtype == dtype
    assert [agents[i].score for i in (0, 1, 2, 9)] == [default] * 4


@pytest.mark.parametrize(
    ("default", "value"),
    [
        (0, "a"),
        ("a", 0),
        (0, None),
        (0.5, None),
        (False, "True"),
        (0, 2**64),
        (0, 2**63 + 1),
        (0.5, 2**53 + 1),
        (0, [1, 2]),
    ],
)
def test_own_attributes_refuse_what_they_cannot_hold(default: Any, value: Any) -> None:
    agents = model_with(score=default).agents
    with pytest.raises(InputError, match="score"):
        agents[3].score = value
    assert agents.get("score").tolist() == [default] * 10


def test_whole_numbers_too_large_for_floats_are_not_rounded() -> None:
    agents = model_with(score=2**53 + 1).agents
    with pytest.raises(InputError, match="exactly"):
        agents[3].score = 0.5
    assert agents[0].score == 2**53 + 1


def test_an_own_attribute_begins_with_one_value() -> None:
    with pytest.raises(InputError, match="one value"):
        OwnAttribute([1, 2])
