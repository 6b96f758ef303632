"""What ``abm tip`` is asked, and the checks of it against the experiment."""

from dataclasses import dataclass, replace

from abm.analysis.tipping.hysteresis import Ramp
from abm.analysis.tipping.lever_mix import LeverMix
from abm.analysis.tipping.phase_diagram import Axis
from abm.base.errors import InputError, Problem, did_you_mean
from abm.experiment.config import Experiment
from abm.markets.market import Market, check_path

_NORM, _HABIT = Axis("norm.strength", 0.0, 4.0, 9), Axis("habit.strength", 0.0, 4.0, 9)


@dataclass(frozen=True)
class TipQuestion:
    """What to look for.

    Parameters
    ----------
    market : str, optional
        Without it, the experiment's first.
    ramp : Ramp, optional
        The parameter of the hysteresis loop; without it, ``preference.mean`` from 2 below to 3 above the market's.
    x, y : Axis
        The parameters of the phase diagram.
    lever_mix : LeverMix, optional
        Levers among which the cheapest mix is searched.
    settle : int
        Weeks after an intervention until it is decided whether the market has stayed high.
    phase_weeks : int
        Weeks for which each point of the phase diagram is run.
    """

    market: str | None = None
    ramp: Ramp | None = None
    x: Axis = _NORM
    y: Axis = _HABIT
    lever_mix: LeverMix | None = None
    settle: int = 520
    phase_weeks: int = 1040


def complete_question(experiment: Experiment, asked: TipQuestion) -> tuple[TipQuestion, Market]:
    """Return the question with its ramp, and the market it is about.

    Parameters
    ----------
    experiment : Experiment
    asked : TipQuestion

    Raises
    ------
    InputError
        No such market, a market with ties to others, or parameters and values that it does not allow.
    """
    names = list(experiment.markets)
    name = asked.market or names[0]
    if name not in experiment.markets:
        raise InputError([Problem("market", name, f"no such market in this experiment; {did_you_mean(name, names)}")])
    market = experiment.markets[name]
    if market.network.ties_abroad:
        key = f"markets.{name}.network.ties_abroad"
        raise InputError([Problem(key, market.network.ties_abroad, "allowed here: 0 only")])
    mean = market.preference.mean
    ramp = asked.ramp or Ramp("preference.mean", mean - 2, mean + 3, 50, 52)
    problems = _path_problems(replace(asked, ramp=ramp), market)
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    return replace(asked, ramp=ramp), market


def _path_problems(asked: TipQuestion, market: Market) -> list[Problem]:
    """Return what is wrong with the parameters of ramp and axes, and with their values at both ends."""
    varied = {"ramp": asked.ramp, "x": asked.x, "y": asked.y}
    ends = [(key, v.parameter, end) for key, v in varied.items() if v is not None for end in (v.first, v.last)]
    problems: list[Problem] = []
    for key, path, value in ends:
        problem = check_path(path, change_in_time=key == "ramp")
        try:
            if problem is None:
                market.replace({path: value})
        except InputError as error:
            problems += [found._replace(key=f"{key}.{found.key}") for found in error.problems]
        problems += [problem._replace(key=f"{key}.{path}")] if problem else []
    return problems
