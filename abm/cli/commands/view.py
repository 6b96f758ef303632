"""``abm view``: the browser server."""

from pathlib import Path
from typing import Annotated

import typer

from abm.cli.loading import loading


def view(
    config: Annotated[Path | None, typer.Argument(metavar="[CONFIG]", help="Markets to show first.")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: the first free one from 8765 on.")] = 0,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
    host: Annotated[str, typer.Option(help="Where to listen; all but this machine needs a token.")] = "127.0.0.1",
    token: Annotated[str | None, typer.Option(help="Secret for other hosts; made up if left out.")] = None,
) -> None:
    """Watch markets side by side in the browser, start levers and change parameters."""
    with loading():
        from abm.cli.console import print_line
        from abm.view.server import serve

    serve(config, host=host, port=port, token=token, say=print_line, open_browser=open_browser)
