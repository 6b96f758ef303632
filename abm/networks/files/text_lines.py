"""The lines of a text file as positions in its bytes: blank lines and comments left out, the others counted from 1."""

from pathlib import Path
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from abm.networks.errors import NetworkError
from abm.networks.graph_types import Index

COMMENT_MARKS: Final = b"#%"
_NEW_LINE: Final = ord("\n")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


class TextLines(NamedTuple):
    """Lines of a file in UTF-8.

    Attributes
    ----------
    text : bytes
        The whole file; every line ends with a newline.
    starts, ends : int64[lines]
        Line i is ``text[starts[i]:ends[i]]``.
    numbers : int64[lines]
        Number of each line in the file, from 1.
    """

    text: bytes
    starts: Index
    ends: Index
    numbers: Index

    def line(self, i: int) -> str:
        """Return a line."""
        return self.text[self.starts[i] : self.ends[i]].decode()

    def chosen(self, kept: NDArray[np.bool_] | Index | slice) -> Self:
        """Return some of the lines."""
        return self._replace(starts=self.starts[kept], ends=self.ends[kept], numbers=self.numbers[kept])

    def joined(self) -> bytes:
        """Return the lines as one text; those in a row are not copied one by one."""
        if not self.starts.size:
            return b""
        breaks = np.flatnonzero(self.starts[1:] != self.ends[:-1] + 1)
        first = np.concatenate([[0], breaks + 1])
        last = np.concatenate([breaks, [self.starts.size - 1]])
        view = memoryview(self.text)
        if first.size == 1:
            return bytes(view[self.starts[0] : self.ends[-1] + 1])
        runs = zip(self.starts[first].tolist(), self.ends[last].tolist(), strict=True)
        return b"".join(view[start : end + 1] for start, end in runs)

    def per_line(self, marked: NDArray[np.bool_]) -> Index:
        """Return how many bytes of each line are marked, int64[lines]; one mark a byte of the text."""
        positions = np.flatnonzero(marked)
        counts: Index = np.searchsorted(positions, self.ends) - np.searchsorted(positions, self.starts)
        return counts


def read_lines(path: Path) -> TextLines:
    """Return the lines of a file that hold more than white space.

    Raises
    ------
    NetworkError
        The file is empty or no text; the message names the line.
    """
    text = _utf8(path, path.read_bytes())
    data = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(data == _NEW_LINE)
    starts = np.concatenate([[0], ends[:-1] + 1])[: ends.size]
    lines = TextLines(text, starts, ends, np.arange(1, ends.size + 1))
    if not ends.size:
        raise NetworkError(f"{path}: the file is empty")
    filled = np.maximum.reduceat(data, starts) > ord(" ")
    return lines if filled.all() else lines.chosen(filled)


def without_comments(lines: TextLines) -> tuple[TextLines, list[str]]:
    """Return the lines that are no comments, and the comments above the first of them.

    A comment begins with ``#`` or ``%``, and white space or a second mark follows: a mark with a word right behind it
    may be the name of a person.
    """
    is_comment = np.zeros(lines.starts.size, np.bool_)
    data = np.frombuffer(lines.text, np.uint8)
    for i in np.flatnonzero(np.isin(data[lines.starts], list(COMMENT_MARKS))).tolist():
        second = lines.text[lines.starts[i] + 1 : lines.starts[i] + 2]
        is_comment[i] = second in (b" ", b"\t", b"\n", b"#", b"%")
    if not is_comment.any():
        return lines, []
    n_above = int(np.argmin(is_comment)) if not is_comment.all() else is_comment.size
    return lines.chosen(~is_comment), [lines.line(i) for i in range(n_above)]


def _utf8(path: Path, text: bytes) -> bytes:
    """Return a file's text in UTF-8 without byte-order mark, lines ending with a newline."""
    if text.startswith(_UTF16):
        try:
            text = text.decode("utf-16").encode()
        except ValueError as error:
            raise NetworkError(f"{path}: cannot be read as UTF-16: {error}") from error
    text = text.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not text.isascii():
        try:
            text.decode()
        except UnicodeDecodeError as error:
            line = text.count(b"\n", 0, error.start) + 1
            raise NetworkError(
                f"{path}: line {line}: cannot be read as CSV: the text is not in UTF-8; save the file as UTF-8"
            ) from error
    if b"\0" in text:
        line = text.count(b"\n", 0, text.index(b"\0")) + 1
        raise NetworkError(f"{path}: line {line}: cannot be read as CSV: it holds a NUL byte, which is no text")
    return text if text.endswith(b"\n") or not text else text + b"\n"
