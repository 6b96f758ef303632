"""``abm tip``: what would tip a market."""

from pathlib import Path
from typing import Annotated

import typer

from abm.cli.loading import loading
from abm.cli.options import Config, Out, Overrides, Workers


def tip(  # noqa: PLR0913, PLR0917 - one argument per option
    context: typer.Context,
    config: Config,
    overrides: Overrides = None,
    market: Annotated[str | None, typer.Option(help="Market to tip; default the first.")] = None,
    ramp: Annotated[str | None, typer.Option(help="Hysteresis loop, PATH:FIRST:LAST[:STEPS[:WEEKS]].")] = None,
    x: Annotated[str, typer.Option(help="Phase diagram, PATH:FIRST:LAST[:POINTS].")] = "norm.strength:0:4:9",
    y: Annotated[str, typer.Option(help="Phase diagram, PATH:FIRST:LAST[:POINTS].")] = "habit.strength:0:4:9",
    mix: Annotated[Path | None, typer.Option(help="Levers with ranges and a budget (TOML): find the cheapest.")] = None,
    settle: Annotated[int, typer.Option(min=4, help="Weeks after an intervention until it counts.")] = 520,
    out: Out = None,
    workers: Workers = None,
) -> None:
    """Find the smallest intervention after which a market stays high, its hysteresis loop and phase diagram."""
    with loading():
        from abm.analysis.tipping.lever_mix import read_lever_mix
        from abm.analysis.tipping.question import TipQuestion
        from abm.analysis.tipping.tip import tip as find_tipping_points
        from abm.cli.command_line import experiment_of
        from abm.cli.console import print_findings, print_line
        from abm.cli.parsing import axis_of, ramp_of
        from abm.cli.progress_display import progress_display
        from abm.report import write_tip
        from abm.report.tipping.findings import read
        from abm.report.tipping.text import sentences

    experiment = experiment_of(context, config, overrides)
    folder = out if out is not None else Path("results") / experiment.name
    asked = TipQuestion(
        market, None if ramp is None else ramp_of(ramp), axis_of("x", x), axis_of("y", y),
        None if mix is None else read_lever_mix(mix), settle,
    )  # fmt: skip
    with progress_display() as progress:
        find_tipping_points(experiment, asked, out=folder, workers=workers, progress=progress)
    page = write_tip(folder)
    print_findings(sentences(read(folder)))
    print_line(f"Results: {folder / 'tip'}")
    print_line(f"Report:  {page}")
