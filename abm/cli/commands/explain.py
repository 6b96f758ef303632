"""``abm explain``: why two markets differ."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from abm.cli.loading import loading
from abm.cli.options import Config, Out, Overrides, Workers

By = Literal["group", "parameter"]


def explain(  # noqa: PLR0913, PLR0917 - one argument per option
    context: typer.Context,
    config: Config,
    overrides: Overrides = None,
    outcome: Annotated[str, typer.Option(help="gmv_share, adoption or weeks_to_10 (1, 2, 5, 20, 50).")] = "gmv_share",
    low: Annotated[str | None, typer.Option(help="Market to start from, if the experiment has more than two.")] = None,
    high: Annotated[str | None, typer.Option(help="Market to compare it with.")] = None,
    by: Annotated[By, typer.Option(help="Split by group of parameters or by single parameter.")] = "group",
    permutations: Annotated[int | None, typer.Option(min=2, help="Draw so many orders; default all subsets.")] = None,
    draws: Annotated[Path | None, typer.Option(help="Parameter sets, one a row (CSV or Parquet).")] = None,
    horizon: Annotated[int, typer.Option(min=0, help="Weeks from the other's history, 52 or more; 0: none.")] = 520,
    out: Out = None,
    workers: Workers = None,
) -> None:
    """Split the gap between two markets into mechanisms, and distinguish taste from trap."""
    with loading():
        from abm.analysis.explain.explain import ExplainQuestion, explain_gap
        from abm.cli.command_line import experiment_of
        from abm.cli.console import print_findings, print_line
        from abm.cli.explain_tables import print_parts
        from abm.cli.parsing import read_table
        from abm.cli.progress_display import progress_display
        from abm.report import write_explain
        from abm.report.explain.findings import read
        from abm.report.explain.text import sentences

    experiment = experiment_of(context, config, overrides)
    folder = out if out is not None else Path("results") / experiment.name
    asked = ExplainQuestion(outcome, low, high, by, permutations, horizon)
    table = None if draws is None else read_table(draws)
    with progress_display() as progress:
        explain_gap(experiment, asked, draws=table, out=folder, workers=workers, progress=progress)
    page, found = write_explain(folder), read(folder)
    print_parts(found)
    print_findings(sentences(found))
    print_line(f"Results: {folder / 'explain'}")
    print_line(f"Report:  {page}")
