"""The page: Mesa's SolaraViz with an introduction, the figures of the markets, their levers and parameters."""

# Solara looks for a component named Page; names of components begin with a capital.
# ruff: noqa: N802

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

from abm.report.charts.style import colours
from abm.view import text
from abm.view.capacity import Capacity
from abm.view.figures import Figures
from abm.view.images import stylesheet
from abm.view.lever_buttons import LEVER_BUTTONS, LeverButton
from abm.view.live_model import LiveModel
from abm.view.paced_model import PacedLiveModel
from abm.view.parameter_panel import ParameterPanel
from abm.view.session import ParameterChanges, Session
from abm.view.settings import CALENDAR, MARKET_SIZES, MAX_MARKETS, NO_MARKET, SINCE_LAUNCH, load_settings

_CAPACITY = Capacity()  # one per server: counts the consumers of all visitors
_SETTINGS = load_settings()


@solara.component
def Layout(children: list[Any]) -> None:
    """Put the page into Solara's frame; the drawer is open where there is room for it, and closed on a phone."""
    solara.AppLayout(children=children, sidebar_open=None)


@solara.component
def Page() -> None:
    """Show the markets on one clock."""
    parameters = solara.use_memo(lambda: _parameters(Session(_SETTINGS, ParameterChanges(), _CAPACITY)), [])
    model = solara.use_reactive(solara.use_memo(lambda: _initial_model(parameters), []))
    solara.use_effect(lambda: model.value.close, [id(model.value)])
    solara.Style(stylesheet())
    with solara.v.Html(tag="div", style_="display: none"):  # SolaraViz fills app bar and sidebar; its own pane is empty
        SolaraViz(
            model, components=[], model_params=parameters, name=_SETTINGS.question, play_interval=20, render_interval=3
        )
    Dashboard(model.value)


@solara.component
def Dashboard(model: PacedLiveModel) -> None:
    """Show the figures of a model, drawn again after each step."""
    number = update_counter.get()
    _, set_n_pulled = solara.use_state(0)
    figures = solara.use_memo(lambda: Figures(model), [id(model)])
    images = figures.images()
    solara.use_effect(lambda: model.set_drawn(number), [number, id(model)])
    names = list(model.markets)
    with solara.v.Html(tag="div", style_="display: none"):
        ParameterSidebar(model)
    with solara.Column(classes=["abm-page"], gap="10px"):
        Introduction(text.clock(model))
        if model.notice:
            solara.Warning(model.notice, dense=True)
        with solara.v.Html(tag="div", class_="abm-grid", style_=f"--n: {min(len(names), 2)}"):
            for i, name in enumerate(names):
                state = (model.week, len(model.pulled))
                Market(model, name, images[f"network {i}"], state, lambda: set_n_pulled(lambda n: n + 1))
        with solara.v.Html(tag="div", class_="abm-grid abm-charts", style_="--n: 3"):
            for name in ("shoppers", "sales", "states"):
                Image(images[name], text.ALT[name])
        with solara.v.Html(tag="div", class_="abm-grid abm-charts", style_="--n: 3"):
            for name in ("taste", "friends"):
                Image(images[name], text.ALT[name])
            Suggestions()


@solara.component
def ParameterSidebar(model: LiveModel) -> None:
    """Show the parameters below Mesa's controls."""
    with solara.Sidebar(), solara.v.Html(tag="div", class_="abm-parameter-panel"):
        ParameterPanel(model)


@solara.component
def Introduction(clock: str) -> None:
    """Show the question, the clock and the legend of the network plots."""
    with solara.v.Html(tag="div", class_="abm-introduction"):
        with solara.v.Html(tag="div", class_="abm-header"):
            solara.v.Html(tag="p", children=[text.INTRODUCTION])
            solara.v.Html(tag="span", class_="abm-clock", children=[clock])
        with solara.v.Html(tag="p", class_="abm-legend"):
            for symbol, label in text.LEGEND:
                with solara.v.Html(tag="span", class_="abm-legend-entry"):
                    solara.v.Html(tag="span", class_=f"abm-symbol {symbol}")
                    solara.v.Html(tag="span", class_="abm-label", children=[label])


