"""How far a command is, on stderr: a bar on a terminal, and lines where there is none."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from abm.cli.console import Terminal

Update = Callable[[int, int], None]  # consumer-weeks done and in total
_FIRST, _LONGEST, _LONGER = 2.0, 60.0, 1.5  # seconds until the first line, at most between two; how much more each time


def progress_display() -> AbstractContextManager[Update]:
    """Show how far it is (on stderr, so that output can be piped); yields the function to be told."""
    stderr = Terminal(stderr=True)
    return _bar(stderr) if stderr.is_terminal else _lines(stderr)


@contextmanager
def _bar(stderr: Terminal) -> Iterator[Update]:
    bar_width = None if stderr.width < 100 else 40  # None: what is left of the line
    columns = (
        TextColumn("simulating"), BarColumn(bar_width), TextColumn("{task.percentage:3.0f} %"),
        TextColumn("{task.fields[rate]}"), TimeRemainingColumn(), TextColumn("left"),
    )  # fmt: skip
    with Progress(*columns, console=stderr, transient=True) as bar:
        task = bar.add_task("", total=None, rate="compiling")

        def update(done: int, total: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=done, total=total, rate=_rate(speed or 0))

        yield update


@contextmanager
def _lines(stderr: Terminal) -> Iterator[Update]:
    lines = ProgressLines(lambda text: stderr.print(text, soft_wrap=True, highlight=False, markup=False))
    yield lines.update
    lines.finish()


@dataclass
class ProgressLines:
    """Progress as lines: the share that is done, the time it took, and about how long the rest will take.

    Parameters
    ----------
    say : callable
        Prints a line.
    clock : callable
        Returns seconds.
    """

    say: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    _began: float = field(init=False)
    _next: float = field(init=False)
    _pause: float = _FIRST
    _at_first: int | None = None  # done before: by an earlier run
    _done: int = 0

    def __post_init__(self) -> None:
        self._began = self.clock()
        self._next = self._began + self._pause

    def update(self, done: int, total: int) -> None:
        """Print a line, unless the last was printed a moment ago.

        Parameters
        ----------
        done, total : int
            Consumer-weeks.
        """
        if self._at_first is None:
            self._at_first = done
        self._done = done
        seconds = self.clock()
        if seconds < self._next:
            return
        elapsed, made = seconds - self._began, done - self._at_first
        left = f", about {_span((total - done) * elapsed / made)} left, {_rate(made / elapsed)}" if made else ""
        self.say(f"simulating: {_share(done, total)}, {_span(elapsed)} elapsed{left}")
        self._pause = min(self._pause * _LONGER, _LONGEST)
        self._next = seconds + self._pause

    def finish(self) -> None:
        """Print a last line, if anything was simulated."""
        if self._at_first is not None and self._done > self._at_first:
            self.say(f"simulating: 100 %, {_span(self.clock() - self._began)} elapsed")


def _share(done: int, total: int) -> str:
    return f"{100 * done // max(total, 1)} %"


def _rate(per_second: float) -> str:
    return f"{per_second / 1e6:,.1f} M consumer-weeks/s" if per_second else ""


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
