"""Parsing with repair against `json`: what was damaged on purpose comes back; the ladder of docs/rag/rag-safety.md."""

from __future__ import annotations

import json
from typing import Any

import pytest

from labs.rag.repair import check, first_object, no_trailing_commas, parse

RECORDS: list[Any] = [
    {"a": 1},
    {"引用": ["gqa", "mla"], "答案": "含有 } 与 ,] 的字符串", "分": 0.5},
    {"嵌套": {"x": [1, {"y": None}], "转义": 'a"b\\'}, "空": {}},
]


@pytest.mark.parametrize("record", RECORDS)
def test_damage_is_undone(record: dict[str, Any]) -> None:
    whole = json.dumps(record, ensure_ascii=False)
    assert parse(whole) == (record, "as is")
    assert parse(f"好的，结果如下：\n```json\n{whole}\n```\n请查收 {{}}。") == (record, "first object")
    pretty = json.dumps(record, ensure_ascii=False, indent=1)
    comma = pretty[: pretty.rindex("\n")] + "," + pretty[pretty.rindex("\n") :]
    assert parse(comma) == (record, "trailing commas")


def test_cut_off_reply_is_closed() -> None:
    """Page: the object parses, and what was cut off is silently missing; so the check must come after."""
    value, rung = parse('{"答案": "缓存缩到四分之一", "引用": ["gqa", "ml')
    assert (value, rung) == ({"答案": "缓存缩到四分之一", "引用": ["gqa", "ml"]}, "first object")
    assert json.loads(first_object('{"a": [1, {"b": 2},')) == {"a": [1, {"b": 2}]}


def test_strings_are_left_alone() -> None:
    text = '{"a": "x,]", "b": [1,]}'
    assert json.loads(no_trailing_commas(text)) == {"a": "x,]", "b": [1]}


def test_hopeless_reply_says_why() -> None:
    value, message = parse("对不起，我不能回答。")
    assert value is None
    assert "Expecting value" in message


def test_check_reports_shape_then_rules() -> None:
    fields = {"答案": str, "引用": list}
    known = {"gqa", "mla"}
    rules = [lambda r: "" if set(r["引用"]) <= known else "cites what was not retrieved"]
    assert check({"答案": "是", "引用": ["gqa"]}, fields, rules) == []
    assert check({"答案": 1}, fields, rules) == ["field 引用 is missing", "field 答案 is not str"]
    assert check({"答案": "是", "引用": ["gqa", "ml"]}, fields, rules) == ["cites what was not retrieved"]
    assert check([1], fields, rules) == ["the reply is not an object"]
    assert check({"答案": True, "引用": []}, {"答案": int}, []) == ["field 答案 is not int"]  # a bool is no number
