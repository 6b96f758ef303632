"""The reference shares nothing with what it is compared with: it reads parameters from a market, and no more."""

import ast
from pathlib import Path

import pytest

FILES = sorted(file for file in Path(__file__).parent.glob("*.py") if not file.name.startswith("test_"))


def imports(file: Path) -> set[str]:
    """Return the modules that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_imports_nothing_but_the_parameters(file: Path) -> None:
    assert {name for name in imports(file) if name.split(".")[0] == "abm"} <= {"abm.markets.market"}
    assert not {name for name in imports(file) if name.split(".")[0] in ("numpy", "numba", "randomgen")}


def test_the_reference_is_there() -> None:
    assert {"arithmetic.py", "philox.py", "population.py", "week.py"} <= {file.name for file in FILES}
