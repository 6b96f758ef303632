"""What separates the columns of a text file: the sign that gives every line the same number of columns."""

import csv
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from abm.networks.files.text_lines import TextLines
from abm.networks.graph_types import Index

BLANKS: Final = "blanks"  # any number of spaces and tabs
SEPARATORS: Final = ("\t", ";", ",", "|", BLANKS)
NAMES: Final = {"\t": "tab", BLANKS: "white space"}
_QUOTE: Final = ord('"')
_SPACE: Final = ord(" ")
_QUOTED_WORD: Final = re.compile(r'"((?:[^"]|"")*)"(?=\s|$)|(\S+)')


class Columns(NamedTuple):
    """The columns that a separator gives.

    Attributes
    ----------
    separator : str
    counts : int64[lines]
        Columns of each line.
    usual : int
        The number of two or more that most lines have; of equally frequent ones, that of the first line.
    at_once : bool
        Quotes, if any, stand around whole columns: the file can be parsed as it is.
    """

    separator: str
    counts: Index
    usual: int
    at_once: bool = True

    @property
    def are_even(self) -> bool:
        """Whether every line has the same number of columns, and room for both ends."""
        return self.usual > 1 and bool((self.counts == self.usual).all())


def columns_by(lines: TextLines, separator: str, *, quoted: bool) -> Columns:
    """Count the columns of every line.

    Parameters
    ----------
    lines : TextLines
        At least one.
    separator : str
        One of ``SEPARATORS``.
    quoted : bool
        Whether there are quotes in the file, in which separators do not count.
    """
    found = _counted_around_quotes(lines, separator) if quoted else _counted(lines, separator)
    counts = found
    if counts is None:
        counts = np.fromiter((len(row) for row in rows_of(lines, separator)), np.int64, lines.starts.size)
    how_often = np.bincount(counts, minlength=2)
    how_often[:2] = 0  # too few for a tie
    first = int(counts[0])
    usual = first if how_often[first] == how_often.max() else int(how_often.argmax())
    return Columns(separator, counts, usual, found is not None)


def _counted(lines: TextLines, separator: str) -> Index:
    data = np.frombuffer(lines.text, np.uint8)
    if separator != BLANKS:
        return lines.per_line(data == ord(separator)) + 1
    begins = data > _SPACE
    begins[1:] &= data[:-1] <= _SPACE
    return lines.per_line(begins)


def _counted_around_quotes(lines: TextLines, separator: str) -> Index | None:
    """Return the columns of every line if all quotes stand around whole columns, None otherwise."""
    if separator == BLANKS:
        return None
    data = np.frombuffer(lines.text, np.uint8)
    quote = data == _QUOTE
    n_quotes = lines.per_line(quote)
    if (n_quotes % 2).any() or n_quotes.sum() != np.count_nonzero(quote):  # not closed, or in a comment
        return None
    inside = np.logical_xor.accumulate(quote)  # from an opening quote to before the closing one
    separators = data == ord(separator)
    border = separators | quote | (data == ord("\n"))
    opening, closing = np.flatnonzero(quote & inside), np.flatnonzero(quote & ~inside)
    if not (border[opening[opening > 0] - 1].all() and border[closing + 1].all()):
        return None
    return lines.per_line(separators & ~inside) + 1


def rows_of(lines: TextLines, separator: str) -> Iterator[list[str]]:
    """Yield the columns of every line, one by one; quotes are taken off.

    Parameters
    ----------
    lines : TextLines
    separator : str

    Raises
    ------
    ValueError
        A quote is not closed, or something stands behind a closed one; the text names the line.
    """
    for i in range(lines.starts.size):
        try:
            yield split(lines.line(i), separator)
        except csv.Error as error:
            raise ValueError(f"line {lines.numbers[i]}: {error}") from None


def split(line: str, separator: str) -> list[str]:
    """Return the columns of one line, without white space around them.

    Parameters
    ----------
    line : str
    separator : str

    Raises
    ------
    csv.Error
        A quote is not closed, or something stands behind a closed one.
    """
    if '"' not in line:
        return line.split() if separator == BLANKS else [part.strip() for part in line.split(separator)]
    if separator == BLANKS:
        words = [quoted.replace('""', '"') or word for quoted, word in _QUOTED_WORD.findall(line)]
        if any('"' in word for _, word in _QUOTED_WORD.findall(line)):
            raise csv.Error("a quote is not closed, or stands within a word")
        return words
    return [part.strip() for part in next(csv.reader([line], delimiter=separator, strict=True, skipinitialspace=True))]
