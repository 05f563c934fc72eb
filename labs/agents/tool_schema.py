r"""Function calling: check a call against the tool's JSON Schema, and give the model's mistakes back to the model.

The keywords covered are those that tool definitions use: type, enum, properties, required, additionalProperties, items,
minimum and maximum, as JSON Schema (2020-12) defines them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    "integer": lambda v: not isinstance(v, bool) and (isinstance(v, int) or (isinstance(v, float) and v.is_integer())),
}


# --8<-- [start:validate]
def errors(value: Any, schema: Mapping[str, Any], at: str = "$") -> list[str]:
    """Every violation, with its path, in words that the model can act on."""
    if "type" in schema and not TYPES[schema["type"]](value):
        return [f"{at}: 应为 {schema['type']}"]
    if "enum" in schema and not any(type(value) is type(e) and value == e for e in schema["enum"]):
        return [f"{at}: 只能取 {schema['enum']}"]
    out = []
    if TYPES["number"](value):
        if value < schema.get("minimum", value):
            out.append(f"{at}: 不小于 {schema['minimum']}")
        if value > schema.get("maximum", value):
            out.append(f"{at}: 不大于 {schema['maximum']}")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        out += [f"{at}.{key}: 缺少" for key in schema.get("required", []) if key not in value]
        if schema.get("additionalProperties") is False:
            out += [f"{at}.{key}: 没有这个参数" for key in value if key not in known]
        for key in known.keys() & value.keys():
            out += errors(value[key], known[key], f"{at}.{key}")
    if isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            out += errors(item, schema["items"], f"{at}[{i}]")
    return sorted(out)


# --8<-- [end:validate]


# --8<-- [start:repair]
def call_until_valid(
    model: Callable[[list[str]], str], schema: Mapping[str, Any], limit: int
) -> tuple[dict[str, Any] | None, list[str]]:
    """Ask, parse, validate; on failure ask again with the list of mistakes. The arguments, and what was fed back."""
    feedback: list[str] = []
    for _ in range(limit):
        reply = model(feedback)
        try:
            args = json.loads(reply)
        except json.JSONDecodeError as error:
            feedback.append(f"不是 JSON：{error.msg}")
            continue
        wrong = errors(args, schema)
        if not wrong:
            return args, feedback
        feedback.append("；".join(wrong))
    return None, feedback


# --8<-- [end:repair]

WEATHER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "days": {"type": "integer", "minimum": 1, "maximum": 7},
        "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
    },
    "required": ["city", "days"],
    "additionalProperties": False,
}
