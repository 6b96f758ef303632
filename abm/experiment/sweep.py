"""Designs of a sweep: a grid, listed points, a Latin hypercube or a Sobol sequence of parameter values."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from abm.base.errors import InputError, Problem, did_you_mean
from abm.base.parameters import STRICT
from abm.base.validation import problems_of
from abm.markets.market import Market, check_path
from abm.numerics.random import MAX_SEED

MOST_POINTS = 1_000_000
_SAMPLED = ("latin_hypercube", "sobol")


class SweepSettings(BaseModel):
    """What a sweep says beside its parameters."""

    model_config = STRICT

    design: Literal["grid", "latin_hypercube", "sobol"] = Field(
        "grid", description="grid: all combinations of the values; otherwise samples between [low, high]"
    )
    samples: int | None = Field(None, ge=1, le=MOST_POINTS, description="points of a Latin hypercube or Sobol sequence")
    seed: int = Field(0, ge=0, le=MAX_SEED, description="random seed of a Latin hypercube or of Sobol's scrambling")
    points: list[dict[str, Any]] | None = Field(None, description="points listed one by one, instead of a design")


@dataclass(frozen=True)
class Sweep:
    """The points of a sweep, each a mapping from parameter path to value; one empty point without a sweep."""

    paths: tuple[str, ...] = ()
    points: tuple[Mapping[str, Any], ...] = ({},)


def parse_sweep(table: Any, markets: Mapping[str, Market], names: Mapping[str, Any], problems: list[Problem]) -> Sweep:
    """Check a sweep table and return its points; what is wrong is added to ``problems``.

    Parameters
    ----------
    table : mapping
        Parameter paths with their values, and the fields of ``SweepSettings``.
    markets : mapping
        The markets that could be read, by name.
    names : mapping
        All markets of the config.
    problems : list of Problem
    """
    if not isinstance(table, Mapping):
        problems.append(Problem("sweep", table, "must be a table"))
        return Sweep()
    fields = {key: value for key, value in table.items() if key in SweepSettings.model_fields}
    values = dict(_flat({key: value for key, value in table.items() if key not in fields}))
    try:
        settings = SweepSettings(**fields)
    except ValidationError as error:
        problems += problems_of(error, SweepSettings, "sweep")
        return Sweep()
    found = _shape_problems(settings, values)
    if not found:
        points = _points(settings, values)
        found = _path_problems(points[0] if points else {}, markets, names)
        found = found or _value_problems(points, markets)
    problems += found
    return Sweep() if found or not points or not points[0] else Sweep(tuple(points[0]), tuple(points))


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted paths and values of tables written as ``markets.us.norm.strength = [..]`` or in quotes."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _shape_problems(settings: SweepSettings, values: Mapping[str, Any]) -> list[Problem]:
    if settings.points is not None:
        return _listed_problems(settings, values)
    if settings.design not in _SAMPLED:
        if settings.samples is not None:
            return [Problem("sweep.samples", settings.samples, f"only for {' and '.join(_SAMPLED)}; a grid takes all")]
        problems = [problem for path, listed in values.items() if (problem := _list_problem(path, listed))]
        n_points = 1
        for listed in values.values():
            n_points *= len(listed) if isinstance(listed, list) else 1
        if n_points > MOST_POINTS:
            problems.append(Problem("sweep", f"{n_points:,} points", f"allowed: at most {MOST_POINTS:,}"))
        return problems
    problems = [problem for path, ends in values.items() if (problem := _ends_problem(path, ends))]
    if settings.samples is None:
        problems.append(Problem("sweep.samples", None, f"is required with design = {settings.design!r}"))
    if not values:
        problems.append(Problem("sweep", None, "needs at least one parameter with [low, high]"))
    return problems


def _listed_problems(settings: SweepSettings, values: Mapping[str, Any]) -> list[Problem]:
    problems = [Problem(f"sweep.{path}", None, "either points or values by parameter, not both") for path in values]
    if "design" in settings.model_fields_set or settings.samples is not None:
        problems.append(Problem("sweep.points", None, "points are listed: leave out design and samples"))
    if not settings.points:
        return [*problems, Problem("sweep.points", [], "needs at least one point")]
    first = {path for path, _ in _flat(settings.points[0])}
    for position, point in enumerate(settings.points):
        other = first ^ {path for path, _ in _flat(point)}
        if other:
            message = f"every point needs the same parameters; differs in {', '.join(sorted(other))}"
            problems.append(Problem(f"sweep.points[{position}]", None, message))
    return problems


def _list_problem(path: str, listed: Any) -> Problem | None:
    if not isinstance(listed, list):
        return Problem(f"sweep.{path}", listed, "must be a list of values")
    if not listed:
        return Problem(f"sweep.{path}", None, "needs at least one value")
    twice = [value for position, value in enumerate(listed) if value in listed[:position]]
    return Problem(f"sweep.{path}", twice[0], "is there twice") if twice else None


def _ends_problem(path: str, ends: Any) -> Problem | None:
    numbers = isinstance(ends, list) and all(isinstance(e, int | float) and not isinstance(e, bool) for e in ends)
    if not numbers or len(ends) != 2 or not ends[0] < ends[1]:
        return Problem(f"sweep.{path}", ends, "must be [low, high], two numbers with low < high")
    return None


def _points(settings: SweepSettings, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    if settings.points is not None:
        return [dict(_flat(point)) for point in settings.points]
    if settings.design in _SAMPLED:
        return _sampled(settings, values)
    return [dict(zip(values, chosen, strict=True)) for chosen in itertools.product(*values.values())]


def _sampled(settings: SweepSettings, ranges: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return samples that fill the ranges evenly; where both ends are whole numbers, so are the samples.

    Source: McKay, Beckman & Conover (1979), Technometrics 21(2); Sobol (1967), scrambled as in Owen (1998).
    """
    from scipy.stats import qmc  # here: slow to import, and most sweeps are grids

    n = settings.samples or 1
    if settings.design == "sobol":
        engine = qmc.Sobol(len(ranges), scramble=True, rng=settings.seed)
        unit = engine.random_base2((n - 1).bit_length())[:n]  # balanced where n is a power of two
    else:
        unit = qmc.LatinHypercube(len(ranges), rng=settings.seed).random(n)
    return [
        {path: _between(ends[0], ends[1], float(u)) for (path, ends), u in zip(ranges.items(), row, strict=True)}
        for row in unit
    ]


