"""How the columns of a text file are laid out: separator, header, and the two columns of the ends."""

import csv
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NamedTuple

import numpy as np

from abm.networks.files.header import NamedEnds, named_ends, plain_name
from abm.networks.files.node_ids import is_whole
from abm.networks.files.separators import BLANKS, NAMES, SEPARATORS, Columns, columns_by, rows_of, split
from abm.networks.files.text_lines import TextLines

_SAMPLE: Final = 1_000  # lines by which separators that all fit are told apart
_MOST_SHOWN: Final = 5
_WORDS: Final = re.compile(r"[^\W\d_]{2,}([ _.-][^\W\d_]+)*")
_GROUPS: Final = re.compile(r"-?\d{1,3}(,\d{3})*,-?\d{1,3}(,\d{3})*")


class Layout(NamedTuple):
    """Where the ends of ties are.

    Attributes
    ----------
    columns : Columns
        The separator and what it gives.
    left, right : int
        Columns of the ends.
    header : list of str or None
        Names of the columns where there are some.
    in_comment : bool
        The header is a comment.
    named : NamedEnds or None
        What the header says of the ends.
    """

    columns: Columns
    left: int
    right: int
    header: list[str] | None = None
    in_comment: bool = False
    named: NamedEnds | None = None


def find_layout(lines: TextLines, comments: Sequence[str], *, quoted: bool) -> Layout:
    """Find out how the columns of a file are laid out, by what fits all of its lines.

    Parameters
    ----------
    lines : TextLines
        Without comments, at least one.
    comments : sequence of str
        Those above the first line: one may be the header.
    quoted : bool
        Whether there are quotes in the file.

    Raises
    ------
    ValueError
        It cannot be found out; the text says why and names a line.
    """
    tried, error = _tried(lines, quoted=quoted)
    if error is not None and not any(columns.are_even for columns in tried):
        raise error
    if not tried:
        first = lines.line(0).strip()[:60]
        raise ValueError(
            f"line {lines.numbers[0]}: only one column in line {lines.numbers[0]}: {first!r}; a tie takes two"
        )
    even = [columns for columns in tried if columns.are_even]
    if not even:  # the lines that differ are reported by the reader
        even = [max(tried, key=lambda columns: float((columns.counts == columns.usual).mean()))]
    layouts = {columns.separator: _laid_out(lines, columns, comments) for columns in even}
    return _best(lines, layouts)


def _tried(lines: TextLines, *, quoted: bool) -> tuple[list[Columns], ValueError | None]:
    """Return the columns of each separator that gives a line two or more, and what was wrong with the first other."""
    sample = "\n".join(lines.line(i) for i in range(min(_SAMPLE, lines.starts.size)))
    tried, error = [], None
    for separator in SEPARATORS:
        if separator in sample or (separator == BLANKS and re.search(r"\S[ \t]+\S", sample)):
            try:
                columns = columns_by(lines, separator, quoted=quoted)
            except ValueError as wrong:
                error = error or wrong
            else:
                tried += [columns] if columns.counts.max() > 1 else []
    return tried, error


def ragged(lines: TextLines, columns: Columns) -> str:
    """Return which lines have another number of columns than most, "" if none has; those with one lack an end.

    Parameters
    ----------
    lines : TextLines
    columns : Columns
        Of these lines.
    """
    found = np.flatnonzero((columns.counts != columns.usual) & (columns.counts > 1))
    if not found.size:
        return ""
    shown = ", ".join(f"{lines.numbers[i]} ({columns.counts[i]})" for i in found[:_MOST_SHOWN].tolist())
    more = ", ..." if found.size > _MOST_SHOWN else ""
    sign = NAMES.get(columns.separator, columns.separator)
    return f"{found.size:,} x not {columns.usual} columns as in other lines (separated by {sign}): line {shown}{more}"


