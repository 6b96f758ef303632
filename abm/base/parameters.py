"""How a parameter is declared: its neutral default, range, meaning, unit and source."""

from collections.abc import Mapping
from typing import Any, ClassVar, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo

from abm.base.plain_values import plain_value

STRICT = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Parameters(BaseModel):
    """What is declared by its parameters: unknown names, wrong types, NaN and infinities are refused.

    From Python, numbers may be NumPy's, series arrays, and paths of ``pathlib``: what a config says, they say.
    """

    model_config: ClassVar[ConfigDict] = STRICT

    @model_validator(mode="before")
    @classmethod
    def _values_are_plain(cls, values: Any) -> Any:
        return plain_value(values) if isinstance(values, Mapping) else values


def parameter(
    default: Any,
    *,
    meaning: str,
    unit: str,
    source: str,
    ge: float | None = None,
    le: float | None = None,
    fixed: bool = False,
) -> Any:
    """Declare one parameter: its neutral default, range, meaning, unit and source.

    Parameters
    ----------
    default : value
    meaning, unit, source : str
    ge, le : float, optional
        Least and greatest value.
    fixed : bool
        It describes week 0 only (or who lives there), and no lever can change it later.
    """
    extra: dict[str, Any] = {"unit": unit, "source": source, "fixed": fixed}
    return Field(default, ge=ge, le=le, description=meaning, json_schema_extra=extra)


def bounds(field: FieldInfo) -> tuple[float | None, float | None]:
    """Return the least and the greatest value that a field allows, None where there is no such bound."""

    def bound(name: str) -> float | None:
        return next((value for item in field.metadata if (value := getattr(item, name, None)) is not None), None)

    return bound("ge"), bound("le")


def choices_of(field: FieldInfo) -> tuple[str, ...]:
    """Return the texts that a parameter may be, by its type or a registry; none where it is not one of a few."""
    registered = next((item.choices for item in field.metadata if hasattr(item, "choices")), ())
    return registered or tuple(arg for arg in get_args(field.annotation) if isinstance(arg, str))
