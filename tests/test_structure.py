"""The shape of the package: imports go one way and stand at the top, modules are small, names are standard terms."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "abm"
MODULES = {
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
    for file in sorted(PACKAGE.rglob("*.py"))
}
TREES = {name: ast.parse(file.read_text()) for name, file in MODULES.items()}
MOST_LINES = 300
MOST_IGNORED = 40
MOST_ENTRIES = 15
MOST_LATE_IMPORTS = 9  # outside the public face, the commands and the faces of packages, each with its reason
# Words that stood for something which the field has a term for.
FORBIDDEN = """
    desk call_up put_back hearsay hear telling pass_on take_in whole_lanes meeting all_here crew worklist work_off
    census lived lived_week news now missed crowd quanta aims head answers shelf meter luck worn folds push
    plate told stage board offer guard room twin listing assembly repeats abroad routine bare knob knobs shaken
    everybodys nows settle_markets take_stock crowded stretch stretches place places turn who lane lanes mark_first
"""
OTHER_MEANING = {"head": "abm.networks"}  # the end of an edge, its other end being the tail
OF_LIBRARIES = {"now", "head"}  # datetime.now, DataFrame.head


def late_imports(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports inside functions."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom))


def imported_by(name: str) -> set[str]:
    """Return the modules of the package that a module imports at its top, for type checkers only or not."""
    late = set(late_imports(TREES[name]))
    found: set[str] = set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.ImportFrom) and node not in late:
            submodules = {f"{node.module}.{alias.name}" for alias in node.names} & set(MODULES)
            found |= submodules or {str(node.module)}
        elif isinstance(node, ast.Import) and node not in late:
            found |= {alias.name for alias in node.names}
    return found & set(MODULES) - {name}


def identifiers(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield every name in a module with its line: of variables, attributes, parameters, functions and classes."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if name in OF_LIBRARIES:
                continue
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name, node.lineno
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node.lineno
            case ast.keyword(arg=str(name)):
                yield name, node.value.lineno


def test_no_import_cycle() -> None:
    """Removing modules that import nothing that is left removes them all."""
    left = {name: imported_by(name) for name in MODULES if MODULES[name].name != "__init__.py"}
    while free := [name for name, imports in left.items() if not imports & set(left)]:
        left = {name: imports for name, imports in left.items() if name not in free}
    assert not left, {name: sorted(imports & set(left)) for name, imports in left.items()}


def test_late_imports_have_a_reason() -> None:
    """Imports inside functions belong to the public face, the commands and the faces of packages."""
    reasons = 0
    for name, file in MODULES.items():
        if name == "abm.api" or name.startswith("abm.cli") or file.name == "__init__.py":
            continue
        lines = file.read_text().splitlines()
        for node in late_imports(TREES[name]):
            assert "# here: " in lines[node.lineno - 1], f"{name}:{node.lineno}"
            reasons += 1
    assert reasons <= MOST_LATE_IMPORTS


def test_few_ignored_types() -> None:
    """What mypy is told not to look at stays rare."""
    assert sum(file.read_text().count("type: ignore") for file in MODULES.values()) <= MOST_IGNORED


def test_few_entries_at_the_top() -> None:
    """Whoever opens the package sees purposes."""
    entries = {path.name for path in PACKAGE.iterdir()} - {"__init__.py", "__pycache__", "py.typed"}
    assert len(entries) <= MOST_ENTRIES


@pytest.mark.parametrize("name", MODULES)
def test_modules_are_small(name: str) -> None:
    """One idea a file."""
    assert len(MODULES[name].read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("name", MODULES)
def test_names_are_terms_of_the_field(name: str) -> None:
    """A reader who knows the field needs no dictionary."""
    forbidden = {word for word in FORBIDDEN.split() if not name.startswith(OTHER_MEANING.get(word, "-"))}
    found = [(word, line) for word, line in identifiers(TREES[name]) if word.strip("_").lower() in forbidden]
    assert not found
