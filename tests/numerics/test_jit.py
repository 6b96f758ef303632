"""Compiled code is kept between sessions, and never outlives an edit."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from abm.numerics.jit import COMPILED, cache_folder, cache_in_use, depend_on_source, keep_compiled_in, source_hash

PACKAGE = Path(__file__).parents[2] / "abm"
RUN = """
from abm import Market, simulate
ring = {"family": "ring", "degree": 4}
market = Market(consumers=500, network=ring, norm={"strength": 2.0}, initial_adoption=0.2)
print(simulate(market, weeks=5, seed=1).tallies.tobytes().hex())
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package."""
    shutil.copytree(PACKAGE, tmp_path / "abm", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "abm"


def test_every_source_file_counts(package: Path) -> None:
    before = source_hash(package)
    assert before == source_hash(PACKAGE)
    for file in ("mechanisms/norm.py", "engine/gather.py", "networks/regular.py"):
        text = (package / file).read_text()
        (package / file).write_text(text + "\n# edited\n")
        assert source_hash(package) != before, file
        (package / file).write_text(text)
    assert source_hash(package) == before
    (package / "mechanisms" / "new.py").write_text("")
    assert source_hash(package) != before


def test_folder_is_named_after_the_sources(package: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert cache_folder(package) == tmp_path / "abm-compiled" / source_hash(package)


def test_source_outside_the_package_has_a_folder_of_its_own() -> None:
    before, folders = cache_in_use(), set()
    try:
        for source in (b"a = 1", b"a = 2"):
            depend_on_source(source)
            folders.add(cache_in_use())
            keep_compiled_in(before)
        assert len(folders) == 2
        assert before not in folders
        assert {folder.parent for folder in folders} == {before}
        depend_on_source(b"a = 1")
        assert cache_in_use() in folders
    finally:
        keep_compiled_in(before)


@pytest.mark.slow
def test_an_edited_rule_is_compiled_anew(package: Path, tmp_path: Path) -> None:
    """Numba itself looks only at the file with the entry point; the rule is in another one."""

    def run() -> str:
        environment = os.environ | {"PYTHONPATH": str(package.parent), "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
        done = subprocess.run(
            [sys.executable, "-c", RUN], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    first = run()
    assert run() == first
    rule = package / "mechanisms" / "norm.py"
    text = rule.read_text()
    rule.write_text(text.replace("return share_of(strength,", "return -share_of(strength,"))
    assert run() != first
    rule.write_text(text)
    assert run() == first


FORMS = """
import sys
from abm.numerics.jit import is_compiled
from abm import Market, Simulation
Simulation([Market(consumers=100, network={"family": sys.argv[1], "degree": 2})], seed=1).advance(1)
print(is_compiled("week"), is_compiled("week_with_procedural_networks"))
"""


@pytest.mark.slow
def test_a_form_of_the_week_is_known_to_be_compiled_only_when_it_is(tmp_path: Path) -> None:
    for family, known in (("ring", "True False\n"), ("procedural", "True True\n")):
        done = subprocess.run(
            [sys.executable, "-c", FORMS, family], env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout == known


def test_whatever_is_compiled_lies_in_a_folder_that_counts() -> None:
    compiled = {
        file.relative_to(PACKAGE).parts[0]
        for file in PACKAGE.rglob("*.py")
        if re.search(r"abm\.numerics\.jit import.*(entry_point|inline|function)", file.read_text())
    }
    assert compiled <= set(COMPILED)
