"""The ``abm`` command. Heavy packages are imported by the command that needs them."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from abm.cli.loading import loading
from abm.engines import KERNEL, Engine
from abm.errors import AbmError, InputError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Why does shopping inside a video app sweep China and stall in the West? Simulate it and see.",
)

Config = Annotated[Path, typer.Argument(metavar="CONFIG", help="An experiment file (TOML), see experiments/.")]
Split = Literal["group", "parameter"]
Overrides = Annotated[
    list[str] | None, typer.Option("--set", metavar="A.B=V", help="Replace a value, e.g. markets.us.norm.strength=2.")
]


@app.command()
def run(
    config: Config,
    overrides: Overrides = None,
    out: Annotated[Path | None, typer.Option(help="Results folder; results/<name> without it.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="Runs side by side; default all cores.")] = None,
    engine: Annotated[Engine, typer.Option(help="Compiled, or consumer by consumer: slow, same results.")] = KERNEL,
) -> None:
    """Run an experiment, print a comparison and write results and report; resumes what is already done."""
    with loading():
        from abm.api import run as run_experiment
        from abm.cli import console
        from abm.cli import result_tables as console_results
        from abm.report import write_report

    with console.progress() as progress:
        results = run_experiment(
            config, out=out, workers=workers, overrides=tuple(overrides or ()), progress=progress, engine=engine
        )
    console_results.print_summary(results.summary, results.manifest)
    console.say(f"Results: {results.path}")
    console.say(f"Report:  {write_report(results.path)}")


@app.command()
def validate(config: Config, overrides: Overrides = None) -> None:
    """Check an experiment file and name everything that is wrong with it."""
    with loading():
        from abm.cli import console
        from abm.experiment.config import load_experiment

    experiment = load_experiment(config, tuple(overrides or ()))
    specs = list(experiment.runs())
    consumer_weeks = sum(spec.consumer_weeks for spec in specs)
    console.say(f"{config}: fine. {len(specs)} runs, {consumer_weeks:,} consumer-weeks.")
    console.print_notes(experiment.notes)


@app.command()
def plan(
    config: Config,
    overrides: Overrides = None,
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="Runs side by side; default all cores.")] = None,
) -> None:
    """Say how many runs an experiment has and what memory and time they take; fails with status 2 if it cannot fit."""
    with loading():
        from abm.cli import console
        from abm.experiment.allocation import default_workers
        from abm.experiment.plan import plan as plan_experiment

    found = plan_experiment(config, workers or default_workers(), tuple(overrides or ()))
    console.print_plan(found)
    if found.refusal:
        raise found.refusal


@app.command()
def verify(
    quick: Annotated[bool, typer.Option("--quick", help="A tenth of the consumers, wider tolerances.")] = False,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 100, help="First seed.")] = 1,
    out: Annotated[Path, typer.Option(help="Folder of the page.")] = Path("results/verification"),
) -> None:
    """Check the model against theory; print each comparison, write a page, and fail with status 1 if one fails."""
    with loading():
        from abm.cli import console
        from abm.verify.terminal import verify as verify_theory

    if not verify_theory(quick=quick, seed=seed, out=out, say=console.say):
        raise typer.Exit(1)


@app.command()
def report(results: Annotated[Path, typer.Argument(metavar="RESULTS", help="A results folder.")]) -> None:
    """Write the report of finished results: one HTML file with figures, readable without a network."""
    with loading():
        from abm.cli import console
        from abm.report import write_report

    console.say(f"Report: {write_report(results)}")


@app.command()
def compare(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="A results folder.")],
    csv: Annotated[Path | None, typer.Option(help="Write all effects to this file as well.")] = None,
) -> None:
    """Compare scenarios with the baseline: extra sales and adopters, what stays, what it costs, who switched."""
    with loading():
        from abm.analysis.effects.compare import compare as compare_scenarios
        from abm.cli import console
        from abm.cli import result_tables as console_results
        from abm.experiment.results import load

    stored = load(results)
    comparison = compare_scenarios(stored)
    console_results.print_comparison(comparison, stored.manifest)
    if csv is not None:
        comparison.effects.to_csv(csv, index=False)
        console.say(f"Effects: {csv}")


@app.command()
def markets(
    name: Annotated[str | None, typer.Argument(help="Show one profile with the evidence for every value.")] = None,
) -> None:
    """List the market profiles, or show one with its evidence."""
    with loading():
        from abm.cli import console

    if name is None:
        console.print_profiles()
    else:
        console.print_profile(name)


@app.command()
def schema(
    table: Annotated[bool, typer.Option("--table", help="A table of all parameters instead, as Markdown.")] = False,
) -> None:
    """Print the JSON Schema of experiment files, for completion in editors."""
    with loading():
        from abm.experiment.schema import config_schema, parameter_table

    sys.stdout.write((parameter_table() if table else json.dumps(config_schema(), indent=2)) + "\n")


@app.command()
def explain(  # noqa: PLR0913, PLR0917 - one argument per option
    config: Config,
    overrides: Overrides = None,
    outcome: Annotated[str, typer.Option(help="gmv_share, adoption or weeks_to_10 (1, 2, 5, 20, 50).")] = "gmv_share",
    low: Annotated[str | None, typer.Option(help="Market to start from, if the experiment has more than two.")] = None,
    high: Annotated[str | None, typer.Option(help="Market to compare it with.")] = None,
    by: Annotated[Split, typer.Option(help="Split by group of parameters or by single parameter.")] = "group",
    permutations: Annotated[int | None, typer.Option(min=2, help="Draw so many orders; default all subsets.")] = None,
    draws: Annotated[Path | None, typer.Option(help="Parameter sets, one a row (CSV or Parquet).")] = None,
    horizon: Annotated[int, typer.Option(min=0, help="Weeks from the other's history; 0 leaves it out.")] = 520,
    out: Annotated[Path | None, typer.Option(help="Results folder; results/<name> without it.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="Runs side by side; default all cores.")] = None,
) -> None:
    """Split the gap between two markets into mechanisms, and tell taste from trap."""
    with loading():
        from abm.cli.analysis_commands import explain_and_show

    asked = {"outcome": outcome, "low": low, "high": high, "by": by, "permutations": permutations, "horizon": horizon}
    explain_and_show(config, asked, draws, out, workers, overrides or ())


@app.command()
def view(
    config: Annotated[Path | None, typer.Argument(metavar="[CONFIG]", help="Markets to show first.")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: the first free one from 8765 on.")] = 0,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
    host: Annotated[str, typer.Option(help="Where to listen; all but this machine needs a token.")] = "127.0.0.1",
    token: Annotated[str | None, typer.Option(help="Secret for other hosts; made up if left out.")] = None,
) -> None:
    """Watch markets side by side in the browser, pull levers and change parameters."""
    with loading():
        from abm.cli import console
        from abm.view.server import serve

    serve(config, host=host, port=port, token=token, say=console.say, open_browser=open_browser)


@app.command()
def tip(  # noqa: PLR0913, PLR0917 - one argument per option
    config: Config,
    overrides: Overrides = None,
    market: Annotated[str | None, typer.Option(help="Market to tip; default the first.")] = None,
    ramp: Annotated[str | None, typer.Option(help="Hysteresis loop, PATH:FIRST:LAST[:STEPS[:WEEKS]].")] = None,
    x: Annotated[str, typer.Option(help="Phase diagram, PATH:FIRST:LAST[:POINTS].")] = "norm.strength:0:4:9",
    y: Annotated[str, typer.Option(help="Phase diagram, PATH:FIRST:LAST[:POINTS].")] = "habit.strength:0:4:9",
    mix: Annotated[Path | None, typer.Option(help="Levers with ranges and a budget (TOML): find the cheapest.")] = None,
    settle: Annotated[int, typer.Option(min=4, help="Weeks after a push until it counts.")] = 520,
    out: Annotated[Path | None, typer.Option(help="Results folder; results/<name> without it.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="Runs side by side; default all cores.")] = None,
) -> None:
    """Find the smallest push after which a market stays high, its hysteresis loop and phase diagram."""
    with loading():
        from abm.cli.analysis_commands import tip_and_show

    asked = {"market": market, "ramp": ramp, "x": x, "y": y, "mix": mix, "settle": settle}
    tip_and_show(config, asked, out, workers, overrides or ())


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
        raise SystemExit(error.exit_status) from None
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
