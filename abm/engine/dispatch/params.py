"""The parameters of all mechanisms in one market and week."""

from collections.abc import Callable
from typing import Any

from abm.engine.columns import Names, row_class
from abm.mechanisms import MECHANISMS, MarketWeek
from abm.numerics.jit import inline, specialized
from abm.numerics.named_tuples import reader_of_records


def neutral_steps(names: Names) -> Any:
    """Return ``StepParams`` of neutral mechanisms: its type tells compiled code which mechanisms there are."""
    return row_class("StepParams", names)(*(MECHANISMS[name]().step() for name in names))


def step_params(steps: Any, scheduled: Any, market: MarketWeek) -> Any:
    """Return the parameters of all mechanisms in one market and week.

    Parameters
    ----------
    steps : StepParams
        Of neutral mechanisms.
    scheduled : record
        Entry of the schedule, with fields such as ``habit.rate``.
    market : MarketWeek

    Returns
    -------
    StepParams
        One named tuple for each mechanism: what its ``step`` and, if it has one, its ``week`` return.
    """
    params = []
    for name, neutral in zip(steps._fields, steps, strict=True):
        step = type(neutral)(*(scheduled[f"{name}.{field}"].item() for field in neutral._fields))
        week = MECHANISMS[name].rules.week
        params.append(week(step, market) if week else step)
    return type(steps)(*params)


@specialized(step_params)
def _step_params(steps: Any, scheduled: Any, market: Any) -> Callable[..., Any]:
    params_class = steps.instance_class
    read = _nothing
    for name, neutral in zip(params_class._fields, steps.types, strict=True):
        read = _and_those_of(read, name, neutral.instance_class)

    def implementation(steps: Any, scheduled: Any, market: MarketWeek) -> Any:
        return params_class(*read(scheduled, market))

    return implementation


@inline
def _nothing(scheduled: Any, market: MarketWeek) -> tuple[Any, ...]:
    return ()


def _and_those_of(before: Callable[..., Any], name: str, step_class: Any) -> Callable[..., Any]:
    """Return a function that reads what ``before`` does, and the parameters of one more mechanism."""
    step_of = reader_of_records(step_class, [f"{name}.{field}" for field in step_class._fields])
    week = MECHANISMS[name].rules.week
    if week is None:

        @inline
        def read(scheduled: Any, market: MarketWeek) -> tuple[Any, ...]:
            return (*before(scheduled, market), step_of(scheduled))
    else:

        @inline
        def read(scheduled: Any, market: MarketWeek) -> tuple[Any, ...]:
            return (*before(scheduled, market), week(step_of(scheduled), market))

    return read
