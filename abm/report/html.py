"""From a template to a page: one style sheet and one way to show figures, for reports and analyses alike."""

from __future__ import annotations

from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from abm.report.charts.style import Panel, with_own_ids


def filled(template: str, **values: Any) -> str:
    """Return a page, one file that loads nothing; the same bytes for the same input.

    Parameters
    ----------
    template : str
        Name of a file beside this one.
    values
        What the template asks for; all of it is escaped.
    """
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals["draw"] = _draw
    return environment.get_template(template).render(style=Markup(_read("page.css")), **values)


def _read(name: str) -> str:
    return (resources.files("abm.report") / "templates" / name).read_text(encoding="utf-8")


def _draw(panel: Panel, name: str) -> Markup:
    """Return the panel's drawing as markup: it is made here and holds no text of the user that is not escaped."""
    return Markup(with_own_ids(panel.svg, name))
