"""The page of an analysis: what was found in short, figures with their findings, tables, how it was made.

It looks like the report of an experiment: it takes the style sheet from that page's template.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import jinja2
from markupsafe import Markup

from abm.report.style import Plate, with_own_ids


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
        environment = jinja2.Environment(
            autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        environment.globals["draw"] = lambda panel, name: Markup(with_own_ids(panel.svg, name))
        files = resources.files("abm.report")
        style = re.search(r"<style>(.*?)</style>", (files / "template.html").read_text(encoding="utf-8"), re.DOTALL)
        source = (files / "analysis_page.html").read_text(encoding="utf-8")
        return environment.from_string(source).render(page=self, style=Markup(style.group(1) if style else ""))


def write_page(page: AnalysisPage, target: Path) -> Path:
    """Write the page to a file, whole or not at all; return the file."""
    from abm.store import write_whole  # not needed to render a page

    text = page.html()
    write_whole(target, lambda name: Path(name).write_text(text, encoding="utf-8", newline="\n"))
    return target
