"""Results of finished jobs, kept so that no job is ever run twice."""

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from abm.experiment.inputs import hash_of, versions
from abm.experiment.result_files import CONFIGURATIONS

Result = Mapping[str, Any]  # plain numbers, texts and lists only


def cache_key(**inputs: Any) -> str:
    """Return a key that changes whenever a result could: a hash of the inputs and of the model's version."""
    return hash_of([inputs, versions()])[:24]


class ResultCache:
    """Results by key, in memory and (with a file) on disk: one JSON line each, so that a killed analysis resumes.

    Parameters
    ----------
    file : Path, optional
        Read if it is there, and those of other configurations beside it; a last line that was cut off is ignored.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._own: dict[str, Result] = {}  # in the file
        self._others: dict[str, Result] = {}
        if file is not None and file.parent.parent.name == CONFIGURATIONS:
            for other in file.parent.parent.glob(f"*/{file.name}"):
                self._others |= self._read(other)
        if file is not None and file.is_file():
            self._own = self._read(file)
            _end_line(file)

    def __contains__(self, key: str) -> bool:
        return key in self._own or key in self._others

    def __getitem__(self, key: str) -> Result:
        return self._own[key] if key in self._own else self._others[key]

    def add(self, key: str, result: Result) -> None:
        """Keep a result, unless the file has it.

        Parameters
        ----------
        key : str
        result : mapping
            What JSON can hold.
        """
        with self._lock:
            if key in self._own:
                return
            self._own[key] = result
            if self._file is not None:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                with self._file.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"key": key, **result}) + "\n")

    @staticmethod
    def _read(file: Path) -> dict[str, Result]:
        results = {}
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                result = json.loads(line)
                results[result.pop("key")] = result
            except (ValueError, KeyError, AttributeError, TypeError):
                continue  # cut off when the analysis was killed: it is simulated again
        return results


def _end_line(file: Path) -> None:
    """End the last line of a file, if it was cut off."""
    with file.open("rb+") as content:
        if content.seek(0, 2) and content.seek(-1, 2) >= 0 and content.read() != b"\n":
            content.write(b"\n")
