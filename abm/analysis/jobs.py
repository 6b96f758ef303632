"""Long work in small tasks: side by side on all cores, with progress, and never done twice."""

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abm.numerics.random import RNG_VERSION
from abm.version import MODEL_VERSION

Progress = Callable[[int, int], None]  # consumer-weeks done and in total
Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Task:
    """Something to simulate: a key that names its inputs, its size in consumer-weeks, and how to do it."""

    key: str
    consumer_weeks: int
    run: Callable[[], Answer]  # plain numbers, texts and lists only


def key_of(**facts: Any) -> str:
    """Return a key that changes whenever a result could: a hash of the inputs and of the model's version."""
    text = json.dumps([facts, MODEL_VERSION, RNG_VERSION], sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else str(value)


class Answers:
    """Finished answers, in memory and (with a file) on disk: one JSON line each, so that a killed job goes on.

    Parameters
    ----------
    file : Path, optional
        Read if it is there; a last line that was cut off is ignored.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._known: dict[str, Answer] = {}
        self._lock = threading.Lock()
        if file is not None and file.is_file():
            self._read(file)

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def __getitem__(self, key: str) -> Answer:
        return self._known[key]

    def add(self, key: str, answer: Answer) -> None:
        """Keep an answer."""
        with self._lock:
            self._known[key] = answer
            if self._file is not None:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                with self._file.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"key": key, **answer}) + "\n")

    def _read(self, file: Path) -> None:
        text = file.read_text(encoding="utf-8", errors="replace")
        for line in text.splitlines():
            try:
                answer = json.loads(line)
                self._known[answer.pop("key")] = answer
            except (ValueError, KeyError, AttributeError, TypeError):
                continue  # cut off when the job was killed: it is simulated again
        if text and not text.endswith("\n"):
            with file.open("a", encoding="utf-8") as end:
                end.write("\n")


class Shelf:
    """Things several tasks use, such as networks: made once, by whoever needs them first."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: str, make: Callable[[], Any]) -> Any:
        """Return what is kept under a key, making it if nobody has yet."""
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._made:
                self._made[key] = make()
            return self._made[key]


class Meter:
    """Adds up what is done, for a progress bar; ``total`` may grow while the work goes on."""

    def __init__(self, progress: Progress | None, total: int = 0) -> None:
        self._progress, self.total, self.done = progress, total, 0
        self._lock = threading.Lock()

    def expect(self, consumer_weeks: int) -> None:
        """Announce more (or, negative, less) to do."""
        with self._lock:
            self.total += consumer_weeks
        self.add(0)

    def add(self, consumer_weeks: int) -> None:
        """Report so much as done."""
        with self._lock:
            self.done += consumer_weeks
            if self._progress is not None:
                self._progress(self.done, max(self.total, self.done))


def work_off(tasks: Iterable[Task], answers: Answers, meter: Meter, workers: int | None = None) -> None:
    """Do all tasks whose answers are not known yet, one thread each; tasks with the same key are one.

    Raises
    ------
    KeyboardInterrupt
        What is finished is kept.
    """
    todo: list[Task] = []
    for task in {task.key: task for task in tasks}.values():
        if task.key in answers:
            meter.add(task.consumer_weeks)
        else:
            todo.append(task)

    def do(task: Task) -> None:
        answers.add(task.key, task.run())
        meter.add(task.consumer_weeks)

    n_workers = min(workers or len(os.sched_getaffinity(0)), max(len(todo), 1))
    with ThreadPoolExecutor(n_workers, thread_name_prefix="abm-task") as pool:
        _wait_for(pool, [pool.submit(do, task) for task in todo])


def size_of(tasks: Sequence[Task]) -> int:
    """Return the consumer-weeks of all different tasks."""
    return sum(task.consumer_weeks for task in {task.key: task for task in tasks}.values())


def _wait_for(pool: ThreadPoolExecutor, futures: Sequence[Future[None]]) -> None:
    pending = set(futures)
    try:
        while pending:
            done, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            for future in done:
                future.result()
    except BaseException:
        pool.shutdown(wait=True, cancel_futures=True)
        raise
