"""What a fresh machine relies on: the lock, the licence, the README's commands, generated documents."""

import csv
import re
import tomllib
from pathlib import Path

from abm.experiment.schema import parameter_table

ROOT = Path(__file__).parents[1]


def test_the_lock_pins_every_dependency_by_hash_and_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    for requirement in wanted:
        name = re.split(r"[\[<>=!~; ]", requirement)[0]
        assert re.search(rf"^{re.escape(name)}==\S+.*\\\n    --hash=sha256:", lock, re.M), name
    assert "://" not in lock


def test_the_readme_has_its_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert re.search(r"^uv run abm run experiments/west_vs_asia.toml$", readme, re.M)
    assert re.search(r"^uv run pytest$", readme, re.M)
    for path in re.findall(r"\]\((docs/[^)]+|results/[^)]+)\)", readme):
        assert (ROOT / path).exists(), path


def test_the_parameter_table_is_up_to_date() -> None:
    assert (ROOT / "docs" / "parameters.md").read_text().endswith(parameter_table() + "\n")


def test_every_published_figure_can_be_looked_up() -> None:
    with (ROOT / "abm" / "markets" / "data" / "observations.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert f"{len(rows)} published figures" in (ROOT / "docs" / "data.md").read_text()
    nowhere = [row for row in rows if row["quality"] != "memory" and not row["source_url"].startswith("http")]
    assert nowhere == []
