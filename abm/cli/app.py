"""The ``abm`` command: the list of commands, and errors in plain words."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from abm.base.errors import AbmError, InputError, Interrupted
from abm.cli.commands.experiments import plan, run, validate
from abm.cli.commands.explain import explain
from abm.cli.commands.reference import markets, schema
from abm.cli.commands.results import compare, report
from abm.cli.commands.tip import tip
from abm.cli.commands.verify import verify
from abm.cli.commands.view import view
from abm.cli.loading import loading
from abm.cli.registry_help import RegistryHelp
from abm.cli.streams import prepare_streams

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Why does shopping inside a video app sweep China and stall in the West? Simulate it and see.",
)


@app.callback()
def load(
    plugin: Annotated[
        list[Path] | None,
        typer.Option(help="A file of your own to load first; configs name theirs: plugins = [...]."),
    ] = None,
) -> None:
    """Load plugins before any command."""
    if plugin:
        with loading():
            from abm.experiment.plugins import load_plugins

        load_plugins(plugin)


for command in (run, validate, plan, verify, report, compare, markets, schema, explain, view, tip):  # as in --help
    app.command(cls=RegistryHelp)(command)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what users can correct into one line per problem, and leave with the status that says so."""
    try:
        yield
    except InputError as error:
        for problem in error.problems:
            sys.stderr.write(f"abm: {problem}\n")
        raise SystemExit(error.exit_status) from None
    except AbmError as error:
        sys.stderr.write(f"abm: {error}\n")
        raise SystemExit(error.exit_status) from None
    except OSError as error:
        location = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"abm: {location}{error.strerror or error}\n")
        raise SystemExit(AbmError.exit_status) from None
    except KeyboardInterrupt:
        sys.stderr.write("abm: stopped\n")
        raise SystemExit(Interrupted.exit_status) from None


def main() -> None:
    """Entry point of the ``abm`` command."""
    prepare_streams()
    with _plain_errors():
        app()
