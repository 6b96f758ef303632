"""The ``abm`` command. Heavy packages are imported by the command that needs them."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from abm.errors import AbmError, InputError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Why does shopping inside a video app sweep China and stall in the West? Simulate it and see.",
)

Config = Annotated[Path, typer.Argument(metavar="CONFIG", help="An experiment file (TOML), see experiments/.")]
Overrides = Annotated[
    list[str] | None, typer.Option("--set", metavar="A.B=V", help="Replace a value, e.g. markets.us.norm.strength=2.")
]


@app.command()
def run(
    config: Config,
    overrides: Overrides = None,
    out: Annotated[Path | None, typer.Option(help="Results folder; results/<name> without it.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="Runs side by side; default all cores.")] = None,
) -> None:
    """Run an experiment, print a comparison and write results and report; resumes what is already done."""
    from abm import console
    from abm.report import write_report
    from abm.runner import run as run_experiment

    with console.progress() as progress:
        results = run_experiment(config, out=out, workers=workers, overrides=tuple(overrides or ()), progress=progress)
    console.print_summary(results.summary, results.manifest)
    console.say(f"Results: {results.path}")
    console.say(f"Report:  {write_report(results.path)}")


@app.command()
def validate(config: Config, overrides: Overrides = None) -> None:
    """Check an experiment file and name everything that is wrong with it."""
    from abm import console
    from abm.experiment import load_experiment

    experiment = load_experiment(config, tuple(overrides or ()))
    specs = list(experiment.runs())
    consumer_weeks = sum(spec.consumer_weeks for spec in specs)
    console.say(f"{config}: fine. {len(specs)} runs, {consumer_weeks:,} consumer-weeks.")


@app.command()
def report(results: Annotated[Path, typer.Argument(metavar="RESULTS", help="A results folder.")]) -> None:
    """Write the report of finished results: one HTML file with figures, readable without a network."""
    from abm import console
    from abm.report import write_report

    console.say(f"Report: {write_report(results)}")


@app.command()
def markets(
    name: Annotated[str | None, typer.Argument(help="Show one profile with the evidence for every value.")] = None,
) -> None:
    """List the market profiles, or show one with its evidence."""
    from abm import console

    if name is None:
        console.print_profiles()
    else:
        console.print_profile(name)


@app.command()
def schema(
    table: Annotated[bool, typer.Option("--table", help="A table of all parameters instead, as Markdown.")] = False,
) -> None:
    """Print the JSON Schema of experiment files, for completion in editors."""
    from abm.schema import config_schema, parameter_table

    sys.stdout.write((parameter_table() if table else json.dumps(config_schema(), indent=2)) + "\n")


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what users can mend into one line per problem, and leave with the status that says so."""
    try:
        yield
    except InputError as error:
        for problem in error.problems:
            sys.stderr.write(f"abm: {problem}\n")
        raise SystemExit(2) from None
    except AbmError as error:
        sys.stderr.write(f"abm: {error}\n")
        raise SystemExit(130 if type(error).__name__ == "Interrupted" else 2) from None
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"abm: {place}{error.strerror or error}\n")
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        sys.stderr.write("abm: stopped\n")
        raise SystemExit(130) from None


def main() -> None:
    """Entry point of the ``abm`` command."""
    with _plain_errors():
        app()
