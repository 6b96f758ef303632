"""What a mechanism may declare: names, columns, reads and a step that the compiled week can work with."""

from collections.abc import Mapping
from keyword import iskeyword
from typing import Any, Final, get_type_hints

import numpy as np

from abm.base.errors import InputError, Problem

READABLE: Final = ("mode", "n_super", "n_neighbors")  # beside the columns of traits and levels
_TAKEN: Final = (  # by consumers, by their plan of a week, and by the batch
    "n_neighbors", "basket", "market", "degree", "unique_id", "week", "number", "row", "pos", "model", "step",
    "needed", "spend", "super_spend", "live_spend", "discounted", "params",
)  # fmt: skip
_DRAWN: Final = {"normal": np.int32, "uniform": np.uint16}  # dtypes of traits that differ between consumers


def check_mechanism(name: str, kind: Any, updates: Mapping[str, Any], others: Any) -> None:
    """Refuse a mechanism that declares what the week cannot do.

    Parameters
    ----------
    name : str
    kind : type of Mechanism
    updates : mapping of column name to rule
    others : registry of mechanisms
        Those that are there already.

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    if name in others:
        raise InputError([Problem("mechanism", name, "there is a mechanism of this name already")])
    problems = _name_problems(name, kind, others) + _update_problems(name, kind, updates) + _step_problems(name, kind)
    if not kind.__module__.startswith("abm."):
        problems += _kind_problems(name, kind) + _read_problems(name, kind, others)
    if problems:
        raise InputError(problems)


def _name_problems(name: str, kind: Any, others: Any) -> list[Problem]:
    taken = {column.name: owner for owner, other in others.items() for column in other.columns}
    problems = [
        Problem(f"{name}.columns", column.name, f"there is a column of this name already, of {taken[column.name]}")
        for column in kind.columns
        if column.name in taken
    ]
    return problems + [
        Problem(f"{name}.columns", column.name, "this name is taken, or cannot be one")
        for column in kind.columns
        if column.name in _TAKEN or not column.name.isidentifier() or iskeyword(column.name) or column.name[0] == "_"
    ]


def _update_problems(name: str, kind: Any, updates: Mapping[str, Any]) -> list[Problem]:
    updated = {column.name for column in kind.columns if column.updated in ("occasion", "purchase")}
    never = [column for column in kind.columns if column.updated and column.name not in updates]
    return [
        Problem(f"{name}.columns", column.name, f"updated = {column.updated}, and has no update") for column in never
    ] + [
        Problem(f"{name}.updates", column, "names no column with updated = occasion or purchase")
        for column in updates
        if column not in updated
    ]


def _kind_problems(name: str, kind: Any) -> list[Problem]:
    """Return what is wrong with the kinds of columns of a mechanism from outside the package."""
    problems = []
    for column in kind.columns:
        reason = ""
        if column.bit or column.counts or column.kept_if:
            reason = "bits, counts of neighbours and kept_if are for the package's own columns"
        elif not np.can_cast(column.dtype, np.int32):
            reason = "takes whole numbers that fit into 32 bits with sign"
        elif column.updated not in ("", "occasion", "purchase"):
            reason = f"updated = {column.updated}: allowed: occasion, purchase"
        elif isinstance(column.initial, str) and column.initial not in kind.model_fields:
            reason = f"initial = {column.initial}: no such parameter of {name}"
        elif column.fixed != bool(column.drawn):
            reason = "a trait is fixed and drawn; what is neither can be updated"
        elif column.drawn and (column.scale != 1 << 16 or column.dtype is not _DRAWN[column.drawn]):
            reason = f"drawn = {column.drawn} takes {_DRAWN[column.drawn].__name__} and scale = 65536"
        if reason:
            problems.append(Problem(f"{name}.columns", column.name, reason))
    return problems


def _read_problems(name: str, kind: Any, others: Any) -> list[Problem]:
    known = {column.name: column for other in others.values() for column in other.columns}
    readable = {one for one, column in known.items() if not (column.bit or column.counts or column.kept_if)}
    return [
        Problem(f"{name}.reads", column, f"cannot be read; allowed: {', '.join(sorted(readable | set(READABLE)))}")
        for column in kind.reads
        if column not in readable | set(READABLE)
    ]


def _step_problems(name: str, kind: Any) -> list[Problem]:
    """Return what is wrong with what the neutral mechanism's ``step`` returns."""
    wrong = Problem(
        f"{name}.step", None, "must return a NamedTuple with fields annotated as int or float, for neutral values"
    )
    try:
        step = kind().step()
        kinds = get_type_hints(type(step))
    except (NotImplementedError, ValueError, TypeError, NameError):
        return [wrong]
    if not hasattr(step, "_fields") or not all(kinds.get(field) in (int, float) for field in step._fields):
        return [wrong]
    return [
        Problem(f"{name}.step", field, f"is annotated as int, and is {value!r}")
        for field, value in zip(step._fields, step, strict=True)
        if not isinstance(value, int) and not (kinds[field] is float and isinstance(value, float))
    ]
