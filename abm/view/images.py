"""Empty figures in the style of the report, their conversion to images that a browser shows, and the style sheet."""

from __future__ import annotations

import io
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from abm.report.charts.style import INK, SOFT, figure_style

DPI = 120
SUPER, SINGLE = "#6A1B9A", "#BFCAD5"  # colours of the two modes
_LOCK = threading.Lock()  # matplotlib's settings are shared by all visitors


@contextmanager
def drawing_settings() -> Iterator[None]:
    """Draw with the report's settings, one visitor at a time."""
    with _LOCK, figure_style():
        yield


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure, its size in units of 1/72 inch.

    Parameters
    ----------
    width, height : float
    """
    figure = Figure(figsize=(width / 72, height / 72), facecolor="white", dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


def new_panel(title: str, market_colours: dict[str, str]) -> Axes:
    """Return an empty panel.

    Parameters
    ----------
    title : str
    market_colours : dict of str to str
        Colour of each market by title; the titles stand at the top right.
    """
    figure = new_figure(345, 212)
    axes = figure.add_axes((0.1, 0.185, 0.87, 0.645))
    axes.tick_params(labelsize=9)
    figure.text(0.015, 0.94, title, fontsize=11, fontweight="bold", color=INK, va="center")
    right = 0.985
    for name, colour in reversed(market_colours.items()):
        text = figure.text(right, 0.94, name, fontsize=9.5, ha="right", va="center", color=colour, fontweight="bold")
        right -= 0.025 + text.get_window_extent().width / figure.bbox.width
    return axes


def caption(axes: Axes, text: str) -> None:
    """Write above the axes what lines and points mean.

    Parameters
    ----------
    axes : Axes
    text : str
    """
    axes.set_title(text, loc="left", fontsize=8.8, color=SOFT, pad=3)


def to_data_uri(figure: Figure | None) -> str:
    """Render a figure as PNG and return it as a data URI, the source of an image element."""
    canvas = figure.canvas if figure is not None else None
    assert isinstance(canvas, FigureCanvasAgg)
    canvas.draw()
    stream = io.BytesIO()
    Image.fromarray(np.asarray(canvas.buffer_rgba())[:, :, :3]).save(stream, format="png", compress_level=1)
    return "data:image/png;base64," + b64encode(stream.getvalue()).decode()


def stylesheet() -> str:
    """Return the style sheet of the page, with the colours of the two modes as custom properties."""
    colours = f":root {{ --abm-super: {SUPER}; --abm-single: {SINGLE}; }}\n"
    return colours + (resources.files("abm.view") / "view.css").read_text(encoding="utf-8")
