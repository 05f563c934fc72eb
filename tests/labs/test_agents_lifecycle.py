"""States of a memory: reachability against scipy's graph search; rollback keeps history; memos.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.agents.lifecycle import NEXT, Cube, Version

graph = pytest.importorskip("scipy.sparse.csgraph", reason="needs scipy==1.17.1")


def test_every_state_is_reached_and_expiry_is_final() -> None:
    names = list(NEXT)
    edges = np.array([[b in NEXT[a] for b in names] for a in names], dtype=float)
    order = graph.breadth_first_order(edges, names.index("generated"), return_predecessors=False)
    assert {names[i] for i in order} == set(names)
    ends = graph.breadth_first_order(edges, names.index("expired"), return_predecessors=False)
    assert [names[i] for i in ends] == ["expired"]


def test_a_life_with_a_rollback_keeps_every_version() -> None:
    cube = Cube([Version("住在上海", source="对话 1")])
    cube.move("activated")
    cube.move("merged", "住在杭州")
    cube.rollback(1)
    assert cube.now == Version("住在上海", "activated", "对话 1")
    assert [v.text for v in cube.history] == ["住在上海", "住在上海", "住在杭州", "住在上海"]


def test_forbidden_moves_leave_no_trace() -> None:
    cube = Cube([Version("x", "frozen")])
    for state, text in (("activated", "y"), ("expired", None)):
        with pytest.raises(ValueError, match="frozen"):
            cube.move(state, text)
    assert len(cube.history) == 1


def test_refusals_are_logged() -> None:
    cube = Cube([Version("x")], {("甲", "read", "客服")})
    assert cube.ask("甲", "read", "客服") and not cube.ask("甲", "read", "营销")
    assert [entry[-1] for entry in cube.log] == [True, False]
