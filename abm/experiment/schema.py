"""The JSON Schema of experiment files, made from the same classes that check them."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from abm.base.parameters import bounds, choices_of
from abm.experiment.config_keys import ExperimentConfig
from abm.experiment.scenarios import ScenarioTable
from abm.experiment.sweep_settings import SweepSettings
from abm.levers import LEVERS, Lever
from abm.markets.market import Market


def config_schema() -> dict[str, Any]:
    """Return the schema of a config; nothing is required where ``extends`` may bring it."""
    schema = ExperimentConfig.model_json_schema()
    market = Market.model_json_schema(ref_template="#/$defs/{model}")
    definitions = market.pop("$defs", {})
    market["properties"].pop("name", None)
    market["properties"] = {
        "profile": {"type": "string", "description": "profile to start from, see: abm markets"}, **market["properties"]
    }  # fmt: skip
    levers = []
    for kind in LEVERS.values():
        lever = kind.model_json_schema(ref_template="#/$defs/{model}")
        definitions |= lever.pop("$defs", {})
        lever["required"] = sorted({"kind", *lever.get("required", [])})
        levers.append(lever)
    scenario = ScenarioTable.model_json_schema()
    scenario["properties"]["levers"]["items"] = {"oneOf": levers}
    schema["properties"]["markets"]["additionalProperties"] = {"$ref": "#/$defs/Market"}
    schema["properties"]["scenarios"]["items"] = scenario
    definitions["Market"] = market
    schema["properties"]["sweep"] |= {"properties": SweepSettings.model_json_schema()["properties"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "abm experiment",
        "required": ["name"], "$defs": schema["$defs"] | definitions,
    }  # fmt: skip


def parameter_table() -> str:
    """Return all market parameters as a Markdown table: path, default, range, unit, meaning, source."""
    lines = ["| parameter | neutral | range | unit | meaning | source |", "|---|---|---|---|---|---|"]
    for path, field in _fields(Market):
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        default = field.get_default()
        shown = "-" if default in (None, ()) else str(default)
        meaning = f"{field.description}{' (fixed)' if extra.get('fixed') else ''}"
        cells = (f"`{path}`", shown, _range(field), extra.get("unit", ""), meaning, extra.get("source", ""))
        lines.append("| " + " | ".join(str(cell).replace("|", "or") for cell in cells) + " |")
    return "\n".join(lines)


def _fields(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from _fields(annotation, f"{prefix}{name}.")
        elif prefix + name != "network.graph":
            yield prefix + name, field


def _range(field: FieldInfo) -> str:
    choices = choices_of(field)
    if choices:
        return ", ".join(choices)
    low, high = bounds(field)
    if low is None:
        return ""
    return f"{low:g} or more" if high is None else f"{low:g} to {high:g}"


def lever_table() -> str:
    """Return all levers' parameters as Markdown tables: name, default, range, unit, meaning, source."""
    own = [f"### `{kind}`\n\n{_lever_summary(lever)}\n\n{_lever_rows(lever)}" for kind, lever in LEVERS.items()]
    return "\n\n".join(own)


def _lever_summary(lever: type[Lever]) -> str:
    return " ".join((lever.__doc__ or "").split("\n\n")[0].split())


def _lever_rows(lever: type[Lever]) -> str:
    lines = ["| key | default | range | unit | meaning | source |", "|---|---|---|---|---|---|"]
    shared = set(Lever.model_fields)
    for name, field in lever.model_fields.items():
        if name in shared:
            continue
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        default = "required" if field.is_required() else "none" if field.default is None else f"{field.default:g}"
        cells = (f"`{name}`", default, _lever_range(field), extra.get("unit", ""), field.description)
        lines.append("| " + " | ".join(str(cell) for cell in (*cells, extra.get("source", ""))) + " |")
    return "\n".join(lines) if len(lines) > 2 else "No parameters of its own."


def _lever_range(field: FieldInfo) -> str:
    low, high = bounds(field)
    return "" if low is None or high is None else f"{low:g} to {high:g}"
