"""Which columns of a table hold the two ends of ties, by the names of its columns."""

import re
from typing import Final, NamedTuple

_ENDS: Final = (
    ("source", "target"), ("from", "to"), ("src", "dst"), ("src", "dest"), ("src", "tgt"), ("source", "destination"),
    ("source", "dest"), ("origin", "destination"), ("ego", "alter"), ("tail", "head"), ("sender", "receiver"),
    ("sender", "recipient"), ("follower", "followee"), ("follower", "followed"), ("user", "friend"),
    ("nominator", "nominee"), ("respondent", "nominee"), ("citing", "cited"), ("caller", "callee"), ("start", "end"),
    ("left", "right"), ("first", "second"),
)  # fmt: skip
_PLAIN_ENDS: Final = (("1", "2"), ("a", "b"), ("u", "v"), ("i", "j"), ("x", "y"), ("0", "1"))
_STEMS: Final = ("", "id", "node", "nodeid", "idnode", "user", "userid", "vertex", "person", "personid")


class NamedEnds(NamedTuple):
    """The columns of the ends, and how far their names can be trusted.

    Attributes
    ----------
    left, right : int
    plain_stem : str or None
        What two names that differ by 1/2, a/b ... have in common: people may be named so, too. None for words such as
        source and target.
    """

    left: int
    right: int
    plain_stem: str | None = None


def named_ends(names: list[str]) -> NamedEnds | None:
    """Return the columns that the names call the ends of ties, None if they do not.

    Parameters
    ----------
    names : list of str
        Of all columns, in order; case and everything but letters and digits is ignored.

    Raises
    ------
    ValueError
        The names call more than two columns so.
    """
    plain = [plain_name(name) for name in names]
    for stems in (("",), _STEMS[1:], None):
        for ends, trusted in ((_ENDS, True), (_PLAIN_ENDS, False)):
            found = list(dict.fromkeys(pair for pair in _pairs(plain, ends, stems)))
            if len(found) > 1 or any(plain.count(plain[i]) > 1 for pair in found for i in pair[:2]):
                shown = " and ".join(f"{names[left]}-{names[right]}" for left, right, _ in found)
                raise ValueError(f"the header names the ends twice ({shown}): keep two columns for the ends")
            if found:
                left, right, stem = found[0]
                return NamedEnds(left, right, None if trusted else stem)
    return None


def plain_name(name: str) -> str:
    """Return a name in small letters, without anything but letters and digits."""
    return re.sub(r"[\W_]", "", name.lower())


def _pairs(
    plain: list[str], ends: tuple[tuple[str, str], ...], stems: tuple[str, ...] | None
) -> list[tuple[int, int, str]]:
    """Return the pairs of columns whose names are a known pair before or behind one of the stems (any, if None)."""
    found = []
    for first, second in ends:
        for i, name in enumerate(plain):
            for stem, other in _counterparts(name, first, second):
                if (stems is None or stem in stems) and other in plain and not stem.isdigit():
                    found.append((i, plain.index(other), stem))
    return found


def _counterparts(name: str, first: str, second: str) -> list[tuple[str, str]]:
    """Return for a name with ``first`` at one end what is left of it, and the name with ``second`` instead."""
    found = []
    if name.startswith(first):
        stem = name.removeprefix(first)
        found.append((stem, second + stem))
    if name.endswith(first) and name != first:
        stem = name.removesuffix(first)
        found.append((stem, stem + second))
    return [pair for pair in found if pair[0] or not first.isdigit()]
