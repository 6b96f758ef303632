"""How the figures look: colours, sizes, the drawing context, and SVG text that is the same every time."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import matplotlib
import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath

from abm.report.text.number_format import MONTHS

INK, SOFT, FAINT = "#1a1a1a", "#595959", "#e3e3e3"
# Okabe & Ito (2008), Color Universal Design; without yellow, which is too pale for a line on white.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C6D31")
_OWN = {"west": 0, "us": 0, "asia": 1, "china": 1, "japan": 2, "uk": 3, "southeast_asia": 4}
_RC = {
    "font.family": ["DejaVu Sans"], "font.size": 11.0, "text.color": INK, "text.parse_math": False,
    "axes.edgecolor": SOFT, "axes.labelcolor": SOFT, "axes.spines.top": False, "axes.spines.right": False,
    "axes.spines.left": False, "axes.grid": True, "axes.grid.axis": "y", "axes.axisbelow": True,
    "axes.unicode_minus": True, "grid.color": FAINT, "grid.linewidth": 0.8, "xtick.color": SOFT,
    "ytick.color": SOFT, "ytick.major.size": 0.0, "ytick.minor.size": 0.0, "figure.dpi": 72.0, "savefig.dpi": 72.0,
    "savefig.transparent": True, "svg.fonttype": "path", "svg.hashsalt": "abm", "path.simplify_threshold": 0.2,
}  # fmt: skip


@dataclass(frozen=True)
class Panel:
    """One drawing: its heading, what it shows in words, and the SVG."""

    title: str
    alt: str
    svg: str


@contextmanager
def figure_style() -> Iterator[None]:
    """Draw with the report's settings, whatever the user's own are; they are restored afterwards."""
    with matplotlib.style.context(_RC, after_reset=True):
        yield


def colours(markets: Sequence[str]) -> dict[str, str]:
    """Return a colour per market: its own if it is a shipped profile, else the next free one."""
    chosen: dict[str, int] = {}
    for market in markets:
        own = _OWN.get(market)
        if own is not None and own not in chosen.values():
            chosen[market] = own
    for market in markets:
        if market not in chosen:
            free = [c for c in range(len(PALETTE)) if c not in chosen.values()]
            chosen[market] = free[0] if free else len(chosen) % len(PALETTE)
    return {market: PALETTE[index] for market, index in chosen.items()}


def ordered_colours(n: int) -> list[str]:
    """Return ``n`` ordered colours, dark to light, that remain readable on white."""
    scale = matplotlib.colormaps["viridis"]
    return [matplotlib.colors.to_hex(scale(0.8 * i / max(n - 1, 1))) for i in range(n)]


def new_figure(size: tuple[int, int], *, right: float = 12, top: float = 24, left: float = 42) -> tuple[Figure, Axes]:
    """Return an empty figure of so many pixels, with margins in pixels.

    Parameters
    ----------
    size : tuple[int, int]
        Width and height in pixels.
    right : float
        Margin in pixels.
    top : float
        Margin in pixels.
    left : float
        Margin in pixels.

    Returns
    -------
    tuple[Figure, Axes]
    """
    width, height = size
    figure = Figure(figsize=(width / 72, height / 72))
    box = (left / width, 40 / height, (width - left - right) / width, (height - top - 40) / height)
    return figure, figure.add_axes(box)


def value_axis_title(axes: Axes, unit: str, above: float = 9) -> None:
    """Write what the vertical axis shows, with its unit, over the panel, so many pixels above the axes.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    unit : str
        What the axis shows, with its unit.
    above : float
        Pixels above the axes.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    height = figure.get_figheight() * 72
    figure.text(0.004, (axes.bbox.y1 + above) / height, unit, fontsize=10.5, color=SOFT, va="baseline")


def text_width(text: str, size: float = 11.0) -> float:
    """Return the width of a text in pixels.

    Parameters
    ----------
    text : str
        What to measure.
    size : float
        Font size in points.

    Returns
    -------
    float
    """
    return float(TextPath((0, 0), latin1_text(text), size=size).get_extents().width) if text.strip() else 0.0


def latin1_text(text: str) -> str:
    """Return text without characters that the font of the figures lacks."""
    return text.encode("latin-1", "replace").decode("latin-1")


def date_axis(axes: Axes, dates: Sequence[date]) -> None:
    """Label a horizontal axis of day numbers with years, months or days, whichever fits.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    dates : sequence of date
        Date of every week.
    """
    first, last, width = dates[0], dates[-1], axes.bbox.width
    days = (last - first).days
    if days > 730:
        step = -(-(last.year - first.year) // int(width // 50))
        ticks = [date(year, 1, 1) for year in range(first.year, last.year + 1, step)]
        labels, unit = [str(tick.year) for tick in ticks], "year (tick: 1 January)"
    elif days > 120:
        months = [(m // 12, m % 12 + 1) for m in range(first.year * 12 + first.month - 1, last.year * 12 + last.month)]
        ticks = [date(year, month, 1) for year, month in months[:: -(-len(months) // int(width // 70))]]
        labels, unit = [f"{MONTHS[tick.month - 1]} {tick.year}" for tick in ticks], "month (tick: first day)"
    else:
        ticks = list(dates[:: max(1, -(-len(dates) // int(width // 60)))])
        labels, unit = [f"{tick.day} {MONTHS[tick.month - 1]}" for tick in ticks], f"week ({first.year})"
    shown = [(tick, label) for tick, label in zip(ticks, labels, strict=True) if days < 60 or tick >= first]
    axes.set_xticks([tick.toordinal() for tick, _ in shown], [label for _, label in shown])
    axes.set_xlabel(unit, fontsize=10)
    slack = max(0.012 * days, 3.0 if days < 14 else 0.0)
    axes.set_xlim(first.toordinal() - slack, last.toordinal() + slack)


def to_svg(figure: Figure, alt: str) -> str:
    """Return the figure as an inline SVG element that scales with the page.

    Parameters
    ----------
    figure : Figure
        What was drawn.
    alt : str
        What it shows, in words.

    Returns
    -------
    str
    """
    stream = io.StringIO()
    metadata = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(stream, format="svg", metadata=metadata)
    text = stream.getvalue()
    view = re.search(r'viewBox="([^"]+)"', text)
    body = text[text.index(">", text.index("<svg")) + 1 :]
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r' d="[^"]*"', lambda d: re.sub(r"(\.\d{2})\d+", r"\1", d.group()), body)
    body = re.sub(r"\n\s*", "\n", body)
    box = view.group(1) if view else "0 0 460 290"
    return f'<svg viewBox="{box}" role="img" aria-label="{html.escape(alt)}">{body.strip()}'


def with_own_ids(svg: str, prefix: str) -> str:
    """Return the SVG with ids that no other figure of the page has.

    Parameters
    ----------
    svg : str
        An SVG element.
    prefix : str
        What its ids begin with.

    Returns
    -------
    str
    """
    return re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{prefix}-", svg)
