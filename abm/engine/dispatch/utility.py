"""The utility of the super-app: the sum of the terms of all mechanisms (equation 3)."""

from collections.abc import Callable, Sequence
from typing import Any

from abm.engine.dispatch.person import person_at
from abm.engine.gather import BatchBuffers
from abm.mechanisms import MECHANISMS
from abm.mechanisms.base import Rule
from abm.numerics.jit import inline, specialized


def utility(params: Any, person: Any) -> int:
    """Return V of equation 3, in Q32: the terms of all mechanisms."""
    return sum(_term(name)(own, person) for name, own in zip(params._fields, params, strict=True) if _has_term(name))


def quick_terms(params: Any, person: Any) -> int:
    """Return the sum of the terms that share one loop, in Q32."""
    quick = _with_term(params._fields, own_loop=False)
    return sum(_term(name)(own, person) for name, own in zip(params._fields, params, strict=True) if name in quick)


def add_costly_terms(params: Any, buffers: BatchBuffers, n_padded: int) -> None:
    """Add the terms that have a loop of their own to ``buffers.value``, where their columns are gathered."""
    for name in _with_term(params._fields, own_loop=True):
        own = getattr(params, name)
        if MECHANISMS[name].rules.gathered(own):
            for k in range(n_padded):
                buffers.value[k] += _term(name)(own, person_at(buffers.rows, buffers.mode, k))


def _has_term(name: str) -> bool:
    return MECHANISMS[name].rules.utility is not None


def _term(name: str) -> Rule:
    term = MECHANISMS[name].rules.utility
    assert term is not None
    return term


def _with_term(names: Sequence[str], *, own_loop: bool) -> list[str]:
    return [name for name in names if _has_term(name) and MECHANISMS[name].rules.own_loop == own_loop]


@specialized(quick_terms)
def _quick_terms(params: Any, person: Any) -> Callable[..., Any]:
    names = params.instance_class._fields
    total = _no_term
    for name in _with_term(names, own_loop=False):
        total = _and_the_term(total, names.index(name), _term(name))
    return total


@inline
def _no_term(params: Any, person: Any) -> int:
    return 0


def _and_the_term(before: Callable[..., Any], number: int, term: Rule) -> Callable[..., Any]:
    @inline
    def total(params: Any, person: Any) -> int:
        return before(params, person) + term(params[number], person)  # type: ignore[no-any-return]

    return total


@specialized(add_costly_terms)
def _add_costly_terms(params: Any, buffers: Any, n_padded: Any) -> Callable[..., Any]:
    names = params.instance_class._fields
    add = _add_nothing
    for name in _with_term(names, own_loop=True):
        add = _and_the_costly_term(add, names.index(name), _term(name), MECHANISMS[name].rules.gathered)
    return add


@inline
def _add_nothing(params: Any, buffers: BatchBuffers, n_padded: int) -> None:
    pass


def _and_the_costly_term(before: Callable[..., Any], number: int, term: Rule, gathered: Rule) -> Callable[..., Any]:
    @inline
    def add(params: Any, buffers: BatchBuffers, n_padded: int) -> None:
        before(params, buffers, n_padded)
        own, value = params[number], buffers.value
        if gathered(own):
            for k in range(n_padded):
                value[k] += term(own, person_at(buffers.rows, buffers.mode, k))

    return add
