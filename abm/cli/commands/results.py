"""``abm report``, ``abm compare``: what is done with a results folder."""

from pathlib import Path
from typing import Annotated

import typer

from abm.cli.loading import loading
from abm.cli.options import ResultsFolder


def report(results: ResultsFolder) -> None:
    """Write the report of finished results: one HTML file with figures, readable without a network."""
    with loading():
        from abm.cli.console import print_line
        from abm.report import write_report

    print_line(f"Report: {write_report(results)}")


def compare(
    results: ResultsFolder,
    csv: Annotated[Path | None, typer.Option(help="Write all effects to this file as well.")] = None,
) -> None:
    """Compare scenarios with the baseline: extra sales and adopters, what stays, what it costs, who switched."""
    with loading():
        from abm.analysis.effects.compare import compare as compare_scenarios
        from abm.cli.console import print_line
        from abm.cli.result_tables import print_comparison
        from abm.experiment.results import load

    stored = load(results)
    comparison = compare_scenarios(stored)
    if csv is not None:
        comparison.effects.to_csv(csv, index=False)
    print_comparison(comparison, stored.manifest)
    print_line(f"Made by: {stored.manifest.get('command') or 'a version that did not note its command'}")
    if csv is not None:
        print_line(f"Effects: {csv}")
