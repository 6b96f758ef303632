"""From figures to pictures that a browser shows."""

from __future__ import annotations

import io
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from abm.report.charts.style import INK, SOFT, figure_style

DPI = 120
SUPER, SINGLE = "#6A1B9A", "#BFCAD5"  # how a consumer shops
_LOCK = threading.Lock()  # matplotlib's settings are shared by all visitors


@contextmanager
def sketch() -> Iterator[None]:
    """Draw with the report's settings, one visitor at a time."""
    with _LOCK, figure_style():
        yield


def sheet(width: float, height: float) -> Figure:
    """Return an empty figure, its size in units of 1/72 inch."""
    figure = Figure(figsize=(width / 72, height / 72), facecolor="white", dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


def panel(title: str, key: dict[str, str]) -> Axes:
    """Return an empty panel with its title and the names of the markets (name to colour) at the top right."""
    figure = sheet(345, 212)
    axes = figure.add_axes((0.1, 0.185, 0.87, 0.645))
    axes.tick_params(labelsize=9)
    figure.text(0.015, 0.94, title, fontsize=11, fontweight="bold", color=INK, va="center")
    right = 0.985
    for name, colour in reversed(key.items()):
        text = figure.text(right, 0.94, name, fontsize=9.5, ha="right", va="center", color=colour, fontweight="bold")
        right -= 0.025 + text.get_window_extent().width / figure.bbox.width
    return axes


def hint(axes: Axes, text: str) -> None:
    """Say above the axes what lines and points mean."""
    axes.set_title(text, loc="left", fontsize=8.8, color=SOFT, pad=3)


def to_address(figure: Figure) -> str:
    """Return the picture as an address that an image element takes."""
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    canvas.draw()
    stream = io.BytesIO()
    Image.fromarray(np.asarray(canvas.buffer_rgba())[:, :, :3]).save(stream, format="png", compress_level=1)
    return "data:image/png;base64," + b64encode(stream.getvalue()).decode()
