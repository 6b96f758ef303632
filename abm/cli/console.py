"""What all commands print with: lines, notes, findings and the progress bar."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

terminal = Console(highlight=False)


def print_line(text: str) -> None:
    """Print one line, however narrow the terminal."""
    terminal.print(Text(text), soft_wrap=True)


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None]]:
    """Show a bar with the rate and the time left (on stderr, so that output can be piped)."""
    columns = (
        TextColumn("simulating"), BarColumn(), TextColumn("{task.percentage:3.0f} %"),
        TextColumn("{task.fields[rate]}"), TimeRemainingColumn(), TextColumn("left"),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, rate="compiling")

        def update(done: int, total: int) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed / 1e6:,.0f} M consumer-weeks/s" if speed else ""
            bar.update(task, completed=done, total=total, rate=rate)

        yield update


def print_notes(notes: Sequence[str]) -> None:
    """Print what a reader should know before relying on results."""
    for note in notes:
        terminal.print(Text(f"Note: {note}"))


def print_findings(findings: Sequence[str]) -> None:
    """Print sentences, one a paragraph."""
    for finding in findings:
        terminal.print(Text(f"- {finding}"))
