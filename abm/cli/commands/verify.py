"""``abm verify``: the theory checks."""

from pathlib import Path
from typing import Annotated

import typer

from abm.cli.loading import loading


def verify(
    context: typer.Context,
    quick: Annotated[bool, typer.Option("--quick", help="A tenth of the consumers, wider tolerances.")] = False,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 100, help="First seed.")] = 1,
    out: Annotated[Path, typer.Option(help="Folder of the page.")] = Path("results/verification"),
) -> None:
    """Check the model against theory; print each comparison, write a page, and fail with status 1 if one fails."""
    with loading():
        from abm.cli.command_line import command_line
        from abm.cli.console import is_narrower_than, print_line
        from abm.verify.terminal import WIDTH
        from abm.verify.terminal import verify as verify_theory

    narrow = is_narrower_than(WIDTH)
    if not verify_theory(quick=quick, seed=seed, out=out, say=print_line, command=command_line(context), narrow=narrow):
        raise typer.Exit(1)
