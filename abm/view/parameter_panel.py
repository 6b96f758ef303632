"""Sliders for every parameter of every mechanism, made from the classes that declare them."""

# Names of Solara's components begin with a capital.
# ruff: noqa: N802

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import solara
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from abm.base.parameters import bounds, choices_of
from abm.markets.market import Market, parameter_paths
from abm.networks import FAMILIES
from abm.view.live_model import LiveModel

_N_STEPS = 100  # of a slider
_CONSUMERS = "consumers"  # the group of the market's own parameters, which belong to no mechanism
# Parameters of the market without a control here: set elsewhere on the page, published facts, and other ways to give
# the initial adoption.
_WITHOUT_CONTROL = {
    "name", "consumers", "launch", "shoppers", "annual_spend", "returns", "seed_adopters", "seed_consumers"
}  # fmt: skip


class ParameterControl(NamedTuple):
    """One parameter as a control: a choice, or a slider from ``low`` to ``high``."""

    path: str
    label: str
    description: str
    fixed: bool  # takes effect at the next reset only
    choices: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 1.0
    step: float = 1.0


def parameter_groups() -> dict[str, str]:
    """Return the mechanisms that have parameters, each with the first line of its class's docstring."""
    groups = {_CONSUMERS: "Who lives here, and how often they shop."}
    neutral = Market()
    for path, _ in parameter_paths():
        mechanism, dot, _ = path.partition(".")
        if dot and mechanism not in groups:
            groups[mechanism] = (type(getattr(neutral, mechanism)).__doc__ or "").strip().splitlines()[0]
    return groups


def controls_of(market: Market, group: str) -> list[ParameterControl]:
    """Return a control for each parameter of a group whose value is a number, a choice or a switch.

    Parameters
    ----------
    market : Market
        Its values are inside the range of each slider.
    group : str
        One of ``parameter_groups()``.
    """
    owner: BaseModel = market if group == _CONSUMERS else getattr(market, group)
    prefix = "" if group == _CONSUMERS else f"{group}."
    controls = []
    for path, fixed in parameter_paths():
        name = path.removeprefix(prefix)
        if path.startswith(prefix) and "." not in name and path not in _WITHOUT_CONTROL:
            controls.append(_control(path, type(owner).model_fields[name], getattr(owner, name), fixed=fixed))
    return [control for control in controls if control is not None]


def _control(path: str, field: FieldInfo, value: Any, *, fixed: bool) -> ParameterControl | None:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    unit = str(extra.get("unit", "-"))
    label = path.rpartition(".")[2].replace("_", " ") + ("" if unit == "-" else f" ({unit})")
    description = (field.description or "") + ("; at Reset" if fixed else "")
    choices = choices_of(field)
    if path == "network.family":  # without those that need a file or a graph, which no control can give
        choices = tuple(name for name in choices if name == value or FAMILIES[name].requires is None)
    if choices:
        return ParameterControl(path, label, description, fixed, choices)
    if isinstance(value, bool):
        return ParameterControl(path, label, description, fixed)
    if not isinstance(value, int | float):
        return None
    low, high = _range(field, float(value))
    step = 1.0 if isinstance(value, int) else (high - low) / _N_STEPS
    return ParameterControl(path, label, f"{description}; allowed: {_allowed(field)}", fixed, (), low, high, step)


def _range(field: FieldInfo, value: float) -> tuple[float, float]:
    """Return the allowed range, or the part of a wide one around 0 and the value."""
    low, high = bounds(field)
    reach = max(5.0, 2.0 * abs(value))
    if low is not None and high is not None and high - low <= 2:
        return float(low), float(high)
    lowest = -reach if low is None else max(float(low), -reach)
    return lowest, reach if high is None else min(float(high), reach)


def _allowed(field: FieldInfo) -> str:
    low, high = bounds(field)
    above = "any number" if low is None else f"{low:,g} or more"
    return above if low is None or high is None else f"{low:,g} to {high:,g}"


@solara.component
def ParameterPanel(model: LiveModel) -> None:
    """Show the controls of one mechanism of one market, both of which the visitor selects."""
    names = list(model.markets)
    market, set_market = solara.use_state(names[0])
    group, set_group = solara.use_state("norm")
    _, set_n_changes = solara.use_state(0)
    shown = market if market in names else names[0]
    groups = parameter_groups()
    with solara.Card("Change a parameter", classes=["abm-parameters"]):
        solara.Select("Market", values=names, value=shown, on_value=set_market)
        solara.Select("Mechanism", values=list(groups), value=group, on_value=set_group)
        solara.v.Html(tag="p", class_="abm-description", children=[groups[group]])
        for control in controls_of(model.markets[shown], group):
            ControlView(model, shown, control, lambda: set_n_changes(lambda n: n + 1)).key(
                f"{shown} {control.path} {id(model)}"
            )


@solara.component
def ControlView(model: LiveModel, market: str, control: ParameterControl, on_change: Callable[[], None]) -> None:
    """Show one parameter: a slider, a switch or a choice.

    Parameters
    ----------
    model : LiveModel
    market : str
        Name of the market.
    control : ParameterControl
    on_change : function without arguments
        Called after a new value was set.
    """
    value = model.parameter_value(market, control.path)

    def set_value(new: Any) -> None:
        model.set_parameter(market, control.path, new, at_reset=control.fixed)
        on_change()

    low, high, step = control.low, control.high, control.step
    if control.choices:
        solara.Select(control.label, values=list(control.choices), value=value, on_value=set_value)
    elif isinstance(value, bool):
        solara.Checkbox(label=control.label, value=value, on_value=set_value)
    else:
        shown = f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
        solara.v.Html(tag="p", class_="abm-parameter", children=[f"{control.label}: {shown}"])
        if step == 1.0 and isinstance(value, int):
            solara.SliderInt("", value=value, on_value=set_value, min=int(low), max=int(high), step=1)
        else:
            solara.SliderFloat("", value=value, on_value=set_value, min=low, max=high, step=step)
    solara.v.Html(tag="p", class_="abm-description", children=[control.description])
