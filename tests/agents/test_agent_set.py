"""Our lazy set of consumers answers what Mesa's own set of the same consumers answers, errors included."""

import copy
import itertools
import operator
import pickle
import statistics
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abm.agents import Consumer, ShoppingModel
from abm.base.errors import InputError
from abm.markets.market import Market
from tests.agents.pair import N, Pair, Shopper, model_with

pytestmark = [  # of Mesa's set
    pytest.mark.filterwarnings("ignore:AgentSet.__getitem__:PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:No Agents specified:UserWarning"),
]

Call = Callable[[Any], Any]
INF, NAN = float("inf"), float("nan")


def in_super(consumer: Consumer) -> bool:
    return consumer.mode == 1


def fails(consumer: Consumer) -> bool:
    raise ZeroDivisionError


def of_another_model() -> Consumer:
    return ShoppingModel(markets=Market(name="other", consumers=3), rng=1).agents[0]


AT_MOST: list[Any] = [
    0, 1, 3, N, 99, -1, True, False, 0.0, 0.01, 0.25, 0.999, 1.0, 1.5, 2.5, -0.5, -1.0, -2.5, INF, -INF, NAN, None,
    "3", np.int64(3), np.int8(-3), np.float64(0.3), np.float32(0.3), np.float64(2.0), Fraction(7, 2), [1],
]  # fmt: skip
FILTERS: list[Any] = [None, in_super, fails, "mode", 5, lambda consumer: consumer.n_super > 1]
KINDS: list[Any] = [None, Consumer, Shopper, mesa.Agent, int, (int, Consumer), "Consumer", 5]
FUNCTIONS: list[Any] = [
    sum, min, max, len, sorted, statistics.mean, statistics.median, statistics.stdev, statistics.mode, statistics.fmean,
    np.mean, np.sum, np.std, np.median, np.max, np.unique, np.cumsum, partial(np.quantile, q=0.3),
    [min, max], (sum, np.sum, statistics.mean), [], "sum", 5, None, lambda values: values[-1],
]  # fmt: skip
ATTRIBUTES: list[Any] = [
    "mode", "aware", "habit", "trust", "taste", "basket", "degree", "n_super", "unique_id", "market", "score", "label",
    "market_index", "number", "pos", "neighbors", "mood", "add_up", 5, None, "model.week",
]  # fmt: skip
INDICES: list[Any] = [
    0, 5, N - 1, -1, -N, N, -N - 1, 10**9, True, np.int64(2), np.uint8(2), 1.5, "a", None, [1], (1, 2),
    slice(None), slice(3), slice(-3, None), slice(None, None, -1), slice(20, 2, -3), slice(5, 2), slice(-99, 99),
    slice(None, None, 0), slice("a", None), slice(np.int64(1), np.int64(4)),
]  # fmt: skip


