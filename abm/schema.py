"""The JSON Schema of experiment files, made from the same classes that check them."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from abm.experiment import Head
from abm.levers import KINDS
from abm.market import Market
from abm.scenarios import ScenarioTable


def config_schema() -> dict[str, Any]:
    """Return the schema of a config; nothing is required where ``extends`` may bring it."""
    schema = Head.model_json_schema()
    market = Market.model_json_schema(ref_template="#/$defs/{model}")
    definitions = market.pop("$defs", {})
    market["properties"].pop("name", None)
    market["properties"] = {
        "profile": {"type": "string", "description": "profile to start from, see: abm markets"}, **market["properties"]
    }  # fmt: skip
    levers = []
    for kind in KINDS.values():
        lever = kind.model_json_schema(ref_template="#/$defs/{model}")
        definitions |= lever.pop("$defs", {})
        lever["required"] = sorted({"kind", *lever.get("required", [])})
        levers.append(lever)
    scenario = ScenarioTable.model_json_schema()
    scenario["properties"]["levers"]["items"] = {"oneOf": levers}
    schema["properties"]["markets"]["additionalProperties"] = {"$ref": "#/$defs/Market"}
    schema["properties"]["scenarios"]["items"] = scenario
    definitions["Market"] = market
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "abm experiment",
        "required": ["name"], "$defs": definitions,
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
    choices = [str(arg) for arg in get_args(field.annotation) if isinstance(arg, str)]
    if choices:
        return ", ".join(choices)
    low = next((bound for m in field.metadata if (bound := getattr(m, "ge", None)) is not None), None)
    high = next((bound for m in field.metadata if (bound := getattr(m, "le", None)) is not None), None)
    if low is None:
        return ""
    return f"{low:g} or more" if high is None else f"{low:g} to {high:g}"
