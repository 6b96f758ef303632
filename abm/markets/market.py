"""A market: the people, culture and super-app of one country or region."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ValidationError, WithJsonSchema, field_validator, model_validator
from pydantic.fields import FieldInfo

from abm.base.calendar import LAST_WEEK
from abm.base.errors import InputError, Problem, did_you_mean
from abm.base.parameters import Parameters, parameter
from abm.base.plain_values import Date
from abm.base.validation import problems_of
from abm.markets.profile import load_profile, overlay
from abm.mechanisms import MECHANISMS, Mechanism
from abm.networks import FAMILIES, Network

if TYPE_CHECKING:
    from abm.mechanisms import (
        Awareness,
        Choice,
        Habit,
        Integration,
        Livestream,
        Norm,
        Preference,
        Price,
        Stockpile,
        Supply,
        Trust,
    )

MAX_CONSUMERS = 2**31 - 1


def _id(value: Any) -> Any:
    """Return an id as a Python number or text; nodes of a graph may be anything that can be a key."""
    if isinstance(value, bool | float | list | dict) or value is None:
        raise ValueError(f"{value!r}: an id is a whole number or text")
    if isinstance(value, str):
        return str(value)
    return operator.index(value) if hasattr(value, "__index__") else value


type NodeId = Annotated[Any, BeforeValidator(_id), WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string"}]})]


class Market(Parameters):
    """Parameters of one market. Without arguments it is neutral: every mechanism off, everyone aware.

    Examples
    --------
    >>> Market.profile("west").replace({"norm.strength": 2.0, "network.family": "random"}).norm.strength
    2.0
    """

    name: str = parameter("market", unit="-", source="-", fixed=True, meaning="name in tables and figures")
    consumers: int = parameter(
        10_000, ge=1, le=MAX_CONSUMERS, unit="consumers", source="size of the simulation", fixed=True,
        meaning="simulated consumers; each stands for shoppers / consumers people",
    )  # fmt: skip
    shoppers: float = parameter(
        0.0, ge=0, le=1e10, unit="people", source="see the market profiles", fixed=True,
        meaning="people who shop online in this market",
    )  # fmt: skip
    annual_spend: float | dict[int, float] = parameter(
        0.0, unit="US$ per shopper and year", source="see the market profiles", fixed=True,
        meaning="online spend, one number or one per year (the nearest year's holds beyond; straight lines over gaps)",
    )  # fmt: skip
    returns: float = parameter(
        0.0, ge=0, le=1, unit="share of GMV", source="see the market profiles", fixed=True,
        meaning="share of gross sales sent back",
    )  # fmt: skip
    launch: int | Date = parameter(
        0, unit="week or date", source="launch dates in the data", fixed=True,
        meaning="when the super-app's shop opens",
    )  # fmt: skip
    occasion_rate: float = parameter(
        1.0, ge=0, le=1, unit="chance per week", source="see the market profiles",
        meaning="chance that a consumer (re)considers how to shop in a week",
    )  # fmt: skip
    basket_sigma: float = parameter(
        0.0, ge=0, le=2, unit="sd of the log", source="see the market profiles", fixed=True,
        meaning="inequality of spend between consumers (lognormal, mean 1)",
    )  # fmt: skip
    initial_adoption: float = parameter(
        0.0, ge=0, le=1, unit="share of consumers", source="scenario", fixed=True,
        meaning="share in mode super at week 0 (exact count, drawn)",
    )  # fmt: skip
    seed_adopters: int = parameter(
        0, ge=0, le=MAX_CONSUMERS, unit="consumers", source="scenario", fixed=True,
        meaning="number in mode super at week 0 (drawn)",
    )  # fmt: skip
    seed_consumers: tuple[NodeId, ...] = parameter(
        (), unit="consumer ids", source="scenario", fixed=True,
        meaning="who is in mode super at week 0: ids of the network's file or graph, else 0 to consumers - 1",
    )  # fmt: skip
    network: Network = Network()

    if TYPE_CHECKING:  # every registered mechanism is a field (see below); type checkers see the built-in ones
        awareness: Awareness
        preference: Preference
        integration: Integration
        habit: Habit
        norm: Norm
        trust: Trust
        livestream: Livestream
        price: Price
        stockpile: Stockpile
        supply: Supply
        choice: Choice

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise InputError(problems_of(error, Market)) from None

    @classmethod
    def profile(cls, name: str) -> Self:
        """Return the market that a shipped profile describes; its name is the profile's.

        Raises
        ------
        InputError
            There is no such profile.
        """
        return cls(**{"name": name, **load_profile(name).values})

    def replace(self, changes: Mapping[str, Any]) -> Self:
        """Return a copy with other values under dotted paths such as ``norm.strength``.

        Raises
        ------
        InputError
            Unknown path, wrong type or value out of range; every problem is named.
        """
        return type(self)(**overlay(self.values(), nested(changes)))

    def __getattr__(self, name: str) -> Any:
        """Return a neutral mechanism that was registered after the market was made."""
        if name in MECHANISMS:
            return MECHANISMS[name]()
        return super().__getattr__(name)  # type: ignore[misc]  # pydantic's own

    def values(self) -> dict[str, Any]:
        """Return the values that were given (not the neutral defaults), nested by mechanism."""
        given = {key: getattr(self, key) for key in self.model_fields_set}
        return {key: _given(value) if isinstance(value, BaseModel) else value for key, value in given.items()}

    def annual_spend_in(self, year: int) -> float:
        """Return what a shopper spends online in a calendar year, US$.

        Beyond a series it is that of the nearest year, in a gap on the straight line between its ends.
        """
        series = self.annual_spend
        if not isinstance(series, dict):
            return series
        before = max((each for each in series if each <= year), default=min(series))
        after = min((each for each in series if each >= year), default=before)
        if before >= after:
            return series[before]
        return series[before] + (series[after] - series[before]) * (year - before) / (after - before)

    @field_validator("name")
    @classmethod
    def _name_is_plain(cls, name: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,63}", name):
            raise ValueError(f"{name!r}: letters, digits, _ and - only, at most 64")
        return name

    @field_validator("annual_spend", mode="before")
    @classmethod
    def _years_are_numbers(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        if not value:
            raise ValueError("a yearly series needs at least one year")
        years = {int(y) if isinstance(y, str) and y.isdecimal() else y: spend for y, spend in value.items()}
        for year, spend in years.items():
            if not isinstance(year, int) or not 1900 <= year <= 2200:
                raise ValueError(f"year {year!r}: allowed: 1900 to 2200")
            if isinstance(spend, bool) or not isinstance(spend, int | float):
                raise ValueError(f"year {year}: {spend!r}: must be a number")
        return years

    @field_validator("annual_spend")
    @classmethod
    def _spend_is_positive(cls, value: float | dict[int, float]) -> float | dict[int, float]:
        for spend in value.values() if isinstance(value, dict) else [value]:
            if not 0 <= spend <= 1e9:
                raise ValueError(f"{spend}: allowed: 0 to 1,000,000,000 (US$ per shopper and year)")
        return value

    @field_validator("launch")
    @classmethod
    def _launch_is_not_negative(cls, value: int | date) -> int | date:
        if isinstance(value, int) and not 0 <= value <= LAST_WEEK:
            raise ValueError(f"{value}: allowed: a week of 0 or more (at most {LAST_WEEK:,}), or a date")
        return value

    @field_validator("seed_consumers", mode="before")
    @classmethod
    def _list_is_tuple(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _start_is_consistent(self) -> Self:
        given = [key for key in ("initial_adoption", "seed_adopters", "seed_consumers") if getattr(self, key)]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)}: give only one of them")
        own_size = FAMILIES[self.network.family].brings_own_size  # then ids are its own, and it says how many there are
        if self.seed_adopters > self.consumers and ("consumers" in self.model_fields_set or not own_size):
            raise ValueError(f"seed_adopters = {self.seed_adopters:,}: allowed: 0 to consumers = {self.consumers:,}")
        unknown = [i for i in self.seed_consumers if not (isinstance(i, int) and 0 <= i < self.consumers)]
        if unknown and not own_size:
            raise ValueError(f"seed_consumers: {unknown[0]!r}: allowed: ids 0 to {self.consumers - 1:,}")
        return self


def _add_mechanism(name: str, kind: type[Mechanism]) -> None:
    """Make a mechanism a field of ``Market``; without values it is neutral.

    Raises
    ------
    InputError
        A market has something of this name already.
    """
    if name in Market.model_fields or hasattr(Market, name):
        raise InputError([Problem("mechanism", name, "a market has something of this name already")])
    Market.__annotations__[name] = kind
    Market.model_fields[name] = FieldInfo.from_annotated_attribute(kind, kind())
    Market.model_rebuild(force=True)


def _remove_mechanism(name: str, kind: type[Mechanism]) -> None:
    del Market.__annotations__[name], Market.model_fields[name]
    Market.model_rebuild(force=True)


MECHANISMS.follow(_add_mechanism, _remove_mechanism)


def _given(group: BaseModel) -> dict[str, Any]:
    return {key: getattr(group, key) for key in group.model_fields_set}


def nested(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Turn ``{"norm.strength": 2}`` into ``{"norm": {"strength": 2}}``; nested tables may be mixed in."""
    result: dict[str, Any] = {}
    for path, value in changes.items():
        *tables, key = path.split(".")
        change: dict[str, Any] = {key: value}
        for table in reversed(tables):
            change = {table: change}
        result = overlay(result, change)
    return result


def parameter_paths(model: type[BaseModel] = Market, prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Yield every dotted parameter path and whether it is fixed at week 0 (no lever can change it).

    Parameters
    ----------
    model : type of BaseModel
    prefix : str
        Put before every path.
    """
    for name, field in model.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            for path, fixed in parameter_paths(annotation, f"{prefix}{name}."):
                yield path, fixed or annotation is Network
        else:
            extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
            yield prefix + name, bool(extra.get("fixed", False))


def check_path(path: str, *, change_in_time: bool) -> Problem | None:
    """Return what is wrong with a parameter path, or None.

    Parameters
    ----------
    path : str
        Such as ``norm.strength``.
    change_in_time : bool
        Whether the parameter is to change during a run.
    """
    known = dict(parameter_paths())
    if path not in known:
        return Problem(path, None, f"unknown parameter; {did_you_mean(path, known)}")
    if change_in_time and known[path]:
        return Problem(path, None, "describes week 0 and cannot change during a run")
    return None
