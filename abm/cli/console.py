"""What all commands print with: lines, notes and findings, on any terminal or into a pipe."""

import os
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from abm.cli.streams import say_no_more


class Terminal(Console):
    """A console that says no more once nobody reads it (``abm run ... | head -1``); the work goes on to its end."""

    def on_broken_pipe(self) -> None:
        """Send the rest to nowhere."""
        self.quiet = True
        say_no_more(self.file)


terminal = Terminal(highlight=False)


def is_narrower_than(width: int) -> bool:
    """Say whether lines of this width would be broken; a file or pipe takes any, unless ``COLUMNS`` says otherwise."""
    return terminal.width < width and (terminal.is_terminal or "COLUMNS" in os.environ)


def print_line(text: str) -> None:
    """Print one line, however narrow the terminal."""
    terminal.print(Text(text), soft_wrap=True)


def print_notes(notes: Sequence[str]) -> None:
    """Print what a reader should know before relying on results."""
    for note in notes:
        terminal.print(Text(f"Note: {note}"))


def print_findings(findings: Sequence[str]) -> None:
    """Print sentences, one a paragraph."""
    for finding in findings:
        terminal.print(Text(f"- {finding}"))
