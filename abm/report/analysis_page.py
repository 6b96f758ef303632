"""The page of an analysis: what was found in short, figures with their findings, tables, how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from abm.report.charts.style import Plate
from abm.report.html import filled


@dataclass(frozen=True)
class Table:
    """A table below a plate: headings and cells as text."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True)
class AnalysisPage:
    """Everything on the page; ``tables`` go below the plate of that name."""

    title: str
    question: str
    sentences: Sequence[str]
    plates: Sequence[Plate]
    command: str
    made: Sequence[str]  # paragraphs: how to read it, what it cannot tell
    facts: Sequence[tuple[str, str]]
    tables: dict[str, Table] = field(default_factory=dict)

    def html(self) -> str:
        """Return the page, one file that loads nothing; the same bytes for the same input."""
        return filled("analysis_page.html", page=self)


def write_page(page: AnalysisPage, target: Path) -> Path:
    """Write the page to a file, whole or not at all; return the file."""
    from abm.experiment.results import write_whole  # not needed to render a page

    text = page.html()
    write_whole(target, lambda name: Path(name).write_text(text, encoding="utf-8", newline="\n"))
    return target
