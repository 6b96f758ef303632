"""The page: Mesa's SolaraViz with the question, the pictures and the knobs of the markets."""

# Solara finds the component named Page; names of components begin with a capital, as is the custom there.
# ruff: noqa: N802

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Self

import solara
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

from abm.view import text as words
from abm.view.capacity import Room
from abm.view.figures import Board
from abm.view.lever_buttons import OFFERS, Offer
from abm.view.live_model import Knobs, Stage, Visit
from abm.view.parameter_panel import KnobPanel
from abm.view.settings import CALENDAR, MOST_MARKETS, NOBODY, SINCE_LAUNCH, SIZES, load_settings

_ROOM = Room()  # one per server: counts the consumers of all visitors
_SETTINGS = load_settings()
_PATIENCE = 5.0  # seconds that a playing model waits for its pictures


class PacedStage(Stage):
    """A stage that does not run ahead of its pictures.

    Mesa plays in a thread of its own. Where another thread is drawing, its call to redraw only leaves a note and
    returns; without a wait it would go on to the last week, and nobody could press pause.
    """

    def __new__(cls, **values: Any) -> Self:  # not in __init__: its signature tells Mesa which parameters there are
        """Prepare to be paced."""
        stage = super().__new__(cls)
        stage._home = threading.get_ident()  # where buttons are answered: waiting for a picture there would be in vain
        stage._drawn, stage._drawing_done = 0, threading.Condition()
        return stage

    def step(self) -> None:
        """Live a week, once the last one has been drawn (or the page is gone)."""
        if threading.get_ident() != self._home:
            with self._drawing_done:
                self._drawing_done.wait_for(lambda: self._drawn >= update_counter.peek(), timeout=_PATIENCE)
        super().step()

    def drawn(self, number: int) -> None:
        """Note which call to redraw has been answered."""
        with self._drawing_done:
            self._drawn = number
            self._drawing_done.notify_all()


@solara.component
def Page() -> None:
    """Show the markets on one clock."""
    parameters = solara.use_memo(lambda: _parameters(Visit(_SETTINGS, Knobs(), _ROOM)), [])
    model = solara.use_reactive(solara.use_memo(lambda: _first_stage(parameters), []))
    solara.use_effect(lambda: model.value.close, [id(model.value)])
    solara.Style(words.STYLE)
    with solara.v.Html(tag="div", style_="display: none"):  # it fills the bar and the side; its own pane stays empty
        SolaraViz(
            model, components=[], model_params=parameters, name=_SETTINGS.question, play_interval=20, render_interval=3
        )
    Stalls(model.value)


@solara.component
def Stalls(stage: PacedStage) -> None:
    """Show the pictures of a model, and draw them again after each step."""
    number = update_counter.get()
    _, set_pulled = solara.use_state(0)
    board = solara.use_memo(lambda: Board(stage), [id(stage)])
    pictures = board.pictures()
    solara.use_effect(lambda: stage.drawn(number), [number, id(stage)])
    names = list(stage.markets)
    with solara.v.Html(tag="div", style_="display: none"):
        Side(stage)
    with solara.Column(classes=["abm-page"], gap="10px"):
        Introduction(words.clock(stage))
        if stage.notice:
            solara.Warning(stage.notice, dense=True)
        with solara.v.Html(tag="div", class_="abm-grid", style_=f"--n: {min(len(names), 2)}"):
            for place, name in enumerate(names):
                moment = (stage.week, len(stage.pulled))
                Market(stage, name, pictures[f"network {place}"], moment, lambda: set_pulled(lambda n: n + 1))
        with solara.v.Html(tag="div", class_="abm-grid abm-curves", style_="--n: 3"):
            for name in ("shoppers", "sales", "mind"):
                Picture(pictures[name], words.ALT[name])
        with solara.v.Html(tag="div", class_="abm-grid abm-curves", style_="--n: 3"):
            for name in ("taste", "friends"):
                Picture(pictures[name], words.ALT[name])
            HowToRead()


@solara.component
def Side(stage: Stage) -> None:
    """Put the knobs beside Mesa's controls."""
    with solara.Sidebar(), solara.v.Html(tag="div", class_="abm-side"):
        KnobPanel(stage)


