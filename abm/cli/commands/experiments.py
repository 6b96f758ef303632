"""``abm run``, ``abm validate``, ``abm plan``: what is done with an experiment file."""

from typing import Annotated

import typer

from abm.base.engines import KERNEL, Engine
from abm.cli.loading import loading
from abm.cli.options import Config, Out, Overrides, Workers


def run(
    context: typer.Context,
    config: Config,
    overrides: Overrides = None,
    out: Out = None,
    workers: Workers = None,
    engine: Annotated[Engine, typer.Option(help="Compiled, or consumer by consumer: slow, same results.")] = KERNEL,
) -> None:
    """Run an experiment, print a comparison and write results and report; resumes what is already done."""
    with loading():
        from abm.api import run as run_experiment
        from abm.cli.command_line import experiment_of
        from abm.cli.console import print_line
        from abm.cli.progress_display import progress_display
        from abm.cli.result_tables import print_summary
        from abm.report import write_report

    experiment = experiment_of(context, config, overrides)
    with progress_display() as progress:
        results = run_experiment(experiment, out=out, workers=workers, progress=progress, engine=engine)
    report = write_report(results.path)
    print_summary(results.summary, results.manifest)
    print_line(f"Results: {results.path}")
    print_line(f"Report:  {report}")


def validate(config: Config, overrides: Overrides = None) -> None:
    """Check an experiment file and name everything that is wrong with it."""
    with loading():
        from abm.cli.console import print_line, print_notes
        from abm.experiment.config import load_experiment

    experiment = load_experiment(config, tuple(overrides or ()))
    specs = list(experiment.runs())
    consumer_weeks = sum(spec.consumer_weeks for spec in specs)
    print_line(f"{config}: fine. {len(specs)} runs, {consumer_weeks:,} consumer-weeks.")
    print_notes(experiment.notes)


def plan(config: Config, overrides: Overrides = None, workers: Workers = None) -> None:
    """Say how many runs an experiment has and what memory and time they take; fails with status 2 if it cannot fit."""
    with loading():
        from abm.cli.plan_table import print_plan
        from abm.experiment.allocation import default_workers
        from abm.experiment.plan import plan as plan_experiment

    found = plan_experiment(config, workers or default_workers(), tuple(overrides or ()))
    print_plan(found)
    if found.refusal:
        raise found.refusal
