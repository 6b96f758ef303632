"""``abm verify`` on a terminal: one line per comparison as checks finish, then the page and the verdict."""

from collections.abc import Callable
from pathlib import Path

from abm.verify import run_checks
from abm.verify.check import Check, Effort, Finding
from abm.verify.page import write_page

Say = Callable[[str], None]
_WHAT, _NUMBER = 78, 17


def verify(*, quick: bool, seed: int, out: Path, say: Say) -> bool:
    """Run all checks, tell each finding, write the page; return whether everything holds.

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

    Raises
    ------
    OSError
        The folder cannot be written; found out before the checks are run.
    """
    out.mkdir(parents=True, exist_ok=True)
    effort = Effort.quick(seed) if quick else Effort(seed=seed)
    say(f"{'':{_WHAT}}{'expected':>{_NUMBER}}{'got':>{_NUMBER}}{'tolerance':>{_NUMBER + 2}}  verdict")
    done = []
    for check, seconds in run_checks(effort):
        done.append((check, seconds))
        _tell(check, seconds, say)
    page = write_page(done, effort, out)
    n_findings = sum(len(check.findings) for check, _ in done)
    n_failed = sum(not finding.passed for check, _ in done for finding in check.findings)
    total = sum(seconds for _, seconds in done)
    say("")
    say(f"{n_findings - n_failed} of {n_findings} comparisons hold ({total:.0f} s).")
    say(f"Page: {page}")
    return n_failed == 0 and all(check.passed for check, _ in done)


def _tell(check: Check, seconds: float, say: Say) -> None:
    say("")
    say(f"{check.line}. {check.title} ({check.source}; {seconds:.1f} s)")
    for finding in check.findings:
        say(line_of(finding))


def line_of(finding: Finding) -> str:
    """Return a finding as one line of the table."""
    numbers = f"{finding.expected:>{_NUMBER}}{finding.got:>{_NUMBER}}{finding.tolerance:>{_NUMBER + 2}}"
    return f"  {finding.what:{_WHAT - 2}}{numbers}  {'holds' if finding.passed else 'FAILS'}"
