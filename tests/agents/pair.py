"""The same consumers twice: in our set, which is lazy, and in Mesa's own; what each answers, made comparable."""

from collections.abc import Callable
from functools import singledispatch
from types import MethodType
from typing import Any

import mesa
import numpy as np
from mesa.agentset import AbstractAgentSet, AgentSet, GroupBy

from abm.agents import Consumer, OwnAttribute, ShoppingModel
from abm.markets.market import Market

N = 30
_MARKETS = [
    Market(name=name, consumers=n, network={"family": "random", "degree": 4}, initial_adoption=0.4,
           preference={"spread": 1.0})
    for name, n in (("west", 20), ("asia", 10))
]  # fmt: skip


class Shopper(Consumer):
    score = OwnAttribute(0)
    label = OwnAttribute("a")

    def add_up(self, more: float, twice: bool = False) -> float:
        self.score = self.score + more * (1 + twice)
        return self.score


class Pair:
    """Our set and Mesa's, of the first so many consumers of two models that are the same."""

    def __init__(self) -> None:
        self._models = [ShoppingModel(markets=_MARKETS, rng=3, engine="mesa", consumer=Shopper) for _ in range(2)]
        for model in self._models:
            model.people = list(model.agents)  # Mesa's set holds weak references
        self.of_first(N)

    def of_first(self, n: int) -> None:
        """Let both sets be new ones of the first ``n`` consumers."""
        first, second = self._models
        self.ours: Any = first.agents.select(at_most=n)
        self.mesas: Any = AgentSet(second.people[:n], second.random)
        self.mesas.model = second

    def asked(self, call: Callable[[Any], Any]) -> tuple[Any, Any]:
        """Return what a call makes of either set."""
        return outcome(call, self.ours), outcome(call, self.mesas)

    def states(self) -> tuple[Any, Any]:
        """Return what everybody in either model is left with."""
        names = ["mode", "aware", "habit", "trust", "score", "label", "n_super"]
        ours, mesas = ([[getattr(each, name) for name in names] for each in model.agents] for model in self._models)
        return plain(ours), plain(mesas)


def outcome(call: Callable[[Any], Any], agents: Any) -> Any:
    """Return what a call returns, or the class of what it raises."""
    try:
        return plain(call(agents))
    except Exception as error:  # whatever it is, the other has to raise the same
        return type(error)


@singledispatch
def plain(value: Any) -> Any:
    """Return a result without what distinguishes two models, numbers with their type."""
    return type(value), repr(value)


@plain.register
def _(value: mesa.Agent) -> Any:
    return "consumer", value.unique_id


@plain.register
def _(value: AbstractAgentSet) -> Any:
    return "set", [each.unique_id for each in value]


@plain.register
def _(value: GroupBy) -> Any:
    return "groups", plain(value.groups)


@plain.register
def _(value: MethodType) -> Any:
    return "method", value.__name__, plain(value.__self__)


@plain.register
def _(value: dict) -> Any:
    return [(plain(key), plain(each)) for key, each in value.items()]


@plain.register(list)
@plain.register(tuple)
def _(value: Any) -> Any:
    return [plain(each) for each in value]


@plain.register
def _(value: np.ndarray) -> Any:
    return plain(value.tolist())


def model_with(consumers: int = 10, **own: Any) -> ShoppingModel:
    """Return a model whose consumers have attributes of their own."""
    kind = type("Own", (Consumer,), {name: OwnAttribute(default) for name, default in own.items()})
    for name, attribute in vars(kind).items():
        if isinstance(attribute, OwnAttribute):
            attribute.__set_name__(kind, name)
    return ShoppingModel(markets=Market(name="town", consumers=consumers), rng=1, consumer=kind)
