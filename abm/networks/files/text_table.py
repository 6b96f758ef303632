"""Reader of edge lists in text: CSV, TSV, columns between white space.

Nothing is left out without a word: every line has the same number of columns, or the file is refused with the numbers
of the lines that have not.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from abm.networks.errors import NetworkError
from abm.networks.files.edge_table import EdgeTable, as_text, ignored, stripped
from abm.networks.files.layout import Layout, find_layout, ragged
from abm.networks.files.separators import BLANKS, rows_of
from abm.networks.files.text_lines import COMMENT_MARKS, TextLines, read_lines, without_comments

_BLOCK: Final = 1 << 24  # bytes that are parsed at a time


def read(path: Path) -> EdgeTable:
    """Return the ties of an edge list.

    Raises
    ------
    NetworkError
        What separates the columns, or which of them hold the ends, cannot be told.
    """
    lines, comments = without_comments(read_lines(path))
    if not lines.starts.size:
        raise NetworkError(f"{path}: the file is empty, or blank, or has comments only: holds no ties")
    quoted, first = b'"' in lines.text, lines.numbers[0]
    try:
        layout = find_layout(lines, comments, quoted=quoted)
        faults = [ragged(lines, layout.columns), _doubtful_comments(lines, layout)]
        kept, lacking = layout.columns.counts == layout.columns.usual, lines.numbers[layout.columns.counts < 2]
        if layout.header is not None and not layout.in_comment:
            kept[0] = False
        lines = lines if kept.all() else lines.chosen(kept)
        left, right = _at_once(lines, layout) if layout.columns.at_once else _by_row(lines, layout)
    except ValueError as error:
        raise NetworkError(f"{path}: cannot be read as CSV: {error}") from error
    _refuse_names_as_ids(f"{path}: line {first}", layout, left, right)
    filled = _filled(lines, layout, left, right)
    if filled is not None:
        left, right, lines = left.filter(pa.array(filled)), right.filter(pa.array(filled)), lines.chosen(filled)
    if lacking.size:  # lines of one column are ties without ends, to be reported with the others
        left, right = (pa.concat_arrays([column, as_text([""] * lacking.size)]) for column in (left, right))
    positions = np.concatenate([lines.numbers, lacking])
    return EdgeTable(left, right, positions, "line", faults=tuple(faults), notes=_notes(layout))


def _at_once(lines: TextLines, layout: Layout) -> tuple[Any, Any]:
    """Return the ends of ties from lines whose quotes, if any, stand around whole columns; on several threads."""
    if not lines.starts.size:
        return as_text([]), as_text([])
    separator, text = layout.columns.separator, lines.joined()
    if separator == BLANKS:
        separator, text = " ", _with_single_blanks(text)
    names = [str(i) for i in range(layout.columns.usual)]
    ends = [names[layout.left], names[layout.right]]
    longest = int((lines.ends - lines.starts).max())
    table = csv.read_csv(
        pa.BufferReader(text),
        read_options=csv.ReadOptions(column_names=names, block_size=max(_BLOCK, 2 * longest + 2)),
        parse_options=csv.ParseOptions(delimiter=separator, quote_char='"', ignore_empty_lines=False),
        convert_options=csv.ConvertOptions(
            include_columns=ends, column_types=dict.fromkeys(ends, pa.large_string()), strings_can_be_null=False
        ),
    )
    return stripped(table.column(0)), stripped(table.column(1))


def _with_single_blanks(text: bytes) -> bytes:
    """Return the text with one space wherever there is white space within a line, and none at its ends."""
    data = np.frombuffer(text.replace(b"\t", b" "), np.uint8)
    blank = data == ord(" ")
    needless = blank.copy()
    needless[1:] &= blank[:-1] | (data[:-1] == ord("\n"))
    needless[:-1] |= blank[:-1] & (data[1:] == ord("\n"))
    if needless.any():
        data = data[~needless]
        ends_blank = np.flatnonzero((data[:-1] == ord(" ")) & (data[1:] == ord("\n")))
        data = np.delete(data, ends_blank) if ends_blank.size else data
    return data.tobytes()


def _by_row(lines: TextLines, layout: Layout) -> tuple[Any, Any]:
    """Return the ends of ties from lines with quotes elsewhere."""
    left, right = layout.left, layout.right
    ends = [(row[left], row[right]) for row in rows_of(lines, layout.columns.separator)]
    return as_text([pair[0] for pair in ends]), as_text([pair[1] for pair in ends])


def _filled(lines: TextLines, layout: Layout, left: Any, right: Any) -> Any:
    """Return which lines have something in any column, None if all have: `,,` is a blank line."""
    blank = np.asarray(pc.and_(pc.equal(left, ""), pc.equal(right, "")))
    found = np.flatnonzero(blank).tolist()
    if not found:
        return None
    rows = rows_of(lines.chosen(blank), layout.columns.separator)
    for i, row in zip(found, rows, strict=True):
        blank[i] = not any(row)
    return ~blank


def _refuse_names_as_ids(where: str, layout: Layout, left: Any, right: Any) -> None:
    """Refuse a header whose names are ids in the ties below: it may be a tie itself."""
    if layout.header is None or layout.in_comment:
        return
    names = as_text([layout.header[layout.left], layout.header[layout.right]])
    if pc.any(pc.is_in(left, names)).as_py() or pc.any(pc.is_in(right, names)).as_py():
        raise NetworkError(
            f"{where} ({', '.join(layout.header)}) may be a header or a tie, for a name in it is an id as well: "
            "name the columns source and target, or put a line with these names above it"
        )


def _doubtful_comments(lines: TextLines, layout: Layout) -> str:
    """Return which lines may be comments or ties of people whose names begin with a mark, "" if none may."""
    marks = np.isin(np.frombuffer(lines.text, np.uint8)[lines.starts], list(COMMENT_MARKS))
    if layout.header is not None and not layout.in_comment:
        marks[0] = False
    found = np.flatnonzero(marks & (layout.columns.counts == layout.columns.usual))
    if not found.size:
        return ""
    shown = ", ".join(str(lines.numbers[i]) for i in found[:5].tolist())
    return (
        f"{found.size:,} x a line that may be a comment or a tie (put a space behind the mark, or quotes around "
        f"the id): line {shown}"
    )


def _notes(layout: Layout) -> tuple[str, ...]:
    others = [i for i in range(layout.columns.usual) if i not in (layout.left, layout.right)]
    if layout.header is None:
        return ignored([f"column {i + 1}" for i in others])
    notes = ignored([layout.header[i] or f"column {i + 1}" for i in others])
    return notes if layout.named else (*notes, f"its first line ({', '.join(layout.header)}) is read as a header")
