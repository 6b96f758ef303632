"""Sliders for every mechanism, made from the classes that declare its parameters."""

# ruff: noqa: N802

from __future__ import annotations

from typing import Any, NamedTuple

import solara
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from abm.markets.market import Market
from abm.networks import FAMILIES
from abm.parameters import bounds, choices_of
from abm.view.live_model import Stage

_STEPS = 100  # of a slider
_WHO = "consumers"  # what is not a mechanism


class Knob(NamedTuple):
    """One parameter as a control: its range here, and its words."""

    path: str
    label: str
    meaning: str
    fixed: bool
    choices: tuple[str, ...]
    low: float
    high: float
    step: float


def groups() -> dict[str, str]:
    """Return the mechanisms with one line about each, from their classes."""
    found = {_WHO: "Who lives here, and how often they shop."}
    for name, field in Market.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found[name] = (field.annotation.__doc__ or "").strip().splitlines()[0]
    return found


def knobs_of(market: Market, group: str) -> list[Knob]:
    """Return a control for each parameter of a mechanism that a number, a choice or a switch can set."""
    owner: BaseModel = market if group == _WHO else getattr(market, group)
    prefix = "" if group == _WHO else f"{group}."
    wanted = {"occasion_rate", "basket_sigma", "initial_adoption"} if group == _WHO else set(type(owner).model_fields)
    made = [
        _knob(f"{prefix}{name}", name, field, getattr(owner, name), always_fixed=group == "network")
        for name, field in type(owner).model_fields.items()
        if name in wanted
    ]
    return [knob for knob in made if knob is not None]


def _knob(path: str, name: str, field: FieldInfo, value: Any, *, always_fixed: bool) -> Knob | None:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    unit = str(extra.get("unit", "-"))
    label = name.replace("_", " ") + ("" if unit == "-" else f" ({unit})")
    fixed = always_fixed or bool(extra.get("fixed", False))
    choices = choices_of(field)
    if path == "network.family":  # nobody can hand in a file or graph here
        choices = tuple(name for name in choices if FAMILIES[name].requires is None)
    meaning = (field.description or "") + ("; at Reset" if fixed else "")
    if choices:
        return Knob(path, label, meaning, fixed, choices if value in choices else (*choices, value), 0, 0, 0)
    if isinstance(value, bool):
        return Knob(path, label, meaning, fixed, (), 0, 1, 1)
    if not isinstance(value, int | float):
        return None
    low, high = _range(field, float(value))
    meaning += f"; allowed: {_allowed(field)}"
    step = 1.0 if isinstance(value, int) else (high - low) / _STEPS
    return Knob(path, label, meaning, fixed, (), low, high, step)


def _range(field: FieldInfo, value: float) -> tuple[float, float]:
    """Return the allowed range, or the part of a wide one in which something happens."""
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
def KnobPanel(stage: Stage) -> None:
    """Let a visitor turn the knobs of one mechanism of one market at a time."""
    names = list(stage.markets)
    market, set_market = solara.use_state(names[0])
    group, set_group = solara.use_state("norm")
    _, redraw = solara.use_state(0)
    shown = market if market in names else names[0]
    mechanisms = groups()
    with solara.Card("Turn a knob", classes=["abm-knobs"]):
        solara.Select("Market", values=names, value=shown, on_value=set_market)
        solara.Select("Mechanism", values=list(mechanisms), value=group, on_value=set_group)
        solara.v.Html(tag="p", class_="abm-hint", children=[mechanisms[group]])
        for knob in knobs_of(stage.markets[shown], group):
            Control(stage, shown, knob, lambda: redraw(lambda n: n + 1)).key(f"{shown} {knob.path} {id(stage)}")


@solara.component
def Control(stage: Stage, market: str, knob: Knob, on_change: Any) -> None:
    """Show one parameter: a slider, a switch or a choice."""
    value = stage.value(market, knob.path)

    def turn(new: Any) -> None:
        stage.turn(market, knob.path, new, at_reset=knob.fixed)
        on_change()

    if not (knob.choices or isinstance(value, bool)):
        shown = f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
        solara.v.Html(tag="p", class_="abm-knob", children=[f"{knob.label}: {shown}"])
    if knob.choices:
        solara.Select(knob.label, values=list(knob.choices), value=value, on_value=turn)
    elif isinstance(value, bool):
        solara.Checkbox(label=knob.label, value=value, on_value=turn)
    elif knob.step == 1.0 and isinstance(value, int):
        solara.SliderInt("", value=value, on_value=turn, min=int(knob.low), max=int(knob.high), step=1)
    else:
        solara.SliderFloat("", value=value, on_value=turn, min=knob.low, max=knob.high, step=knob.step)
    solara.v.Html(tag="p", class_="abm-hint", children=[knob.meaning])
