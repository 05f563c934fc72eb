"""NLI on triples by enumeration; examples of docs/reliability/llm-hallucination-definition.md and -evaluation."""

from __future__ import annotations

from itertools import product

import pytest

from labs.reliability.grounding import CLAIMS, SINGLE, SOURCE, WORLD, entity_error, kind, verdict


def test_verdict_by_possible_worlds() -> None:
    """A claim is entailed if it holds in every world that keeps the reference, contradicted if in none."""
    values = ["1", "2", "3"]
    for reference in ({("a", "生年", "1")}, {("a", "爱好", "1")}, {("b", "生年", "1")}, set[tuple[str, str, str]]()):
        worlds = []
        for year_a, year_b in product(values, values):  # one birth year each, any set of hobbies
            for hobbies in product([False, True], repeat=3):
                world = {("a", "生年", year_a), ("b", "生年", year_b)}
                world |= {("a", "爱好", v) for v, has in zip(values, hobbies, strict=True) if has}
                if reference <= world:
                    worlds.append(world)
        for claim in [("a", r, v) for r in ("生年", "爱好") for v in values]:
            holds = [claim in world for world in worlds]
            want = "entailed" if all(holds) else "neutral" if any(holds) else "contradicted"
            assert verdict(claim, reference, {"生年"}) == want


def test_page_claims() -> None:
    """Page: the table of seven claims; the two references disagree both ways."""
    got = {text: kind(claim, SOURCE, WORLD, SINGLE) for text, claim in CLAIMS.items()}
    assert got == {
        "李明生于 1980 年": "faithful, true",
        "李明生于 1985 年": "intrinsic, false",
        "李明毕业于乙大学": "extrinsic, true",
        "李明毕业于丙大学": "extrinsic, false",
        "李明爱下围棋": "extrinsic, unknown",
        "甲公司总部在上海": "faithful, false",
        "甲公司总部在杭州": "intrinsic, true",
    }


def test_page_entity_error() -> None:
    """Page -evaluation: of four entities, the two that the document lacks make 0.5; swapping true ones goes unseen."""
    document = "玛丽·居里 1867 年生于华沙，1903 年获诺贝尔物理学奖。"
    assert entity_error(["玛丽·居里", "1867", "巴黎", "1911"], document) == 0.5
    assert entity_error(["玛丽·居里", "1903", "华沙"], document) == 0  # "born 1903 in Warsaw" is false all the same
    with pytest.raises(ZeroDivisionError):
        entity_error([], document)
