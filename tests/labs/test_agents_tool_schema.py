"""Validation of tool calls: hand-written cases, and the jsonschema package; function-calling.md."""

from __future__ import annotations

import random
from typing import Any

import jsonschema
import pytest

from labs.agents.tool_schema import WEATHER, call_until_valid, errors

CASES: list[tuple[Any, list[str]]] = [
    ({"city": "上海", "days": 3}, []),
    ({"city": "上海", "days": 3.0, "unit": "celsius"}, []),  # 3.0 is an integer in JSON Schema
    ({"city": "上海", "days": True}, ["$.days: 应为 integer"]),  # true is not, though Python says so
    ({"city": "上海", "days": 0}, ["$.days: 不小于 1"]),
    ({"city": "上海", "days": 8}, ["$.days: 不大于 7"]),
    ({"city": "上海"}, ["$.days: 缺少"]),
    ({"city": "上海", "days": "3", "country": "CN"}, ["$.country: 没有这个参数", "$.days: 应为 integer"]),
    ({"city": "上海", "days": 1, "unit": "K"}, ["$.unit: 只能取 ['celsius', 'fahrenheit']"]),
    ([1], ["$: 应为 object"]),
]


@pytest.mark.parametrize(("value", "expected"), CASES)
def test_cases(value: Any, expected: list[str]) -> None:
    assert errors(value, WEATHER) == expected


def test_enum_tells_one_from_true() -> None:
    assert errors(True, {"enum": [1]}) and errors(1, {"enum": [True]}) and not errors(1, {"enum": [1]})


def test_undeclared_arguments_pass_unless_forbidden() -> None:
    assert not errors({"made_up": 1}, {"type": "object", "properties": {}})
    assert errors([{"a": 1}, {"a": "x"}], {"items": {"properties": {"a": {"type": "integer"}}}}) == [
        "$[1].a: 应为 integer"
    ]


def test_validity_is_that_of_the_jsonschema_package() -> None:
    rng = random.Random(7)
    nested = {"type": "object", "properties": {"q": {"type": "array", "items": WEATHER}}, "required": ["q"]}
    pool = ["上海", 3, 3.0, 2.5, True, None, "celsius", "K", 0, 8, [], {}]
    seen = set()
    for _ in range(600):
        keys = rng.sample(["city", "days", "unit", "country"], rng.randint(0, 4))
        call = {k: ("上海" if k == "city" and rng.random() < 0.7 else rng.choice(pool)) for k in keys}
        if rng.random() < 0.4:
            call |= {"city": "上海", "days": rng.choice([1, 3.0, 7])}
        for value, schema in ((call, WEATHER), ({"q": [call]}, nested), (call, nested)):
            ours = not errors(value, schema)
            assert ours == jsonschema.Draft202012Validator(schema).is_valid(value), (value, schema)
            seen.add(ours)
    assert seen == {True, False}


def test_repair_by_feedback() -> None:
    replies = [
        '{"city": "上海", // 三天',
        '{"city": "上海", "days": "3", "country": "CN"}',
        '{"city": "上海", "days": 3}',
    ]

    def model(feedback: list[str]) -> str:
        return replies[len(feedback)]

    args, feedback = call_until_valid(model, WEATHER, 3)
    assert args == {"city": "上海", "days": 3}
    assert feedback[0].startswith("不是 JSON") and feedback[1] == "$.country: 没有这个参数；$.days: 应为 integer"
    assert call_until_valid(lambda _: "{}", WEATHER, 2) == (None, ["$.city: 缺少；$.days: 缺少"] * 2)
