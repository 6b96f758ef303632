"""Designs of a sweep: a grid, listed points, a Latin hypercube or a Sobol sequence of parameter values."""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from abm.base.errors import InputError, Problem
from abm.base.validation import problems_of
from abm.experiment.config_paths import flat
from abm.experiment.sweep_settings import MOST_POINTS, SweepSettings
from abm.experiment.swept_parameter import ColumnValue, SweptParameter

type Find = Callable[[str], SweptParameter]


class SweepValues(NamedTuple):
    """What a point of a sweep sets, by path: as parameters take it, and as tables hold it."""

    given: Mapping[str, Any]
    columns: Mapping[str, ColumnValue]


NO_SWEEP = (SweepValues({}, {}),)


def parse_sweep(table: Any, find: Find, problems: list[Problem]) -> Sequence[SweepValues]:
    """Check a sweep table and return its points; what is wrong is added to ``problems``.

    Parameters
    ----------
    table : mapping
        Parameter paths with their values, and the fields of ``SweepSettings``.
    find : function of a path
        Returns the parameter or raises InputError.
    problems : list of Problem

    Returns
    -------
    sequence of SweepValues
        One empty point without a sweep.
    """
    if not isinstance(table, Mapping):
        problems.append(Problem("sweep", table, "must be a table"))
        return NO_SWEEP
    fields = {key: value for key, value in table.items() if key in SweepSettings.model_fields}
    try:
        settings = SweepSettings(**fields)
    except ValidationError as error:
        problems += problems_of(error, SweepSettings, "sweep")
        return NO_SWEEP
    try:
        values = _by_path({key: value for key, value in table.items() if key not in fields}, "sweep")
        found = _shape_problems(settings, values)
        listed = [_by_path(point, f"sweep.points[{i}]") for i, point in enumerate(settings.points or [])]
        found = found or _same_paths(listed)
        if found:
            raise InputError(found)
        parameters = _parameters(listed[0] if listed else values, find)
        return _points(settings, values, listed, parameters) if parameters else NO_SWEEP
    except InputError as error:
        problems += error.problems
        return NO_SWEEP


def _by_path(table: Mapping[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path, value in flat(table):
        if path in found:
            raise InputError([Problem(f"{key}.{path}", None, "is there twice, in quotes and as a table")])
        found[path] = value
    return found


def _shape_problems(settings: SweepSettings, values: Mapping[str, Any]) -> list[Problem]:
    given = settings.model_fields_set
    if settings.points is not None:
        problems = [Problem(f"sweep.{path}", None, "either points or values by parameter, not both") for path in values]
        if len(given) > 1:
            unused = ", ".join(sorted(given - {"points"}))
            problems.append(Problem("sweep.points", None, f"points are listed: leave out {unused}"))
        return problems if settings.points else [*problems, Problem("sweep.points", [], "needs at least one point")]
    if settings.is_sampled and settings.samples is None:
        return [Problem("sweep.samples", None, f"is required with design = {settings.design!r}")]
    if given and not values:
        return [Problem("sweep", None, "needs at least one parameter with its values")]
    return [] if settings.is_sampled else [*_unused_problems(settings), *_list_problems(values)]


def _unused_problems(settings: SweepSettings) -> list[Problem]:
    unused = {name: getattr(settings, name) for name in sorted({"samples", "seed"} & settings.model_fields_set)}
    reason = "only for latin_hypercube and sobol; a grid takes all values"
    return [Problem(f"sweep.{name}", value, reason) for name, value in unused.items()]


def _list_problems(values: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for path, listed in values.items():
        if not isinstance(listed, list):
            problems.append(Problem(f"sweep.{path}", listed, "must be a list of values"))
        elif not listed:
            problems.append(Problem(f"sweep.{path}", None, "needs at least one value"))
    n_points = math.prod(len(listed) for listed in values.values() if isinstance(listed, list))
    if n_points > MOST_POINTS:
        problems.append(Problem("sweep", f"{n_points:,} points", f"allowed: at most {MOST_POINTS:,}"))
    return problems


def _same_paths(points: Sequence[Mapping[str, Any]]) -> list[Problem]:
    problems = []
    for position, point in enumerate(points):
        if not point:
            problems.append(Problem(f"sweep.points[{position}]", None, "needs at least one parameter"))
        elif other := points[0].keys() ^ point.keys():
            message = f"every point needs the same parameters; differs in {', '.join(sorted(other))}"
            problems.append(Problem(f"sweep.points[{position}]", None, message))
    return problems


def _parameters(paths: Mapping[str, Any], find: Find) -> dict[str, SweptParameter]:
    """Return what is swept by path.

    Raises
    ------
    InputError
        With every path that leads nowhere.
    """
    found, problems = {}, []
    for path in paths:
        try:
            found[path] = find(path)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _points(
    settings: SweepSettings,
    values: Mapping[str, Any],
    listed: Sequence[Mapping[str, Any]],
    parameters: Mapping[str, SweptParameter],
) -> list[SweepValues]:
    if settings.is_sampled:
        points = [_point(given, parameters) for given in _sampled(settings, values, parameters)]
        return list({tuple(point.columns.values()): point for point in reversed(points)}.values())[::-1]
    if listed:
        points = [_point(given, parameters) for given in listed]
        _refuse_twice([f"sweep.points[{i}]" for i in range(len(points))], [point.columns for point in points])
        return points
    for path, parameter in parameters.items():
        columns = [parameter.column(parameter.read(value)) for value in values[path]]
        _refuse_twice([f"sweep.{path}"] * len(columns), columns)
    return [
        _point(dict(zip(values, chosen, strict=True)), parameters) for chosen in itertools.product(*values.values())
    ]


def _point(given: Mapping[str, Any], parameters: Mapping[str, SweptParameter]) -> SweepValues:
    read = {path: parameters[path].read(given[path]) for path in parameters}
    return SweepValues(read, {path: parameters[path].column(value) for path, value in read.items()})


def _refuse_twice(keys: Sequence[str], columns: Sequence[Any]) -> None:
    """Refuse values or points that are there already, as tables hold them."""
    seen: set[str] = set()
    problems = []
    for key, column in zip(keys, columns, strict=True):
        if repr(column) in seen:
            problems.append(Problem(key, column, "is there twice"))
        seen.add(repr(column))
    if problems:
        raise InputError(problems)


def _sampled(
    settings: SweepSettings, ranges: Mapping[str, Any], parameters: Mapping[str, SweptParameter]
) -> list[dict[str, Any]]:
    """Return samples that fill the ranges evenly; of each parameter, values of its type.

    Source: McKay, Beckman & Conover (1979), Technometrics 21(2); Sobol (1967), scrambled as in Owen (1998).
    """
    problems = [
        Problem(f"sweep.{path}", ends, reason)
        for path, ends in ranges.items()
        if (reason := parameters[path].ends_problem(ends))
    ]
    if problems:
        raise InputError(problems)
    from scipy.stats import qmc  # here: slow to import, and most sweeps are grids

    n = settings.samples or 1
    if settings.design == "sobol":
        engine = qmc.Sobol(len(ranges), scramble=True, rng=settings.seed)
        unit = engine.random_base2((n - 1).bit_length())[:n]  # balanced where n is a power of two
    else:
        unit = qmc.LatinHypercube(len(ranges), rng=settings.seed).random(n)
    return [
        {
            path: parameters[path].sample(ends[0], ends[1], float(u))
            for (path, ends), u in zip(ranges.items(), row, strict=True)
        }
        for row in unit
    ]
