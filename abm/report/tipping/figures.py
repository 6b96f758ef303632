"""Figures of a search for tipping points: interventions, the hysteresis loop, the phase diagram, the mixes."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from abm.report.charts.style import INK, PALETTE, SOFT, Panel, latin1_text, new_figure, to_svg, value_axis_title
from abm.report.html import Section
from abm.report.text.number_format import number, percent
from abm.report.tipping import text
from abm.report.tipping.findings import TippingFiles

_UP, _DOWN, _MORE = PALETTE[0], PALETTE[1], PALETTE[2]
_SHADES = LinearSegmentedColormap.from_list("adoption", ["#f7f7f7", "#9ecae1", "#08519c"])


def states(found: TippingFiles) -> Section:
    """Draw the market from the low and from the high start."""
    table = found.tables["states"]
    figure, axes = new_figure((460, 300), right=74)
    for start, colour in (("high", _DOWN), ("low", _UP)):
        paths = table[table["start"] == start].pivot(index="week", columns="replicate", values="adoption") * 100
        axes.plot(paths.index / 52, paths, color=colour, lw=0.6, alpha=0.5)
        axes.plot(paths.index / 52, paths.mean(axis=1), color=colour, lw=2)
        end = float(paths.mean(axis=1).iloc[-13:].mean())
        shift = (6 if start == "high" else -6) if found.facts["high"] - found.facts["low"] < 0.06 else 0
        axes.annotate(
            f"{start} start", (1, end), (4, shift), xycoords=("axes fraction", "data"), textcoords="offset points",
            va="center", color=colour,
        )  # fmt: skip
    axes.set_ylim(0, None)
    axes.set_xlabel("years with today's parameters", fontsize=10)
    value_axis_title(axes, "consumers in the super-app, %")
    low, high = percent(found.facts["low"]), percent(found.facts["high"])
    alt = f"Adoption from a low start ends at {low}, from a high start at {high}."
    caption = (
        "Low start: nobody shops in the super-app, all habits single. High start: everybody does, all habits "
        "super, all merchants "
        "there, trust as good as the service. Everyone knows the shop. Thin lines: seeds."
    )
    return Section(
        "states", "Is there anything to tip?", text.states(found), caption, [Panel("", alt, to_svg(figure, alt))]
    )


def loop(found: TippingFiles) -> Section:
    """Draw the hysteresis loop."""
    table, ramp = found.tables["loop"], found.facts["ramp"]
    figure, axes = new_figure((460, 320), right=16)
    for way, colour in (("up", _UP), ("down", _DOWN)):
        paths = table[table["way"] == way].pivot(index="value", columns="replicate", values="adoption") * 100
        axes.plot(paths.index, paths, color=colour, lw=0.7, alpha=0.6)
        axes.plot(paths.index, paths.mean(axis=1), color=colour, lw=2, label=way)
    today = found.facts["today"][ramp["parameter"]]
    axes.axvline(today, color=INK, lw=0.9, ls=(0, (2, 2)))
    axes.annotate(
        "now", (today, 1), (3, -10), xycoords=("data", "axes fraction"), textcoords="offset points", fontsize=10
    )
    _theory_lines(axes, found)
    axes.set_ylim(0, 102)
    axes.set_xlabel(latin1_text(ramp["parameter"]), fontsize=10)
    value_axis_title(axes, "consumers in the super-app, %")
    alt = f"Adoption while {ramp['parameter']} goes up and down again."
    caption = (
        f"{ramp['steps']} steps of {ramp['weeks_per_step']} weeks each way, {52 * ramp['speed']:.3g} a year; "
        f"{found.facts['consumers']:,} consumers. A faster ramp jumps later, and where memory is long part of "
        f"the loop is delay. Thin lines: seeds."
    )
    legend = [(_UP, "on the way up"), (_DOWN, "on the way down")]
    return Section(
        "loop", "The hysteresis loop", text.loop(found), caption, [Panel("", alt, to_svg(figure, alt))], legend
    )


def _theory_lines(axes: Axes, found: TippingFiles) -> None:
    """Draw the bifurcation points of mean-field theory, where it applies and the ramp is over b."""
    theory = found.facts["mean_field"]
    if theory is None or not theory["bifurcation_points"] or found.facts["ramp"]["parameter"] != "preference.mean":
        return
    offset = theory["b"] - found.facts["today"]["preference.mean"]  # what else is part of b
    for point in theory["bifurcation_points"]:
        axes.axvline(point - offset, color=_MORE, lw=1.2)


def phase(found: TippingFiles) -> Section:
    """Draw adoption from either start over two parameters, and the contour around two states."""
    panels = [
        _map(found, "low", "From the low start", "adoption, %"),
        _map(found, "gap", "High start less low start", "percentage points"),
    ]
    theory = " Green: bifurcation points of mean-field theory." if not found.tables["theory"].empty else ""
    facts = found.facts
    caption = (
        f"After {round(facts['phase_weeks'] / 52)} years, {facts['consumers']:,} consumers, one seed. Line: the "
        f"starts end "
        f"{100 * facts['apart']:.0f} points apart; inside it they are farther apart. Cross: now.{theory}"
    )
    return Section("phase", "The phase diagram", text.phase(found), caption, panels)


def _map(found: TippingFiles, kind: str, title: str, unit: str) -> Panel:
    table, x, y = found.tables["phase"], found.facts["x"], found.facts["y"]
    wide = table.assign(gap=table["high"] - table["low"])
    grid = wide.pivot(index="y", columns="x", values=kind) * 100
    gap = wide.pivot(index="y", columns="x", values="gap") * 100
    figure, axes = new_figure((460, 360), right=24, left=50)
    top = max(float(grid.to_numpy().max()), 1.0)
    axes.pcolormesh(grid.columns, grid.index, grid, cmap=_SHADES, vmin=0, vmax=top, shading="nearest")
    shares = grid.to_numpy(np.float64)
    for i, row in enumerate(grid.index.to_numpy(np.float64)):
        for j, column in enumerate(grid.columns.to_numpy(np.float64)):
            value = shares[i, j]
            colour = "white" if value > 0.55 * top else INK
            axes.text(column, row, f"{value:.0f}", ha="center", va="center", fontsize=8.5, color=colour)
    _contour(axes, gap, 100 * found.facts["apart"], INK)
    theory = found.tables["theory"]
    if not theory.empty:
        _contour(axes, theory.pivot(index="y", columns="x", values="depth"), 0.0, _MORE)
    today = found.facts["today"]
    axes.plot(today[x["parameter"]], today[y["parameter"]], "+", color=_DOWN, ms=16, mew=3, clip_on=False)
    axes.grid(visible=False)
    axes.set_xlabel(latin1_text(x["parameter"]), fontsize=10)
    figure.text(0.004, 0.965, f"{latin1_text(y['parameter'])} (up); {unit}", fontsize=10.5, color=SOFT, va="top")
    alt = f"{title}, in {unit}, by {x['parameter']} and {y['parameter']}."
    return Panel(title, alt, to_svg(figure, alt))


def _contour(axes: Axes, grid: pd.DataFrame, level: float, colour: str) -> None:
    values = grid.to_numpy(np.float64)
    if min(grid.shape) >= 2 and values.min() < level < values.max():
        axes.contour(grid.columns, grid.index, values, levels=[level], colors=[colour], linewidths=2.2)


def interventions(found: TippingFiles) -> Section | None:
    """Draw the chance to tip by size of intervention."""
    table = found.tables["runs"]
    if table.empty:
        return None
    panels = [_chances(table[table["intervention"] == kind], str(kind)) for kind in table["intervention"].unique()]
    caption = (
        "Every size that the bisection tried: share of runs that were still high after the intervention had ended. "
        "Large marks: more runs. All sizes have the same random numbers. Grey: interventions for which none was enough."
    )
    takeaway = " ".join(text.interventions(found))
    return Section("interventions", "The smallest intervention", takeaway, caption, panels, compact=len(panels) > 2)


def _chances(table: pd.DataFrame, kind: str) -> Panel:
    figure, axes = new_figure((320, 240), right=12)
    colours = cycle(PALETTE)
    groups = table[["reach", "weeks"]].drop_duplicates().sort_values(["reach", "weeks"]).to_numpy(np.float64)
    for reach, weeks in groups:
        rows = table[(table["reach"] == reach) & (table["weeks"] == weeks)].sort_values("size", kind="stable")
        sizes, chance = 100 * rows["size"], 100 * rows["n_tipped"] / rows["n_runs"]
        enough = bool((chance > 50).any())  # what never is needs no name: it lies on the floor
        colour = next(colours) if enough else SOFT
        axes.plot(sizes, chance, color=colour, lw=1, alpha=0.6)
        label = f"{weeks:.0f} weeks" + (f", reach {100 * reach:.0f} %" if kind == "discount" else "")
        axes.scatter(sizes, chance, s=8 + 3 * rows["n_runs"], color=colour, label=label if enough and weeks else None)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(fontsize=9, frameon=True, framealpha=0.85, edgecolor="none", loc="upper left")
    axes.set_ylim(-4, 104)
    axes.set_xlim(-3, 103)
    axes.set_xlabel(
        {"seeds": "consumers turned, %", "discount": "discount, %"}.get(kind, "live-stream reach, %"), fontsize=10
    )
    value_axis_title(axes, "runs that stay high, %")
    title = {"seeds": "Seeds", "discount": "Discount", "livestream": "Live streams"}.get(kind, kind)
    alt = f"{title}: share of runs that stay high, by size."
    return Panel(title, alt, to_svg(figure, alt))


def lever_mixes(found: TippingFiles) -> Section | None:
    """Draw every mix that was tried, by what it costs and what is left of it."""
    table = found.tables["lever_mixes"]
    if table.empty:
        return None
    figure, axes = new_figure((460, 320), right=16)
    cost = table["cost_usd"] / 1e9
    for tips, colour, label in ((True, _UP, "tips"), (False, _DOWN, "falls back")):
        rows = table["tips"] == tips
        axes.scatter(cost[rows], 100 * table.loc[rows, "adoption"], s=26, color=colour, label=label, alpha=0.8, lw=0)
    best = int(table["score"].to_numpy().argmin())
    price = float(cost.iloc[best])
    axes.scatter(price, 100 * table["adoption"].iloc[best], s=110, facecolor="none", edgecolor=INK, lw=1.6)
    axes.axvline(found.facts["lever_mix"]["budget"] / 1e9, color=INK, lw=0.9, ls=(0, (2, 2)))
    axes.annotate("budget", (found.facts["lever_mix"]["budget"] / 1e9, 1), (3, -10), xycoords=("data", "axes fraction"),
                  textcoords="offset points", fontsize=10)  # fmt: skip
    axes.set_ylim(0, None)
    axes.set_xlabel("cost, US$ bn", fontsize=10)
    value_axis_title(axes, "consumers in the super-app after the intervention, %")
    alt = f"{len(table)} mixes by cost and lasting adoption; the best costs {number(price, 2)} bn."
    caption = (
        "Each point: one mix, mean over seeds. Ring: the cheapest that tips the market within the budget, or the best."
    )
    legend = [(_UP, "stays high"), (_DOWN, "falls back")]
    return Section(
        "lever_mixes",
        "The cheapest mix of levers",
        text.lever_mixes(found),
        caption,
        [Panel("", alt, to_svg(figure, alt))],
        legend,
    )
