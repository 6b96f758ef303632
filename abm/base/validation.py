"""What pydantic finds wrong with a value, said in one line per problem."""

from collections.abc import Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from abm.base.errors import Problem, closest, did_you_mean
from abm.base.parameters import bounds, choices_of


def problems_of(error: ValidationError, model: type[BaseModel], prefix: str = "", file: str = "") -> list[Problem]:
    """Translate pydantic's findings into plain sentences, one for each value.

    Parameters
    ----------
    error : ValidationError
    model : type of BaseModel
        The class that was to be made.
    prefix, file : str
        Where its values were written: key of the table, name of the file.

    Returns
    -------
    list of Problem
    """
    found: dict[tuple[str, str], Problem] = {}
    for item in error.errors():
        problem = _translate(item, model, prefix, file)
        location = problem.key, repr(problem.value)
        if location in found:  # what may be of several types is refused as each of them
            problem = problem._replace(message=f"{found[location].message}; or {problem.message}")
        found[location] = problem
    return list(found.values())


def _translate(item: Mapping[str, Any], model: type[BaseModel], prefix: str, file: str) -> Problem:
    loc = _without_type_tags(item["loc"], model)
    key = ".".join(str(part) for part in ((prefix, *loc) if prefix else loc))
    value = item.get("input")
    kind = item["type"]
    if kind == "extra_forbidden":
        owner = _model_at(model, loc[:-1])
        hint = did_you_mean(str(loc[-1]), owner.model_fields) if owner else ""
        return Problem(key, None, f"unknown key; {hint}", file)
    if kind == "missing":
        return Problem(key, None, "is required", file)
    allowed = _allowed(_model_at(model, loc[:-1]), loc[-1] if loc else None, value) or _exceeded(item.get("ctx", {}))
    if kind == "list_type" and isinstance(value, Mapping) and key in model.model_fields:
        return Problem(key, None, f"must be a list: write [[{key}]] before each entry", file)
    if kind == "literal_error" and not allowed:
        return Problem(key, value, f"must be {item['ctx']['expected']}", file)
    message = _MESSAGES.get(kind) or str(item["msg"]).removeprefix("Value error, ")
    if kind in {"greater_than_equal", "less_than_equal", "greater_than", "less_than"}:
        message = "out of range"
    if kind == "value_error":
        return Problem(key, None, message, file)
    return Problem(key, value, f"{message}; {allowed}" if allowed and allowed not in message else message, file)


_MESSAGES = {
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "finite_number": "must be a finite number",
    "model_type": "must be a table of parameters",
    "dict_type": "must be a table",
    "list_type": "must be a list",
    "literal_error": "not one of the choices",
    "date_type": "must be a date such as 2023-09-11",
    "date_parsing": "must be a date such as 2023-09-11",
    "date_from_datetime_parsing": "must be a date such as 2023-09-11",
}


def _without_type_tags(loc: tuple[Any, ...], model: type[BaseModel]) -> tuple[Any, ...]:
    """Leave out the names of tried types, which pydantic adds to a path behind what may be of several."""
    kept: tuple[Any, ...] = ()
    for part in loc:
        if not (_is_type_tag(part) and _has_types(kept, model)):
            kept += (part,)
    return kept


def _is_type_tag(part: Any) -> bool:
    if not isinstance(part, str):
        return False
    return part in {"float", "int", "date", "str"} or part.startswith(
        ("dict[", "list[", "literal[", "constrained-", "function-")
    )


def _has_types(loc: tuple[Any, ...], model: type[BaseModel]) -> bool:
    """Say whether what lies at this path may be of several types."""
    owner = _model_at(model, loc[:-1])
    field = owner.model_fields.get(str(loc[-1])) if owner and loc else None
    return field is not None and get_origin(field.annotation) in (Union, UnionType)


def _model_at(model: type[BaseModel] | None, loc: tuple[Any, ...]) -> type[BaseModel] | None:
    for part in loc:
        if model is None:
            return None
        field = model.model_fields.get(str(part))
        annotation = field.annotation if field else None
        candidates = [annotation, *get_args(annotation)] if annotation else []
        model = next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), None)
    return model


def _exceeded(context: Mapping[str, Any]) -> str:
    """Say which bound a value is beyond, where the field's declaration does not: one of several types is bounded."""
    if "ge" in context:
        return f"allowed: {context['ge']:,} or more"
    return f"allowed: at most {context['le']:,}" if "le" in context else ""


def _allowed(model: type[BaseModel] | None, name: Any, value: Any) -> str:
    """Say which values a field allows, from its own declaration, and which may have been meant."""
    field = model.model_fields.get(str(name)) if model else None
    if field is None:
        return ""
    low, high = bounds(field)
    unit = (field.json_schema_extra or {}).get("unit", "") if isinstance(field.json_schema_extra, dict) else ""
    unit = f" ({unit})" if unit and unit != "-" else ""
    if low is not None and high is not None:
        return f"allowed: {low:,} to {high:,}{unit}"
    if low is not None:
        return f"allowed: {low:,} or more{unit}"
    choices = choices_of(field)
    close = closest(value, list(choices)) if isinstance(value, str) else ""
    hint = f'; did you mean "{close}"?' if close else ""
    return f"allowed: {', '.join(choices)}{hint}" if choices else ""
