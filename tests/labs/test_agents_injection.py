"""The planted instruction and the rules that contain it: the table of agent-challenges.md."""

from __future__ import annotations

import pytest

from labs.agents.injection import trial

WANTED = ("li.lei@example.com", "2025-06-03 15:00")


@pytest.mark.parametrize(
    ("rule", "leaks", "finishes", "asks"),
    [
        ("none", True, True, 0),
        ("read-only", False, False, 0),
        ("allow-list", False, True, 0),
        ("confirm", False, True, 2),
    ],
)
def test_table_of_the_page(rule: str, leaks: bool, finishes: bool, asks: int) -> None:
    trace, sent, gate = trial(True, rule)
    assert any(to != WANTED[0] for to, _ in sent) == leaks
    assert (WANTED in sent) == finishes
    assert len(gate.asked) == asks
    assert trace.answer == ("已把会议时间发给李雷。" if finishes else "邮件未获准发送。")


@pytest.mark.parametrize("rule", ["none", "allow-list", "confirm"])
def test_an_honest_model_is_not_hindered(rule: str) -> None:
    _, sent, gate = trial(False, rule)
    assert sent == [WANTED]
    assert len(gate.asked) == (rule == "confirm")
