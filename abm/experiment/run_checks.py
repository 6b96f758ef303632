"""What is wrong with a config beyond its single values: names and weeks that the run does not have."""

from collections.abc import Mapping

from abm.base.calendar import calendar_problem, sales_year
from abm.base.errors import Problem, did_you_mean
from abm.experiment.config_keys import ExperimentConfig
from abm.experiment.scenarios import Scenario
from abm.experiment.sweep_points import lever_problems


def run_problems(config: ExperimentConfig, scenarios: Mapping[str, Scenario], markets: list[str]) -> list[Problem]:
    """Return what is wrong with days, levers and names.

    Parameters
    ----------
    config : ExperimentConfig
    scenarios : mapping
    markets : list of str
        Names of all markets.
    """
    if problem := calendar_problem(config.start, config.weeks):
        return [problem]
    found = lever_problems(scenarios, markets, config.start, config.weeks)
    found += _name_problems(config, list(scenarios), markets)
    return [*found, *_target_problems(config), *_precision_problems(config, scenarios)]


def _name_problems(config: ExperimentConfig, scenarios: list[str], markets: list[str]) -> list[Problem]:
    """Return a problem for each name in ``precision`` and ``target`` that nothing has."""
    named: list[tuple[str, str | None, list[str]]] = []
    if config.precision:
        named.append(("precision.market", config.precision.market, markets))
        named.append(("precision.scenario", config.precision.scenario, scenarios))
    if config.target:
        named.append(("target.market", config.target.market, markets))
    return [
        Problem(key, name, f"no such {key.split('.')[1]}; {did_you_mean(name, known)}")
        for key, name, known in named
        if name is not None and name not in known
    ]


def _target_problems(config: ExperimentConfig) -> list[Problem]:
    if config.target is None:
        return []
    first, last = sales_year(1, config.start), sales_year(config.weeks, config.start)
    if first <= config.target.year <= last:
        return []
    return [Problem("target.year", str(config.target.year), f"outside the run; allowed: {first:d} to {last:d}")]


def _precision_problems(config: ExperimentConfig, scenarios: Mapping[str, Scenario]) -> list[Problem]:
    """Return a problem if what has to be precise is a difference of the baseline to itself, which is always 0."""
    rule = config.precision
    if rule is None or not rule.outcome.endswith("_change"):
        return []
    if any(scenario.levers for name, scenario in scenarios.items() if rule.scenario in (None, name)):
        return []
    message = "differs from 0 in no scenario that is looked at: name one with levers, or another outcome"
    return [Problem("precision.outcome", rule.outcome, message)]
