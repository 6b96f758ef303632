"""Pages: sections with their figures, put into one HTML file that loads nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from abm.experiment.result_files import write_whole
from abm.report.charts.style import Panel, with_own_ids


@dataclass(frozen=True)
class Section:
    """A section of a page: its finding, the drawings, the legend to them and how to read them.

    ``name`` is the section's anchor on the page.
    """

    name: str
    heading: str
    takeaway: str
    caption: str
    panels: Sequence[Panel]
    legend: Sequence[tuple[str, str]] = ()  # (colour, label)
    compact: bool = False


@dataclass(frozen=True)
class Table:
    """A table below a section: headings and cells as text."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True)
class AnalysisPage:
    """The page of an analysis; ``tables`` go below the section of that name."""

    title: str
    question: str
    sentences: Sequence[str]
    sections: Sequence[Section]
    command: str
    made: Sequence[str]  # paragraphs: how to read it, what it cannot tell
    facts: Sequence[tuple[str, str]]
    tables: Mapping[str, Table] = field(default_factory=dict)
    settings: str = ""  # config and parameters, as text

    def html(self) -> str:
        """Return the page, one file that loads nothing; the same bytes for the same input."""
        return render_template("analysis.html", page=self)


def render_template(template: str, **values: Any) -> str:
    """Return a page, one file that loads nothing; the same bytes for the same input.

    Parameters
    ----------
    template : str
        Name of a file in ``templates/``.
    **values
        What the template asks for; all of it is escaped.

    Returns
    -------
    str
    """
    return _environment().get_template(template).render(style=Markup(_read("page.css")), **values)


@cache
def _environment() -> jinja2.Environment:
    """Return where templates are found; it keeps them compiled for the next page."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals["draw"] = _draw
    return environment


def write_page(text: str, target: Path) -> Path:
    """Write a page to a file, whole or not at all.

    Parameters
    ----------
    text : str
        The page.
    target : Path
        Where to write it.

    Returns
    -------
    Path
        ``target``.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    write_whole(target, lambda name: Path(name).write_text(text, encoding="utf-8", errors="replace", newline="\n"))
    return target


def _read(name: str) -> str:
    return (resources.files("abm.report") / "templates" / name).read_text(encoding="utf-8")


def _draw(panel: Panel, name: str) -> Markup:
    """Return the panel's drawing as markup: it is made here and holds no text of the user that is not escaped."""
    return Markup(with_own_ids(panel.svg, name))
