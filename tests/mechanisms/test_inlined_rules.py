"""Rules of mechanisms: compiled code and Python get the same from them."""

import pytest
from hypothesis import strategies as st

from abm.mechanisms import awareness, choice, habit, livestream, norm, preference, price, stockpile, supply, trust
from abm.numerics import fixed_point as fp
from abm.numerics import lookup_tables as tables
from tests.numerics.inlined import (
    BIT,
    CHANCE,
    FEW,
    LEVEL,
    MANY,
    PART,
    RATE,
    UTILITY,
    WORD,
    Case,
    assert_compiled_equals_plain,
    share,
    whole,
)

pytestmark = pytest.mark.needs_compiled

CASES = [
    Case(choice.p_certain, (UTILITY,)),
    Case(choice.p_uniform, (UTILITY,)),
    Case(choice.p_curve, (UTILITY, st.sampled_from(list(tables.choice_curves())))),
    Case(preference.preference, (UTILITY, whole(0, 100 * fp.ONE), whole(-7 << 16, 7 << 16))),
    Case(habit.habit, (whole(0, 2**23), LEVEL)),
    Case(habit.form_habit, (LEVEL, BIT, RATE)),
    Case(trust.trust, (whole(0, 2**23), LEVEL)),
    Case(trust.learn_trust, (LEVEL, BIT, RATE)),
    Case(trust.trust_after_bad_news, (LEVEL, CHANCE, FEW)),
    Case(norm.norm, (UTILITY, FEW)),
    Case(norm.norm_of_all, (UTILITY, MANY)),
    Case(awareness.aware_linear, (CHANCE, CHANCE, FEW)),
    Case(awareness.aware_of_all, (CHANCE, CHANCE, MANY)),
    Case(awareness.aware_independent, (PART, PART, whole(0, 2**23))),
    Case(livestream.livestream, (UTILITY, st.booleans())),
    Case(livestream.livestream_reach, (PART, PART, PART)),
    Case(price.price, (UTILITY, st.booleans())),
    Case(stockpile.buy_ahead, (LEVEL, LEVEL)),
    Case(stockpile.use_stock, (LEVEL, LEVEL)),
    Case(stockpile.restocked, (WORD, LEVEL, LEVEL)),
    Case(supply.supply, (share(-10.0, 10.0), share(supply.LEAST, 1.0))),
    Case(supply.merchants_join, (share(supply.LEAST, 1.0), PART, PART, share(0.001, 1.0))),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.function.__name__)
def test_compiled_and_plain_functions_agree(case: Case) -> None:
    assert_compiled_equals_plain(case)
