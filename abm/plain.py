"""The plain-Python form of a compiled rule: the same lines, run by Python."""

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any


@cache
def plain(rule: Callable[..., Any]) -> Callable[..., Any]:
    """Return a rule as a Python function in which every rule that it calls is plain as well.

    Nothing is compiled, so one call costs microseconds instead of the second that compiling takes, and a debugger
    can step through it. The numbers are the same: rules work on whole numbers.
    """
    return _plain(rule, {})


def _plain(rule: Callable[..., Any], scopes: dict[str, dict[str, Any]]) -> Callable[..., Any]:
    function = getattr(rule, "py_func", rule)
    scope = scopes.get(function.__module__)
    if scope is None:  # one copy of each module's names, so that rules may call each other
        scope = scopes[function.__module__] = dict(function.__globals__)
        for name, value in function.__globals__.items():
            if hasattr(value, "py_func"):
                scope[name] = _plain(value, scopes)
    return FunctionType(function.__code__, scope, function.__name__, function.__defaults__, function.__closure__)
