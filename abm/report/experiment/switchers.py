"""Who switches: extra adopters by group of consumers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from abm.analysis.effects.estimate import Estimate
from abm.experiment.adoption_by_group import GROUPS, TRAITS
from abm.report.charts.forest_plot import Series, forest_panel
from abm.report.charts.style import (
    PALETTE,
    Panel,
)
from abm.report.experiment.point_results import PointResults
from abm.report.experiment.scenario_effects import ScenarioEffects
from abm.report.html import Section
from abm.report.text.number_format import percent, quoted

_MOMENTS = (  # colour, moment of counting, in words
    (PALETTE[0], "after", "when all levers have ended"),
    (PALETTE[1], "end", "at the end of the run"),
)


def switchers_section(results: PointResults, effects: ScenarioEffects) -> Section | None:
    """Draw who switches under the scenario with the most extra adopters; None if nobody is known to.

    Parameters
    ----------
    results : PointResults
        One sweep point.
    effects : ScenarioEffects
        What the scenarios change at that point.

    Returns
    -------
    Section or None
    """
    scenario = _strongest(effects)
    if scenario is None or effects.by_group.empty:
        return None
    market = effects.acts_in(scenario)[0]
    rows = effects.by_group[(effects.by_group["scenario"] == scenario) & (effects.by_group["market"] == market)]
    twice = _counted_twice(effects.by_group)
    moments = _MOMENTS if twice else _MOMENTS[1:]
    panels = _panels(rows, moments)
    if not panels:
        return None
    caption = (
        f"Consumers of {results.names[market]} by taste for the super-app, number of ties, and trust before anything "
        "is done: thirds, but for those with equal values, who stay together; groups below a tenth are left out. "
        f"The same people under {quoted(scenario)} and under {results.baseline}. Lines: 95 % interval."
    )
    if twice:
        caption += " The first count is made when the last lever of any scenario ends."
    legend = [(colour, when) for colour, _, when in moments]
    return Section(
        "who",
        "Who switches",
        _switchers_takeaway(rows[rows["trait"].isin(list(panels))], scenario, moments[0]),
        caption,
        list(panels.values()),
        legend,
    )


def _panels(rows: pd.DataFrame, moments: Sequence[tuple[str, str, str]]) -> dict[str, Panel]:
    """Return a panel for each trait by which consumers differ and of which anything is known."""
    panels = {}
    for trait in TRAITS:
        parts = rows[rows["trait"] == trait]
        groups = [group for group in GROUPS if (parts["group"] == group).any()]
        if len(groups) < 2:
            continue  # everybody is alike
        series = [Series("", colour, [_group(parts, g, moment) for g in groups]) for colour, moment, _ in moments]
        panel = forest_panel(f"Extra adopters per 100 consumers, by {trait}", groups, series)
        if panel is not None:
            panels[trait] = panel
    return panels


def _switchers_takeaway(rows: pd.DataFrame, scenario: str, counted: tuple[str, str, str]) -> str:
    """Name the group that moves most."""
    _, moment, when = counted
    found = rows[(rows["moment"] == moment) & ((rows["low"] > 0) | (rows["high"] < 0))]
    if found.empty:
        return f"Under {quoted(scenario)}, no group has moved by more than chance could {when}."
    top = found.iloc[int(found["value"].abs().to_numpy().argmax())]
    does, otherwise = (
        ("shop", "would not have done so") if top["value"] > 0 else ("no longer shop", "would have done so")
    )
    return (
        f"Under {quoted(scenario)}, those with {top['group']} {top['trait']} move most: "
        f"{percent(abs(top['value']) / 100)} of them {does} in the super-app {when}, and {otherwise} without it."
    )


def _counted_twice(by_group: pd.DataFrame) -> bool:
    """Say whether all levers had ended before the run did: if not, both counts are made at its end."""
    after, end = (by_group.loc[by_group["moment"] == moment, "value"].to_numpy() for moment in ("after", "end"))
    return bool((after != end).any())


def _group(parts: pd.DataFrame, group: str, moment: str) -> Estimate:
    row = parts[(parts["group"] == group) & (parts["moment"] == moment)].iloc[0]
    return Estimate(*row[list(Estimate._fields)])


def _strongest(effects: ScenarioEffects) -> str | None:
    names = [name for name in effects.scenarios if effects.of(name, "adopters_after").certain and effects.acts_in(name)]
    return max(names, key=lambda name: abs(effects.of(name, "adopters_after").value), default=None)
