"""Write the baselines anew: ``python -m tests.baselines.refresh``. The only way to change them.

Refuses unless the model's version was raised: numbers that differ under the same version are a bug, not a new baseline.
"""

import json
import sys
from pathlib import Path

from tests.baselines import runs

FOLDER = Path(__file__).parent


class SameVersion(Exception):
    """The model version is that of the stored baselines."""


def file_of(name: str, folder: Path = FOLDER) -> Path:
    """Return where a run's baseline is kept."""
    return folder / (name.replace(" ", "_").replace(",", "") + ".json")


def stored_version(folder: Path = FOLDER) -> int:
    """Return the highest model version among the stored baselines, 0 if there are none."""
    return max((json.loads(file.read_text())["model_version"] for file in folder.glob("*.json")), default=0)


def refresh(folder: Path = FOLDER) -> list[Path]:
    """Write one file per run.

    Raises
    ------
    SameVersion
        There are baselines of this version (or a later one) already. Runs that are new are added all the same.
    """
    names = list(runs.all_runs())
    now = runs.versions()["model_version"]
    if now <= stored_version(folder):
        names = [name for name in names if not file_of(name, folder).exists()]
        if not names:
            raise SameVersion(
                f"baselines of model_version {stored_version(folder)} exist and MODEL_VERSION is {now}: "
                "raise MODEL_VERSION in abm/__init__.py and name the change in CHANGELOG.md first"
            )
    written = []
    for name in names:
        file_of(name, folder).write_text(
            json.dumps({"run": name, **runs.versions(), "tallies": runs.tallies(name)}) + "\n"
        )
        written.append(file_of(name, folder))
    return written


if __name__ == "__main__":
    try:
        for path in refresh():
            sys.stdout.write(f"{path}\n")
    except SameVersion as error:
        sys.stderr.write(f"refused: {error}\n")
        sys.exit(1)
