"""A parameter that a sweep changes: its type decides how values are read, drawn and kept in tables."""

import json
import math
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from abm.base.errors import InputError, Problem, did_you_mean
from abm.base.plain_values import read_date
from abm.levers import LEVERS
from abm.markets.market import Market, check_path
from abm.networks import FAMILIES

type ColumnValue = float | int | bool | str


@dataclass(frozen=True)
class SweptParameter:
    """A parameter that a sweep changes.

    Attributes
    ----------
    path : str
        Such as ``markets.us.norm.strength`` or ``scenarios.deals.levers.0.discount``.
    types : frozenset of type
        What it may be.
    step : int
        Samples are multiples of it; 0: any number.
    """

    path: str
    types: frozenset[Any]
    step: int = 0

    def read(self, value: Any) -> Any:
        """Return a value as the parameter keeps it: whole numbers are numbers, too."""
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if is_whole and float in self.types and int not in self.types and abs(value) <= 1 << 53:
            return float(value)
        return read_date(value) if date in self.types else value

    def column(self, value: Any) -> ColumnValue:
        """Return a value as tables hold it: a number, a whole number, true or false; anything else as text."""
        if len(self.types) == 1 and self.types <= {float, int, bool} and isinstance(value, float | int):
            plain: ColumnValue = value
            return plain
        is_file = self.path.endswith(".network.file") and isinstance(value, str)
        return posixpath.normpath(value) if is_file else _text(value)

    def ends_problem(self, ends: Any) -> str:
        """Return what is wrong with the ends of a range, "" if nothing is."""
        numbers = {float, int} & self.types
        if not numbers:
            return "has no range to draw samples from: list its values in a grid, or as points"
        kinds = (int, float) if float in numbers else int
        two = isinstance(ends, list) and len(ends) == 2
        if not two or not all(isinstance(e, kinds) and not isinstance(e, bool) and abs(e) < 1e300 for e in ends):
            return f"must be [low, high], two {'' if float in numbers else 'whole '}numbers with low < high"
        if not ends[0] < ends[1]:
            return "must be [low, high] with low < high"
        if self.step and not self._multiples(*ends):
            return f"no multiple of {self.step} lies between them"
        return ""

    def sample(self, low: float, high: float, part: float) -> float | int:
        """Return the value at a part (0 .. 1) of a range.

        Parameters
        ----------
        low, high, part : float
        """
        if self.step:
            multiples = self._multiples(low, high)
            return self.step * float(_whole_between(multiples[0], multiples[-1], part))
        if float not in self.types or (self.types >= {int, float} and isinstance(low, int) and isinstance(high, int)):
            return _whole_between(int(low), int(high), part)
        return float(f"{low + part * (high - low):.12g}")  # readable in results, and the same when read back

    def _multiples(self, low: float, high: float) -> range:
        return range(math.ceil(low / self.step), math.floor(high / self.step) + 1)


def _whole_between(low: int, high: int, part: float) -> int:
    return min(high, low + int(part * (high - low + 1)))


def _text(value: Any) -> str:
    """Return the same text for the same value and different texts for different ones."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | date):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(int(value)) if math.isfinite(value) and value == int(value) else repr(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_text(part)}" for key, part in sorted(value.items(), key=lambda item: str(item[0])))
    if isinstance(value, list | tuple):
        return json.dumps(value, default=str)[1:-1]
    return str(value)


def find_swept(path: str, markets: Mapping[str, Market], names: Mapping[str, Any], scenarios: Any) -> SweptParameter:
    """Return the parameter that a path of a sweep leads to.

    Parameters
    ----------
    path : str
    markets : mapping
        The markets that could be read, by name.
    names : mapping
        All markets of the config.
    scenarios : list of mapping
        As written in the config.

    Raises
    ------
    InputError
        It leads to none, or to one that cannot be swept.
    """
    part, _, rest = path.partition(".")
    name, _, key = rest.partition(".")
    if part == "scenarios":
        return _of_lever(path, name, key, scenarios)
    if part != "markets" or name not in names:
        hint = did_you_mean(name, names)
        reason = 'must start with "markets." and the name of a market, or with "scenarios." and that of a scenario'
        raise _refusal(path, f"{reason}; {hint}")
    return _of_market(path, key, markets.get(name), change_in_time=False)


def _of_market(path: str, key: str, market: Market | None, *, change_in_time: bool) -> SweptParameter:
    if problem := check_path(key, change_in_time=change_in_time):
        raise _refusal(path, problem.message)
    if key in {"name", "network.graph"}:
        raise _refusal(path, f"a market's {key.rpartition('.')[2]} cannot be swept")
    model: type[BaseModel] = Market
    *tables, last = key.split(".")
    for table in tables:
        annotation = model.model_fields[table].annotation
        assert isinstance(annotation, type)
        model = annotation
    step = _degree_step(market) if key == "network.degree" else 0
    return SweptParameter(path, _types(model.model_fields[last].annotation), step)


def _degree_step(market: Market | None) -> int:
    """Return of what a market's degree has to be a multiple, by its family; 0 where it may be any number."""
    if market is None:
        return 0
    family = FAMILIES[market.network.family]
    return 2 if family.even_degree else 1 if family.whole_degree else 0


def _of_lever(path: str, name: str, key: str, scenarios: Any) -> SweptParameter:
    tables = {str(t.get("name")): t for t in scenarios if isinstance(t, Mapping)} if isinstance(scenarios, list) else {}
    if name not in tables:
        raise _refusal(path, f"no such scenario; {did_you_mean(name, tables)}")
    table, number, parameter = (*key.split(".", 2), "", "")[:3]
    levers = tables[name].get("levers")
    levers = levers if isinstance(levers, list) else []
    if table != "levers" or not number.isdecimal() or not parameter:
        raise _refusal(path, f"must look like scenarios.{name}.levers.0.discount")
    if int(number) >= len(levers) or not isinstance(levers[int(number)], Mapping):
        known = f"they are numbered 0 to {len(levers) - 1}" if levers else "the scenario has none of its own"
        raise _refusal(path, f"no such lever: {number}; {known}")
    kind = levers[int(number)].get("kind")
    fields = LEVERS[kind].model_fields if isinstance(kind, str) and kind in LEVERS else {}
    first, _, inner = parameter.partition(".")
    if inner and first == "values" and "values" in fields:
        return _of_market(path, inner, None, change_in_time=True)
    if parameter in {"kind", "market", "values"}:
        raise _refusal(path, f"a lever's {parameter} cannot be swept")
    if parameter not in fields:
        raise _refusal(path, f"unknown key; {did_you_mean(parameter, fields)}")
    return SweptParameter(path, _types(fields[parameter].annotation))


def _refusal(path: str, message: str) -> InputError:
    return InputError([Problem(f"sweep.{path}", None, message)])


def _types(annotation: Any) -> frozenset[Any]:
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        return frozenset[Any]().union(*(_types(part) for part in get_args(annotation)))
    if origin is Annotated:
        return _types(get_args(annotation)[0])
    if origin is Literal:
        return frozenset(type(choice) for choice in get_args(annotation))
    return frozenset() if annotation is NoneType else frozenset({origin or annotation})
