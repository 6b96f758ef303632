"""Standard streams that never end a command: any encoding, a closed pipe, no stream at all."""

import codecs
import os
import sys
from typing import IO, Final

_PLAIN: Final = {"±": "+-", "–": "-", "—": "-", "−": "-", "×": "x", "…": "...", "→": "->", "’": "'", "“": '"', "”": '"'}


def prepare_streams() -> None:
    """Let output in any encoding succeed: what cannot be written is replaced; a closed stream swallows all."""
    codecs.register_error("abm.plain", _replaced)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - for the whole process
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="abm.plain")


def write_out(text: str) -> None:
    """Write text as it is, for other programs to read."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        say_no_more(sys.stdout)


def say_no_more(stream: IO[str]) -> None:
    """Send the rest of a stream that nobody reads any longer to nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    """Return what stands in for characters that an encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character, "?") for character in lacking), error.end
