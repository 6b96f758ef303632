"""Arguments and options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[Path, typer.Argument(metavar="CONFIG", help="An experiment file (TOML), see experiments/.")]
ResultsFolder = Annotated[Path, typer.Argument(metavar="RESULTS", help="A results folder.")]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="A.B=V",
        help="Replace a value: markets.us.norm.strength=2, scenarios.deals.levers.0.discount=0.1, weeks=52 ...",
    ),
]
Out = Annotated[Path | None, typer.Option(help="Results folder; results/<name> without it.")]
Workers = Annotated[int | None, typer.Option(min=1, max=1024, help="Runs side by side; default all cores.")]
