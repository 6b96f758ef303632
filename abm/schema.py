"""The JSON Schema of experiment files, made from the same classes that check them."""

from typing import Any

from abm.experiment import Head, Scenario
from abm.levers import KINDS
from abm.market import Market


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
    scenario = Scenario.model_json_schema()
    scenario["properties"]["levers"]["items"] = {"oneOf": levers}
    schema["properties"]["markets"]["additionalProperties"] = {"$ref": "#/$defs/Market"}
    schema["properties"]["scenarios"]["items"] = scenario
    definitions["Market"] = market
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "abm experiment",
        "required": ["name"], "$defs": definitions,
    }  # fmt: skip