def _between(low: float, high: float, part: float) -> float:
    if isinstance(low, int) and isinstance(high, int):
        return min(high, low + int(part * (high - low + 1)))
    return float(f"{low + part * (high - low):.12g}")  # readable in results, and the same when read back


def _path_problems(point: Mapping[str, Any], markets: Mapping[str, Market], names: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for path in point:
        table, _, rest = path.partition(".")
        name, _, parameter = rest.partition(".")
        if table != "markets" or name not in names:
            hint = did_you_mean(name, names)
            problems.append(
                Problem(f"sweep.{path}", None, f'must start with "markets." and the name of a market; {hint}')
            )
        elif problem := check_path(parameter, change_in_time=False):
            problems.append(problem._replace(key=f"sweep.{path}"))
    return problems


def _value_problems(points: list[dict[str, Any]], markets: Mapping[str, Market]) -> list[Problem]:
    """Return a problem for each value that its market refuses; each value is tried once."""
    problems: list[Problem] = []
    tried: dict[tuple[str, str], None] = {}
    for path, value in (pair for point in points for pair in point.items()):
        _, name, parameter = path.split(".", 2)
        if (path, repr(value)) in tried or name not in markets:
            continue
        tried[path, repr(value)] = None
        try:
            markets[name].replace({parameter: value})
        except InputError as error:
            problems += [problem._replace(key=f"sweep.{path}") for problem in error.problems]
    return problems