@solara.component
def Introduction(clock: str) -> None:
    """Say what the question is and what the dots are."""
    with solara.v.Html(tag="div", class_="abm-intro"):
        with solara.v.Html(tag="div", class_="abm-top"):
            solara.v.Html(tag="p", children=[words.QUESTION])
            solara.v.Html(tag="span", class_="abm-clock", children=[clock])
        with solara.v.Html(tag="p", class_="abm-legend"):
            for style, text in words.LEGEND:
                with solara.v.Html(tag="span", class_="abm-entry"):
                    solara.v.Html(tag="span", class_=f"abm-dot {style}")
                    solara.v.Html(tag="span", class_="abm-word", children=[text])


@solara.component
def Market(stage: Stage, name: str, picture: str, moment: tuple[int, int], on_pull: Any) -> None:
    """Show one market: its figures this week, its network and its levers; drawn again when the moment is another."""
    with solara.v.Html(tag="section", class_="abm-card"):
        with solara.v.Html(tag="div", class_="abm-head"):
            solara.v.Html(tag="h2", children=[stage.title(name)], style_=f"color: {words.colour(stage, name)}")
            solara.v.Html(tag="span", class_="abm-figures", children=[words.figures(stage, name)])
        Picture(picture, words.network_alt(stage, name))
        with solara.v.Html(tag="div", class_="abm-levers"):
            solara.v.Html(tag="span", class_="abm-word", children=["Pull a lever now:"])
            for offer in OFFERS:

                def pull(offer: Offer = offer) -> None:
                    stage.fire(name, offer.label, offer.lever)
                    on_pull()

                ends = stage.ends(name, offer.lever)
                Lever(offer.label, words.lever(offer, ends), pull, rests=ends is not None)
            solara.v.Html(tag="span", class_="abm-pulled", children=[words.pulled(stage, name)])


@solara.component
def Lever(label: str, meaning: str, pull: Callable[[], None], *, rests: bool) -> None:
    """Show the button of a lever; it rests while the lever acts."""
    # in a span, because a button that rests notices no pointer, and its words would not show
    with solara.Tooltip(meaning), solara.v.Html(tag="span"):
        solara.Button(label, on_click=pull, outlined=True, small=True, disabled=rests)


@solara.component
def Picture(address: str, alt: str) -> None:
    """Show a picture, with words for those who cannot see it."""
    solara.v.Html(tag="img", attributes={"src": address, "alt": alt}, class_="abm-picture")


@solara.component
def HowToRead() -> None:
    """Explain what to try."""
    with solara.v.Html(tag="section", class_="abm-help"):
        solara.v.Html(tag="h3", children=["What to try"])
        with solara.v.Html(tag="ol"):
            for text in words.TRY:
                solara.v.Html(tag="li", children=[text])


def _parameters(visit: Visit) -> dict[str, Any]:
    """Return what Mesa's controls set; it takes effect at Reset."""
    settings = visit.settings
    names = sorted(settings.markets)
    places = {
        f"market_{i + 1}": {
            "type": "Select", "label": f"Market {i + 1}",
            "value": settings.first[i] if i < len(settings.first) else NOBODY,
            "values": names if i == 0 else [*names, NOBODY],
        }
        for i in range(min(max(len(settings.first), 2), MOST_MARKETS))
    }  # fmt: skip
    return {
        "visit": visit, **places,
        "consumers": {"type": "Select", "label": "Consumers in each market", "value": settings.consumers,
                      "values": list(SIZES)},
        "clock": {"type": "Select", "label": "Clock", "value": settings.clock, "values": [SINCE_LAUNCH, CALENDAR]},
        "seed": {"type": "SliderInt", "label": "Seed of all random numbers", "value": settings.seed, "min": 0,
                 "max": max(9999, settings.seed), "step": 1},
    }  # fmt: skip


def _first_stage(parameters: dict[str, Any]) -> PacedStage:
    given = {
        key: value["value"] if isinstance(value, dict) and "type" in value else value
        for key, value in parameters.items()
    }
    return PacedStage(**given)
