"""Results of finished jobs, kept so that no job is ever run twice."""

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from abm.experiment.inputs import hash_of, versions

Result = Mapping[str, Any]  # plain numbers, texts and lists only


def cache_key(**inputs: Any) -> str:
    """Return a key that changes whenever a result could: a hash of the inputs and of the model's version."""
    return hash_of([inputs, versions()])[:24]


class ResultCache:
    """Results by key, in memory and (with a file) on disk: one JSON line each, so that a killed analysis resumes.

    Parameters
    ----------
    file : Path, optional
        Read if it is there; a last line that was cut off is ignored.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._results: dict[str, Result] = {}
        self._lock = threading.Lock()
        if file is not None and file.is_file():
            self._read(file)

    def __contains__(self, key: str) -> bool:
        return key in self._results

    def __getitem__(self, key: str) -> Result:
        return self._results[key]

    def add(self, key: str, result: Result) -> None:
        """Keep a result.

        Parameters
        ----------
        key : str
        result : mapping
            What JSON can hold.
        """
        with self._lock:
            self._results[key] = result
            if self._file is not None:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                with self._file.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"key": key, **result}) + "\n")

    def _read(self, file: Path) -> None:
        text = file.read_text(encoding="utf-8", errors="replace")
        for line in text.splitlines():
            try:
                result = json.loads(line)
                self._results[result.pop("key")] = result
            except (ValueError, KeyError, AttributeError, TypeError):
                continue  # cut off when the analysis was killed: it is simulated again
        if text and not text.endswith("\n"):
            with file.open("a", encoding="utf-8") as end:
                end.write("\n")
