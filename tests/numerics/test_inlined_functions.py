"""Inlined functions on numbers: compiled code and Python get the same from them."""

import pytest
from hypothesis import strategies as st

from abm.numerics import fixed_point as fp
from abm.numerics import lookup_tables as tables
from abm.numerics import random
from tests.numerics.inlined import (
    FEW,
    LEVEL,
    MANY,
    PART,
    RATE,
    UTILITY,
    WORD,
    WORD_64,
    Case,
    assert_compiled_equals_plain,
    share,
    whole,
)

pytestmark = pytest.mark.needs_compiled

CASES = [
    Case(fp.to_q32, (share(-1000.0, 1000.0),)),
    Case(fp.to_rank, (PART,)),
    Case(fp.share_of, (UTILITY, FEW)),
    Case(fp.share_of_many, (UTILITY, MANY)),
    Case(fp.approach, (LEVEL, LEVEL, RATE)),
    Case(fp.natural_log, (whole(1, 2**62),)),
    Case(random.philox, (WORD_64,) * 6),
    Case(tables.taste_of, (WORD, st.just(tables.normal_quantiles()))),
    Case(tables.basket_of, (whole(-6 << 16, 6 << 16), st.just(tables.baskets(1.0)))),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.function.__name__)
def test_compiled_and_plain_functions_agree(case: Case) -> None:
    assert_compiled_equals_plain(case)
