"""Nested tables as the text of a TOML file."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any


def toml_text(table: Mapping[str, Any]) -> str:
    return "".join(f"{_key(key)} = {_text(value)}\n" for key, value in table.items())


def _key(key: Any) -> str:
    return json.dumps(str(key))


def _text(value: Any) -> str:
    match value:
        case Mapping():
            return "{ " + ", ".join(f"{_key(key)} = {_text(entry)}" for key, entry in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_text, value)) + "]"
        case date():
            return value.isoformat()
        case bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return repr(value)
