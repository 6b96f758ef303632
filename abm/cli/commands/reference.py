"""``abm markets``, ``abm schema``: what can be written in an experiment file."""

import json
from typing import Annotated

import typer

from abm.cli.loading import loading


def markets(
    name: Annotated[str | None, typer.Argument(help="Show one profile with the evidence for every value.")] = None,
) -> None:
    """List the market profiles, or show one with its evidence."""
    with loading():
        from abm.cli.profile_tables import print_profile, print_profiles
        from abm.experiment.plugins import load_installed

    load_installed()
    if name is None:
        print_profiles()
    else:
        print_profile(name)


def schema(
    table: Annotated[bool, typer.Option("--table", help="A table of all parameters instead, as Markdown.")] = False,
) -> None:
    """Print the JSON Schema of experiment files, for completion in editors."""
    with loading():
        from abm.cli.streams import write_out
        from abm.experiment.plugins import load_installed
        from abm.experiment.schema import config_schema, parameter_table

    load_installed()
    write_out((parameter_table() if table else json.dumps(config_schema(), indent=2)) + "\n")
