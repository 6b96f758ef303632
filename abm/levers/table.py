"""The table of levers for the documentation, made from their classes."""

from abm.levers import KINDS
from abm.levers.base import Lever


def lever_table() -> str:
    """Return all levers' parameters as Markdown tables: name, default, range, unit, meaning, source."""
    own = [f"### `{kind}`\n\n{_summary(lever)}\n\n{_rows(lever)}" for kind, lever in KINDS.items()]
    return "\n\n".join(own)


def _summary(lever: type[Lever]) -> str:
    return " ".join((lever.__doc__ or "").split("\n\n")[0].split())


def _rows(lever: type[Lever]) -> str:
    lines = ["| key | default | range | unit | meaning | source |", "|---|---|---|---|---|---|"]
    shared = set(Lever.model_fields)
    for name, field in lever.model_fields.items():
        if name in shared:
            continue
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        default = "required" if field.is_required() else "none" if field.default is None else f"{field.default:g}"
        cells = (f"`{name}`", default, _range(field.metadata), extra.get("unit", ""), field.description)
        lines.append("| " + " | ".join(str(cell) for cell in (*cells, extra.get("source", ""))) + " |")
    return "\n".join(lines) if len(lines) > 2 else "No parameters of its own."


def _range(metadata: list[object]) -> str:
    low = next((bound for item in metadata if (bound := getattr(item, "ge", None)) is not None), None)
    high = next((bound for item in metadata if (bound := getattr(item, "le", None)) is not None), None)
    return "" if low is None or high is None else f"{low:g} to {high:g}"
