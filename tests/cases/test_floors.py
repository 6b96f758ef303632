"""Floors are true: the lowest versions that are allowed work (all of them together: the second run in ``.ci/run``)."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


def allowed(package: str) -> Requirement:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return next(found for text in project["dependencies"] if (found := Requirement(text)).name == package)


@pytest.mark.parametrize(
    ("package", "first", "before"),
    [
        ("typer", "0.19.1", "0.19.0"),  # knows options of type Literal, and lists of options beside the newest click
        ("pyarrow", "19.0.1", "19.0.0"),  # reads files of newer ones
    ],
)
def test_typer_floor(package: str, first: str, before: str) -> None:
    assert allowed(package).specifier.contains(first)
    assert not allowed(package).specifier.contains(before)


def test_every_dependency_has_a_bound_that_ci_runs() -> None:
    """``lowest-direct`` takes the lower bound of each; one without would be installed as it was ages ago."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for text in (*project["project"]["dependencies"], *project["dependency-groups"]["dev"]):
        assert ">=" in {each.operator for each in Requirement(text).specifier}, text
    assert "--resolution lowest-direct" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
