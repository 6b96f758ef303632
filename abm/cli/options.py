"""Arguments and options that several commands have."""

import os
from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[Path, typer.Argument(metavar="CONFIG", help="An experiment file (TOML), see experiments/.")]
ResultsFolder = Annotated[Path, typer.Argument(metavar="RESULTS", help="A results folder.")]


def _as_utf8(values: list[str] | None) -> list[str] | None:
    """Return what was typed, also where the locale is not the terminal's encoding (``LANG=C``)."""
    return values and [os.fsencode(value).decode("utf-8", "surrogateescape") for value in values]


Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="A.B=V",
        callback=_as_utf8,
        help="Replace a value: markets.us.norm.strength=2, scenarios.deals.levers.0.discount=0.1, weeks=52 ...",
    ),
]
Out = Annotated[Path | None, typer.Option(help="Results folder; results/<name> without it.")]
Workers = Annotated[int | None, typer.Option(min=1, max=1024, help="Runs side by side; default all cores.")]
