"""The page: every comparison and every curve on its theory, in one HTML file that loads nothing."""

import math
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

import abm
from abm.experiment.manifest import versions_of_packages
from abm.numerics.random import RNG_VERSION
from abm.report.charts.labels import spread_labels
from abm.report.charts.line_panel import dark
from abm.report.charts.style import (
    PALETTE,
    figure_style,
    latin1_text,
    new_figure,
    text_width,
    to_svg,
    value_axis_title,
    with_own_ids,
)
from abm.verify.check import Check, CheckSettings, Plot

_SIZE = (460, 300)


def write_page(checks: Sequence[tuple[Check, float]], settings: CheckSettings, folder: Path, command: str = "") -> Path:
    """Write ``verification.html`` into a folder.

    Parameters
    ----------
    checks : sequence of (Check, float)
        Finished checks and the seconds they took.
    settings : CheckSettings
        What they were run with.
    folder : path
        Made if it does not exist.
    command : str
        What makes the page again.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "verification.html"
    target.write_text(render_page(checks, settings, command), encoding="utf-8", newline="\n")
    return target


def render_page(checks: Sequence[tuple[Check, float]], settings: CheckSettings, command: str = "") -> str:
    """Return the page as text.

    Parameters
    ----------
    checks : sequence of (Check, float)
        Finished checks and the seconds they took.
    settings : CheckSettings
        What they were run with.
    command : str
        What makes the page again.
    """
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = (resources.files("abm.verify") / "template.html").read_text(encoding="utf-8")
    n_comparisons = sum(len(check.comparisons) for check, _ in checks)
    failed = [(check, comparison) for check, _ in checks for comparison in check.comparisons if not comparison.passed]
    with figure_style():
        drawings = {
            check.number: [
                (plot.title, Markup(with_own_ids(_draw(plot), f"c{check.number}p{i}")), _note(plot))
                for i, plot in enumerate(check.plots)
            ]
            for check, _ in checks
        }
    return environment.from_string(source).render(
        checks=checks,
        drawings=drawings,
        n_comparisons=n_comparisons,
        failed=failed,
        command=command,
        facts=_facts(checks, settings),
    )


def _facts(checks: Sequence[tuple[Check, float]], settings: CheckSettings) -> list[tuple[str, str]]:
    return [
        ("Model version", str(abm.MODEL_VERSION)),
        ("Consumers in a large population", f"{settings.consumers:,}"),
        ("Seeds", f"from {settings.seed} on, {settings.runs} where several are used"),
        ("Time", f"{sum(seconds for _, seconds in checks):.0f} s, compilation included"),
        ("Made on", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
        ("Random numbers", f"version {RNG_VERSION}"),
        ("Software", ", ".join(f"{name} {version}" for name, version in versions_of_packages().items())),
        ("Platform", platform.platform()),
    ]


def _draw(plot: Plot) -> str:
    labels = [series.label for series in plot.series if series.kind == "theory"]
    right = max((text_width(label) for label in labels), default=0.0) + 16
    figure, axes = new_figure(_SIZE, right=right, left=48)
    ends: list[tuple[float, str, str]] = []
    for series in plot.series:
        colour = PALETTE[series.group % len(PALETTE)]
        if series.kind == "theory":
            axes.plot(series.x, series.y, color=colour, lw=1.5, zorder=2)
            ends.append((float(series.y[-1]), series.label, colour))
        elif series.kind == "limit":
            for x in series.x:
                axes.axvline(x, color=colour, lw=1.2, ls=(0, (4, 3)), zorder=1)
        else:
            rings: dict[str, Any] = {"ls": "", "marker": "o", "ms": 4.2, "mfc": "none", "mec": colour, "mew": 1.1}
            axes.plot(series.x, series.y, zorder=3, clip_on=False, **rings)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 2.5, 5, 10], integer=plot.x_label == "week"))
    axes.set_xlabel(plot.x_label, fontsize=10)
    value_axis_title(axes, plot.y_label)
    _label(axes, ends)
    return to_svg(figure, f"{plot.title}: {plot.y_label} against {plot.x_label}; rings on lines of theory")


def _label(axes: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Write labels to the right of the line ends, moved apart where they would touch."""
    low, high = axes.get_ylim()
    height = axes.bbox.height
    rows = sorted(((y - low) / (high - low) * height, label, colour) for y, label, colour in ends if label)
    positions = spread_labels([position for position, _, _ in rows], -math.inf, height)
    for position, (_, label, colour) in zip(positions, rows, strict=True):
        text: dict[str, Any] = {"transform": axes.transAxes, "va": "center", "fontsize": 10.5, "color": dark(colour)}
        axes.text(1.02, position / height, latin1_text(label), **text)


def _note(plot: Plot) -> str:
    """Return what the dashed lines are and what else to know, or nothing."""
    labels = [series.label for series in plot.series if series.kind == "limit"]
    dashed = f"Dashed: {'; '.join(labels)}." if labels else ""
    return " ".join(text for text in (dashed, plot.note) if text)
