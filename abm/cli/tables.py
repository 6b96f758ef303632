"""Tables fitted to the width of the terminal; where there is no room for one, the same line by line."""

from collections.abc import Iterable, Sequence
from typing import Final

from rich import box
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from abm.cli import console

_ANY_WIDTH: Final = 10_000
_LEAST, _ENOUGH, _TEXT = 4, 12, 30  # characters of a figure, of a name, of running text


def print_figures(
    title: str, names: Sequence[str], headings: Sequence[str], rows: Sequence[Sequence[str]], *, total: bool = False
) -> None:
    """Print rows of names, then those figures that anything has; where there is no room for a table, line by line.

    Parameters
    ----------
    title : str
    names, headings : sequence of str
        Of the columns.
    rows : sequence of sequence of str
    total : bool
        The last row sums up the others.
    """
    table = Table(title=title, title_style="bold", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in names:
        table.add_column(name, overflow="fold")
    kept = [i for i in range(len(headings)) if any(row[len(names) + i] for row in rows)]
    for i in kept:
        table.add_column(headings[i], justify="right", overflow="fold")
    for number, row in enumerate(rows):
        if total and number == len(rows) - 1:
            table.add_section()
        table.add_row(*row[: len(names)], *(row[len(names) + i] for i in kept))
    if _width(table) <= console.terminal.width or _narrowed(table, len(names)):
        console.terminal.print(table)
        return
    console.terminal.print(Text(title, style="bold"))
    for row in rows:
        cells = [(headings[i], row[len(names) + i]) for i in kept if row[len(names) + i]]
        _print_block(", ".join(row[: len(names)]), cells)


def _width(table: Table) -> int:
    """Return how wide a table would be on an endless line."""
    return Measurement.get(console.terminal, console.terminal.options.update(width=_ANY_WIDTH), table).maximum


def _narrowed(table: Table, n_names: int) -> bool:
    """Make figures' columns as wide as their longest word, if that leaves enough for names; return whether it does."""
    names, figures = table.columns[:n_names], table.columns[n_names:]
    for column in figures:
        column.width = max(
            _LEAST, *(len(word) for cell in [*column.cells, column.header] for word in str(cell).split())
        )
    for column in names:
        column.width = min(_ENOUGH, max(len(str(cell)) for cell in [*column.cells, column.header]))
    fits = _width(table) <= console.terminal.width
    for column in names:
        column.width = None  # they share what is left
    return fits


def print_texts(headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[str] = ()) -> None:
    """Print rows of short entries that end with running text.

    Parameters
    ----------
    headings : sequence of str
    rows : sequence of sequence of str
    numbers : sequence of str
        Headings of columns with numbers.
    """
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, justify="right" if heading in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    short = sum(max(len(row[number]) for row in rows) + 2 for number in range(len(headings) - 1))
    if min(short, _ENOUGH * len(headings)) + _TEXT <= console.terminal.width:
        console.terminal.print(table)
        return
    for row in rows:
        _print_block(row[0], [(heading, cell) for heading, cell in zip(headings[1:], row[1:], strict=True) if cell])


def _print_block(name: str, cells: Iterable[tuple[str, str]]) -> None:
    """Print a name and, below it, each of its cells with its heading."""
    console.terminal.print(Text(name))
    for heading, cell in cells:
        console.terminal.print(Padding(Text(f"{' '.join(heading.split())}: {cell}"), (0, 0, 0, 2)))