@solara.component
def Market(model: LiveModel, name: str, image: str, state: tuple[int, int], on_pull: Callable[[], None]) -> None:
    """Show one market: this week's summary, its network and its levers; rendered again when ``state`` changes.

    Parameters
    ----------
    model : LiveModel
    name : str
        Name of the market.
    image : str
        Data URI of the network plot.
    state : tuple of int
        Changes whenever there is something new to show.
    on_pull : function without arguments
        Called after a lever was pulled.
    """
    colour = colours(list(model.markets))[name]
    with solara.v.Html(tag="section", class_="abm-market"):
        with solara.v.Html(tag="div", class_="abm-market-header"):
            solara.v.Html(tag="h2", children=[model.title(name)], style_=f"color: {colour}")
            solara.v.Html(tag="span", class_="abm-market-summary", children=[text.market_summary(model, name)])
        Image(image, text.network_alt(model, name))
        with solara.v.Html(tag="div", class_="abm-levers"):
            solara.v.Html(tag="span", class_="abm-label", children=["Pull a lever now:"])
            for button in LEVER_BUTTONS:

                def press(button: LeverButton = button) -> None:
                    model.press(name, button)
                    on_pull()

                active_until = model.active_until(name, button.lever)
                tooltip = text.lever_tooltip(button, active_until)
                Button(button.label, tooltip, press, disabled=active_until is not None)
            solara.v.Html(tag="span", class_="abm-pulled", children=[text.pulled_levers(model, name)])


@solara.component
def Button(label: str, tooltip: str, on_click: Callable[[], None], *, disabled: bool) -> None:
    """Show a button with a tooltip.

    Parameters
    ----------
    label, tooltip : str
    on_click : function without arguments
    disabled : bool
    """
    # in a span, because a disabled button gets no pointer events, and would not show its tooltip
    with solara.Tooltip(tooltip), solara.v.Html(tag="span"):
        solara.Button(label, on_click=on_click, outlined=True, small=True, disabled=disabled)


@solara.component
def Image(data_uri: str, alt: str) -> None:
    """Show an image, with an alternative text.

    Parameters
    ----------
    data_uri : str
    alt : str
    """
    solara.v.Html(tag="img", attributes={"src": data_uri, "alt": alt}, class_="abm-image")


@solara.component
def Suggestions() -> None:
    """Show what a visitor could try."""
    with solara.v.Html(tag="section", class_="abm-suggestions"):
        solara.v.Html(tag="h3", children=["What to try"])
        with solara.v.Html(tag="ol"):
            for suggestion in text.SUGGESTIONS:
                solara.v.Html(tag="li", children=[suggestion])


def _parameters(session: Session) -> dict[str, Any]:
    """Return the parameters of the model that Mesa's controls set; they take effect at Reset."""
    settings = session.settings
    names = sorted(settings.markets)
    initial = settings.initial_markets
    markets = {
        f"market_{i + 1}": {
            "type": "Select", "label": f"Market {i + 1}",
            "value": initial[i] if i < len(initial) else NO_MARKET,
            "values": names if i == 0 else [*names, NO_MARKET],
        }
        for i in range(min(max(len(initial), 2), MAX_MARKETS))
    }  # fmt: skip
    return {
        "session": session, **markets,
        "consumers": {"type": "Select", "label": "Consumers in each market", "value": settings.consumers,
                      "values": list(MARKET_SIZES)},
        "clock": {"type": "Select", "label": "Clock", "value": settings.clock, "values": [SINCE_LAUNCH, CALENDAR]},
        "seed": {"type": "SliderInt", "label": "Seed of all random numbers", "value": settings.seed, "min": 0,
                 "max": max(9999, settings.seed), "step": 1},
    }  # fmt: skip


def _initial_model(parameters: dict[str, Any]) -> PacedLiveModel:
    values = {
        key: value["value"] if isinstance(value, dict) and "type" in value else value
        for key, value in parameters.items()
    }
    return PacedLiveModel(**values)