def calls() -> dict[str, list[Call]]:
    """Return what is asked of both sets, by method."""
    return {
        "select": [
            lambda agents, a=(holds, most, inplace, kind): agents.select(*a)
            for holds, most, inplace, kind in itertools.product(FILTERS, AT_MOST, (False, True), KINDS)
        ],
        "agg": [lambda agents, a=a: agents.agg(*a) for a in itertools.product(ATTRIBUTES, FUNCTIONS)],
        "get": [
            lambda agents, a=(names, how, default): agents.get(*a)
            for names, how, default in itertools.product(
                [*ATTRIBUTES, ["mode"], ["market", "mode", "score"], ("habit", "mood"), [], ["mode", 5]],
                ["error", "default", "ignore", None], [None, -1, []],
            )
        ],
        "index": [lambda agents, i=i: agents[i] for i in INDICES],
        "groupby": [
            lambda agents, a=(by, kind), then=then: then(agents.groupby(*a))
            for by, kind, then in itertools.product(
                [*ATTRIBUTES, in_super, fails, lambda consumer: consumer.unique_id % 3, lambda consumer: []],
                ["agentset", "list", "other"],
                [
                    lambda groups: groups, lambda groups: groups.count(), len, list,
                    lambda groups: groups.agg("score", sum), lambda groups: groups.agg("habit", statistics.mean),
                    lambda groups: groups.map(len), lambda groups: groups.map("agg", "mode", sum),
                    lambda groups: [type(key) for key in groups.groups],
                ],
            )
        ],
        "sort": [
            lambda agents, a=(key, ascending, inplace): agents.sort(*a)
            for key, ascending, inplace in itertools.product(
                [*ATTRIBUTES, in_super, fails, lambda consumer: -consumer.taste], [False, True], [False, True]
            )
        ],
        "sets": [
            lambda agents, first=first, what=what, other=other: what(agents.select(at_most=first), other(agents))
            for first, what, other in itertools.product(
                [0, 7, N],
                [operator.and_, operator.or_, operator.sub, operator.xor, operator.eq, operator.le, operator.lt,
                 operator.ge, lambda one, two: one.isdisjoint(two)],
                [lambda agents: agents, lambda agents: agents.select(in_super), lambda agents: list(agents)[3:9],
                 lambda agents: {agents.model.people[3]}, lambda agents: agents.select(at_most=7).sort("taste"),
                 lambda agents: [5], lambda agents: 5, lambda agents: []],
            )
        ],
        "members": [
            lambda agents, what=what, member=member: (what(agents, member(agents)), agents)[1]
            for what, member in itertools.product(
                [lambda agents, one: agents.add(one), lambda agents, one: agents.discard(one),
                 lambda agents, one: agents.remove(one)],
                [lambda agents: agents[3], lambda agents: agents.model.people[29], lambda agents: 5,
                 lambda agents: None],
            )
        ] + [
            lambda agents, member=member: member(agents) in agents
            for member in (lambda agents: agents[3], lambda agents: 5, lambda agents: None, lambda agents: [],
                           lambda agents: "a", lambda agents: of_another_model(), lambda agents: agents.model)
        ] + [
            len, list, lambda agents: list(reversed(agents)), lambda agents: agents.to_list(), bool,
            lambda agents: agents.index(agents[4]), lambda agents: agents.index(5),
            lambda agents: agents.count(agents[4]),
            lambda agents: (agents.pop(), agents), lambda agents: (agents.clear(), agents), hash, copy.copy,
            lambda agents: agents.copy(), lambda agents: [*copy.copy(agents).select(at_most=3, inplace=True), agents],
        ],
        "set": [
            lambda agents, name=name, value=value: (agents.set(name, value), agents)[1]
            for name, value in itertools.product(
                ["mode", "aware", "habit", "trust", "score", "label", "degree", "market", "neighbors", "mood", 5],
                [0, 1, True, 0.5, 2, -1, NAN, None, "a", "longer", "0.5", 2**70, np.float32(0.25), np.uint8(1)],
            )
        ],
        "do": [
            lambda agents, how=how, a=a, kw=kw: (getattr(agents, how)(*a, **kw), agents)
            for how, (a, kw) in itertools.product(
                ["do", "shuffle_do", "map"],
                [(("add_up", 1), {}), (("add_up", 0.25), {"twice": True}), (("add_up",), {}), (("sing",), {}),
                 ((5,), {}), ((Shopper.add_up, 2), {}), ((fails,), {}), (("add_up", 1), {"nonsense": 1}),
                 ((in_super,), {})],
            )
        ],
        "shuffle": [lambda agents, inplace=inplace: (agents.shuffle(inplace), agents) for inplace in (False, True)],
    }  # fmt: skip


CALLS = calls()


@pytest.mark.parametrize("method", CALLS)
def test_every_call_gives_the_same_result_or_the_same_error(method: str) -> None:
    both = Pair()
    for number, call in enumerate(CALLS[method]):
        for n in (N, 0):
            both.of_first(n)
            ours, mesas = both.asked(call)
            assert ours == mesas, f"call {number} of {method} on {n} consumers"
    ours, mesas = both.states()
    assert ours == mesas


