"""``abm verify`` on a terminal: one line per comparison as checks finish, then the page and the verdict."""

from collections.abc import Callable
from pathlib import Path

from abm.verify import run_checks
from abm.verify.check import Check, CheckSettings, Comparison
from abm.verify.page import write_page

Say = Callable[[str], None]
_WHAT, _NUMBER = 78, 17
WIDTH = _WHAT + 3 * _NUMBER + 2 + len("  verdict")


def verify(*, quick: bool, seed: int, out: Path, say: Say, command: str = "", narrow: bool = False) -> bool:
    """Run all checks, print each comparison, write the page; return whether everything holds.

    Parameters
    ----------
    quick : bool
        A tenth of the consumers.
    seed : int
        First seed; the checks hold for any.
    out : path
        Folder of the page.
    say : callable
        Prints one line.
    command : str
        What makes the page again, as it says.
    narrow : bool
        Two lines per comparison, for terminals that are not as wide as the table.

    Raises
    ------
    OSError
        The folder cannot be written; found out before the checks are run.
    """
    out.mkdir(parents=True, exist_ok=True)
    settings = CheckSettings.quick(seed) if quick else CheckSettings(seed=seed)
    if not narrow:
        say(f"{'':{_WHAT}}{'expected':>{_NUMBER}}{'got':>{_NUMBER}}{'tolerance':>{_NUMBER + 2}}  verdict")
    done = []
    for check, seconds in run_checks(settings):
        done.append((check, seconds))
        _print_check(check, seconds, say, narrow=narrow)
    page = write_page(done, settings, out, command)
    n_comparisons = sum(len(check.comparisons) for check, _ in done)
    n_failed = sum(not comparison.passed for check, _ in done for comparison in check.comparisons)
    total = sum(seconds for _, seconds in done)
    say("")
    say(f"{n_comparisons - n_failed} of {n_comparisons} comparisons hold ({total:.0f} s).")
    say(f"Page: {page}")
    return n_failed == 0 and all(check.passed for check, _ in done)


def _print_check(check: Check, seconds: float, say: Say, *, narrow: bool) -> None:
    say("")
    say(f"{check.number}. {check.title} ({check.source}; {seconds:.1f} s)")
    for comparison in check.comparisons:
        for line in comparison_lines(comparison) if narrow else [comparison_line(comparison)]:
            say(line)


def comparison_line(comparison: Comparison) -> str:
    """Return a comparison as one line of the table."""
    numbers = f"{comparison.expected:>{_NUMBER}}{comparison.got:>{_NUMBER}}{comparison.tolerance:>{_NUMBER + 2}}"
    return f"  {comparison.what:{_WHAT - 2}}{numbers}  {'holds' if comparison.passed else 'FAILS'}"


def comparison_lines(comparison: Comparison) -> list[str]:
    """Return a comparison as lines for a narrow terminal."""
    verdict = "holds" if comparison.passed else "FAILS"
    numbers = f"expected {comparison.expected}, got {comparison.got}, tolerance {comparison.tolerance}"
    return [f"  {comparison.what}", f"    {numbers}: {verdict}"]
