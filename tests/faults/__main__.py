"""Plant the faults one at a time and see which test notices: ``python -m tests.faults [--list] [PATTERN ...]``.

A pattern is a part of a fault's name or of its file (``habit``, ``abm/networks``); without one, all are planted.
The package and its tests are copied to a temporary folder; the copy comes first on the path, which is checked. First
the tests have to pass without a fault; then every fault has to make one of its tests fail, by a failed assertion or a
wrong result, not because the code no longer runs. Status 1 if one survives, 2 if one cannot be planted.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

from tests.faults.catalogue import FAULTS
from tests.faults.fault import Fault

ROOT = Path(__file__).parents[2]
COPIED = ("abm", "tests", "docs", "experiments", "pyproject.toml", "README.md", "results/reference")
LONGEST = 600  # seconds for the tests of one fault
_BROKEN = re.compile(
    r"^E +.*(SyntaxError|IndentationError|NameError|ImportError|IndexError|OverflowError|TypingError|LoweringError)",
    re.MULTILINE,
)


class CannotPlant(Exception):
    """The text to replace is not found exactly once, or the copy is not what is tested."""


def copy_to(folder: Path) -> Path:
    """Copy package, tests and settings; return the new root."""
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return folder


def plant(fault: Fault, root: Path) -> str:
    """Write the fault into the copy; return the file as it was.

    Raises
    ------
    CannotPlant
        The text does not occur exactly once.
    """
    file = root / fault.file
    before = file.read_text(encoding="utf-8")
    if before.count(fault.right) != 1 or fault.right == fault.wrong:
        raise CannotPlant(f"{fault.name}: {fault.file} holds its text {before.count(fault.right)} times, not once")
    file.write_text(before.replace(fault.right, fault.wrong), encoding="utf-8")
    return before


def environment(root: Path, compiled: bool) -> dict[str, str]:
    """Return the variables under which the copy is tested."""
    own = {"PYTHONPATH": str(root), "NUMBA_CACHE_DIR": str(root / ".cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("NUMBA_", "PYTEST_"))}
    return kept | own | ({} if compiled else {"NUMBA_DISABLE_JIT": "1"})


def check_copy(root: Path) -> None:
    """Make sure that the copy is what the tests import.

    Raises
    ------
    CannotPlant
    """
    command = [sys.executable, "-c", "import abm; print(abm.__file__)"]
    found = subprocess.run(command, cwd=root, env=environment(root, False), capture_output=True, text=True, check=True)
    if Path(found.stdout.strip()).resolve() != (root / "abm" / "__init__.py").resolve():
        raise CannotPlant(f"the tests would import {found.stdout.strip()}, not the copy in {root}")


def test(root: Path, tests: Iterable[str], compiled: bool) -> subprocess.CompletedProcess[str]:
    """Run some tests of the copy, up to the first that fails.

    Raises
    ------
    CannotPlant
        They do not end.
    """
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider", *tests]
    own = environment(root, compiled)
    try:
        return subprocess.run(command, cwd=root, env=own, capture_output=True, text=True, check=False, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        raise CannotPlant(f"{' '.join(tests)}: no end after {LONGEST} s") from None


def noticed_by(done: subprocess.CompletedProcess[str]) -> str:
    """Return the test that failed, or an empty text if none did.

    Raises
    ------
    CannotPlant
        The tests did not run, or failed because the code is broken.
    """
    if done.returncode == 0:
        return ""
    failed = re.findall(r"^FAILED (.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
    if done.returncode != 1 or not failed or _BROKEN.search(done.stdout):
        raise CannotPlant(f"the tests did not run as they should:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
    return failed[0]


def check_without_faults(root: Path, faults: Iterable[Fault]) -> None:
    """Make sure that every set of tests passes as long as nothing is planted.

    Raises
    ------
    CannotPlant
    """
    for tests, compiled in dict.fromkeys((fault.tests, fault.compiled) for fault in faults):
        failed = noticed_by(test(root, tests, compiled))
        if failed:
            raise CannotPlant(f"{failed} fails without any fault")


def run(faults: list[Fault]) -> list[Fault]:
    """Plant each fault in turn, print which test noticed it, and return those that no test noticed."""
    survivors = []
    with tempfile.TemporaryDirectory(prefix="abm-faults-") as folder:
        root = copy_to(Path(folder))
        check_copy(root)
        check_without_faults(root, faults)
        for number, fault in enumerate(faults, 1):
            begin = perf_counter()
            before = plant(fault, root)
            failed = noticed_by(test(root, fault.tests, fault.compiled))
            (root / fault.file).write_text(before, encoding="utf-8")
            if not failed:
                survivors.append(fault)
            verdict = f"noticed by {failed}" if failed else "SURVIVES"
            say(f"{number:3}/{len(faults)} {fault.name} ({fault.file}): {verdict} ({perf_counter() - begin:.0f} s)")
    return survivors


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def chosen(patterns: list[str]) -> list[Fault]:
    """Return the faults whose name or file holds one of the patterns; all of them without any."""
    return [fault for fault in FAULTS if not patterns or any(p in fault.name or p in fault.file for p in patterns)]


def show(faults: list[Fault]) -> int:
    """Name the faults and whether they can be planted; return the status."""
    found = [(ROOT / fault.file).read_text(encoding="utf-8").count(fault.right) for fault in faults]
    for fault, times in zip(faults, found, strict=True):
        say(f"{fault.file}: {fault.name}" + ("" if times == 1 else f" - CANNOT BE PLANTED, text found {times} times"))
    return 0 if faults and set(found) == {1} else 2


def main(arguments: list[str]) -> int:
    """Run or list all faults, or those that match a pattern; return the status."""
    faults = chosen([argument for argument in arguments if argument != "--list"])
    if "--list" in arguments:
        return show(faults)
    begin = perf_counter()
    try:
        survivors = run(faults)
    except CannotPlant as error:
        sys.stderr.write(f"cannot go on: {error}\n")
        return 2
    noticed, seconds = len(faults) - len(survivors), perf_counter() - begin
    say(f"{noticed} of {len(faults)} faults noticed, {len(survivors)} survive ({seconds:.0f} s)")
    return 1 if survivors or not faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