def whatever_is_done() -> st.SearchStrategy[Call]:
    """Draw one of the calls, or a chain of sets made of one another."""
    n = st.one_of(st.integers(-5, N + 5), st.floats(-1.5, 3.0))
    names = st.sampled_from(["mode", "aware", "habit", "score", "label", "n_super", "market", "taste", "mood"])
    values = st.one_of(st.booleans(), st.integers(-2, 2), st.floats(-0.5, 1.5), st.sampled_from(["a", "bc", None]))
    index = st.one_of(st.integers(-N - 3, N + 3), st.slices(N + 3))
    functions = st.sampled_from([sum, min, max, len, statistics.mean, np.mean, np.sum, np.max])
    methods = st.sampled_from(["do", "shuffle_do", "map"])
    return st.one_of(
        st.builds(lambda n, inplace: lambda agents: agents.select(at_most=n, inplace=inplace), n, st.booleans()),
        st.builds(lambda n, inplace: lambda agents: agents.select(in_super, n, inplace), n, st.booleans()),
        st.builds(
            lambda key, up, inplace: lambda agents: agents.sort(key, up, inplace), names, st.booleans(), st.booleans()
        ),
        st.builds(lambda inplace: lambda agents: agents.shuffle(inplace), st.booleans()),
        st.builds(lambda name, value: lambda agents: agents.set(name, value), names, values),
        st.builds(lambda how, more: lambda agents: (getattr(agents, how)("add_up", more), agents), methods, values),
        st.builds(lambda name, function: lambda agents: agents.agg(name, function), names, functions),
        st.builds(lambda some: lambda agents: agents.get(some), st.lists(names, max_size=3)),
        st.builds(lambda name: lambda agents: agents.groupby(name), names),
        st.builds(lambda item: lambda agents: agents[item], index),
        st.builds(lambda row: lambda agents: agents.add(agents.model.people[row]), st.integers(0, N - 1)),
        st.builds(lambda row: lambda agents: agents.discard(agents.model.people[row]), st.integers(0, N - 1)),
        st.builds(lambda n: lambda agents: agents - agents.select(at_most=n), n),
        st.builds(lambda n: lambda agents: agents ^ agents.select(in_super, n), n),
    )


@settings(max_examples=60)
@given(st.lists(whatever_is_done(), min_size=1, max_size=12), st.integers(0, N))
def test_any_sequence_of_calls_gives_the_same_results_errors_and_state(sequence: list[Call], n: int) -> None:
    both = Pair()
    both.of_first(n)
    for call in sequence:
        ours, mesas = both.asked(call)
        assert ours == mesas
        assert len(both.ours) == len(both.mesas)
    ours, mesas = both.asked(list)
    assert ours == mesas
    ours, mesas = both.states()
    assert ours == mesas


def test_numbers_have_natural_types() -> None:
    agents = model_with(score=0, share=0.5, flag=False, label="a", small=np.uint8(250)).agents
    kinds = {name: agents.get(name).dtype for name in ("mode", "n_super", "degree", "unique_id", "score", "small")}
    assert set(kinds.values()) == {np.dtype(np.int64)}
    assert {agents.get(name).dtype for name in ("habit", "trust", "taste", "basket", "share")} == {np.dtype(np.float64)}
    assert {agents.get(name).dtype for name in ("aware", "flag")} == {np.dtype(np.bool_)}
    assert agents.get("small").sum() == 2500


def test_where_a_lazy_set_differs_it_says_so() -> None:
    """Values one each; consumers of other models and other things are refused, however they are to get in."""
    agents = model_with(score=0).agents
    assert agents.set("score", np.arange(10)).get("score").tolist() == list(range(10))
    with pytest.raises(InputError, match="one value, or 10"):
        agents.set("score", [1, 2])
    for wrong, error in ((of_another_model(), "class Own"), (5, "class Own"), (model_with().agents[0], "class Own")):
        with pytest.raises((TypeError, ValueError), match=error):
            agents.add(wrong)
        with pytest.raises((TypeError, ValueError), match=error):
            agents | [wrong]
    same = ShoppingModel(markets=Market(name="town", consumers=3), rng=1, consumer=agents.model.consumer)
    with pytest.raises(ValueError, match="one model"):
        agents.add(same.agents[0])


def test_sets_are_copied_and_pickled_with_their_model() -> None:
    original = ShoppingModel(markets=Market(name="town", consumers=40, initial_adoption=0.3), rng=1)
    chosen = original.agents.select(lambda consumer: consumer.mode == 1).sort("taste")
    for same in (copy.copy(chosen), chosen.select()):
        assert list(same) == list(chosen)
        same.discard(chosen[0])
        assert len(same) == len(chosen) - 1
    for other in (copy.deepcopy(chosen), pickle.loads(pickle.dumps(chosen))):
        assert other.model is not original
        assert other.get("taste").tolist() == chosen.get("taste").tolist()
        other.set("habit", 1.0)
        assert chosen.agg("habit", max) < 1
        other.model.run_for(2)
        assert original.week == 0