def _laid_out(lines: TextLines, columns: Columns, comments: Sequence[str]) -> Layout:
    usual = np.flatnonzero(columns.counts == columns.usual)[:_SAMPLE]
    rows = list(rows_of(lines.chosen(usual), columns.separator))
    for comment in reversed(comments):
        with suppress(csv.Error, ValueError):  # a comment need not be a header
            names = split(comment.lstrip("#% \t"), columns.separator)
            if len(names) == columns.usual and (named := named_ends(names)):
                return Layout(columns, named.left, named.right, names, True, named)
    first, rest = rows[0], rows[1:]
    if columns.counts[0] != columns.usual:
        return Layout(columns, 0, 1)
    named = named_ends(first)
    if named is not None and not _looks_like_ids(first, named, rest, int(lines.numbers[0])):
        return Layout(columns, named.left, named.right, first, False, named)
    if named is None and _is_header(first, rest):
        if len(first) > 2 or not all(_WORDS.fullmatch(name) for name in first):
            raise ValueError(
                f"line {lines.numbers[0]} ({', '.join(first)[:60]}) is no tie, and as a header it does not say which "
                "columns hold the ends: name these source and target"
            )
        return Layout(columns, 0, 1, first)
    _refuse_groups(lines, columns)
    return Layout(columns, 0, 1)


def _is_header(first: list[str], rest: list[list[str]]) -> bool:
    """Say whether the first line names columns, although none is called an end: numbers follow below its words."""
    if not rest:
        return False
    numbers = [all(_is_number(row[i]) for row in rest) for i in range(len(first))]
    words = [bool(name) and not _is_number(name) for name in first]
    if numbers[0] and numbers[1]:
        return words[0] and words[1]
    return any(word and number for word, number in list(zip(words, numbers, strict=True))[2:])


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def _looks_like_ids(first: list[str], named: NamedEnds, rest: list[list[str]], line: int) -> bool:
    """Say whether the first line is a tie of people with names such as a, b or node1, node2.

    Raises
    ------
    ValueError
        It may be a header or a tie.
    """
    ends = {first[named.left], first[named.right]}
    below = {row[i] for row in rest for i in (named.left, named.right)}
    if named.plain_stem is None:
        if ends & below:
            raise ValueError(
                f"line {line} ({', '.join(first)}) is a header, but names in it are ids as well: rename its columns"
            )
        return False
    if ends & below:
        return True
    stem = named.plain_stem
    alike = [one for one in below if len(plain_name(one)) <= len(stem) + 2 and stem in plain_name(one)]
    if not rest or any(not is_whole(one) for one in alike):
        raise ValueError(
            f"line {line} ({', '.join(first)}) may be a header or a tie: name the columns source and target, "
            "or put a line with these names above it"
        )
    return False


def _refuse_groups(lines: TextLines, columns: Columns) -> None:
    """Refuse numbers such as 1,000 in a file separated by commas: they would be read as two columns."""
    if columns.separator != "," or columns.usual < 3:
        return
    sample = [lines.line(i).replace(" ", "") for i in range(min(_SAMPLE, lines.starts.size))]
    grouped = all(_GROUPS.fullmatch(line) for line in sample)
    if grouped and (columns.usual > 3 or any(re.search(r",0\d\d", line) for line in sample)):
        raise ValueError(
            f"line {lines.numbers[0]}: {sample[0]!r} looks like numbers with commas between thousands: "
            "write them without, or separate columns by another sign; other columns need a header that names the ends"
        )


def _best(lines: TextLines, layouts: dict[str, Layout]) -> Layout:
    """Return the layout whose ends look most like ids.

    Raises
    ------
    ValueError
        Two are as good and give different ties.
    """
    if len(layouts) == 1:
        return next(iter(layouts.values()))
    sample = lines.chosen(slice(0, _SAMPLE))
    ends = {sign: [(row[at.left], row[at.right]) for row in rows_of(sample, sign)] for sign, at in layouts.items()}
    scores = {sign: _score(layouts, sign, ends[sign]) for sign in layouts}
    top = max(scores.values())
    best = [sign for sign in layouts if scores[sign] == top]
    if any(ends[sign] != ends[best[0]] for sign in best):
        shown = " and ".join(NAMES.get(sign, sign) for sign in best)
        raise ValueError(f"line {lines.numbers[0]}: columns may be separated by {shown}: put quotes around the names")
    return layouts[best[0]]


def _score(layouts: dict[str, Layout], sign: str, ends: list[tuple[str, str]]) -> tuple[bool, bool, bool, bool]:
    below = ends[1:] if layouts[sign].header and not layouts[sign].in_comment else ends
    others = [other if other != BLANKS else " " for other in layouts if other != sign]
    if sign == "\t" and BLANKS in layouts:
        others.remove(" ")  # names may have blanks in them
    pure = not any(other in one for pair in ends for one in pair for other in others)
    whole = bool(below) and all(is_whole(one) for pair in below for one in pair)
    return layouts[sign].named is not None, whole, pure, sign != BLANKS
