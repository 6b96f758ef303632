"""What the documents say of the code: paths exist, functions are where they are said to be, no folder is left out."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
PLACE = re.compile(r"`((?:abm|tests|docs|experiments|benchmarks|results/reference)/[\w./]*)(?::\s+([\w.]+))?`")


@cache
def defined_in(path: str) -> frozenset[str]:
    """Return the functions, classes and methods of a file, methods as ``Class.method``."""
    names = set()
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
    return frozenset(names)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_path_in_the_documents_exists(document: Path) -> None:
    places = PLACE.findall(document.read_text(encoding="utf-8"))
    assert [path for path, _ in places if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_function_is_defined_in_the_file_named_with_it(document: Path) -> None:
    places = PLACE.findall(document.read_text(encoding="utf-8"))
    assert [f"{path}: {name}" for path, name in places if name and name not in defined_in(path)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_folder_and_every_file_at_the_top_has_its_line() -> None:
    folders = {path.parent for path in (ROOT / "abm").rglob("*.*") if "__pycache__" not in path.parts}
    expected = {f"{folder.relative_to(ROOT).as_posix()}/" for folder in folders if folder != ROOT / "abm"}
    expected |= {f"abm/{path.name}" for path in (ROOT / "abm").iterdir() if path.is_file()}
    assert set(re.findall(r"^\| `(abm/[^`]+)` \|", ARCHITECTURE, re.M)) == expected


@pytest.mark.parametrize("section", ["The life of a run", "The life of one decision"])
def test_a_life_has_ten_steps_and_each_names_a_function(section: str) -> None:
    text = ARCHITECTURE.partition(f". {section}\n")[2].partition("\n## ")[0]
    steps = re.split(r"^\d+\. ", text, flags=re.M)[1:]
    assert len(steps) == 10
    assert [step for step in steps if not any(name for _, name in PLACE.findall(step))] == []
