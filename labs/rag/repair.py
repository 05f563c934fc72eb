r"""From a model's reply to a checked record: parse, repair what is repairable, validate, and say what was wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


# --8<-- [start:repair]
def first_object(reply: str) -> str:
    """From the first brace to the one that closes it; what is left open is closed (a reply cut off by its length)."""
    start = reply.find("{")
    if start < 0:
        return reply
    stack, quoted, escaped = "", False, False
    for i, c in enumerate(reply[start:], start):
        if quoted:
            quoted, escaped = escaped or c != '"', c == "\\" and not escaped
        elif c == '"':
            quoted = True
        elif c in "{[":
            stack = {"{": "}", "[": "]"}[c] + stack
        elif c in "}]":
            stack = stack[1:]
            if not stack:
                return reply[start : i + 1]
    return reply[start:].rstrip().rstrip(",") + '"' * quoted + stack


def no_trailing_commas(text: str) -> str:
    """Drop a comma before a closing bracket, outside strings."""
    parts, strings = STRING.split(text), STRING.findall(text)
    parts = [re.sub(r",(\s*[}\]])", r"\1", part) for part in parts]
    return "".join(part + string for part, string in zip(parts, [*strings, ""], strict=True))


LADDER: list[tuple[str, Callable[[str], str]]] = [
    ("as is", str),
    ("first object", first_object),
    ("trailing commas", lambda reply: no_trailing_commas(first_object(reply))),
]


def parse(reply: str) -> tuple[Any, str]:
    """The value and the rung that gave it; (None, the parser's message) if none did."""
    message = ""
    for rung, repair in LADDER:
        try:
            return json.loads(repair(reply)), rung
        except json.JSONDecodeError as error:
            message = message or f"{error.msg} at {error.pos}"
    return None, message


# --8<-- [end:repair]


# --8<-- [start:check]
Rule = Callable[[Mapping[str, Any]], str]  # "" if the record is fine, else what to tell the model


def check(record: Any, fields: Mapping[str, type], rules: list[Rule]) -> list[str]:
    """Everything that is wrong, in words a retry prompt can carry: first the shape, then what the business says."""
    if not isinstance(record, dict):
        return ["the reply is not an object"]
    wrong = [f"field {f} is missing" for f in fields if f not in record]
    wrong += [f"field {f} is not {t.__name__}" for f, t in fields.items() if f in record and type(record[f]) is not t]
    return wrong or [message for rule in rules if (message := rule(record))]


# --8<-- [end:check]
